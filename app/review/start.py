"""The first page of the review app: what this can know and what not, recordings to add, and those in the library.

In: the library. A recording that is added is copied into the library before the page says so; its analysis goes on in a
process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.analysing.analysis_job import start
from app.analysing.glance import Glance, glance
from app.library import Library
from app.library.records import Consent, LibraryError, Session
from app.report import clock
from app.review.learning_part import learn_from_marks, show_learning
from app.review.notices import say, show_notices
from app.review.recordings import show_recordings
from app.review.terms_list import show_terms
from app.review.uploads import Incoming, belongs_to, is_transcript, take_in
from app.texts import load_texts, said_date
from audio.errors import RecordingError

STYLE = Path(__file__).with_name("start.css")
SAMPLE = Path(__file__).parents[2] / "sample_data" / "evening.ogg"  # in a clone; not part of an installation
MOST_SPEAKERS = 4
RECORDING_RATE = 24_000  # Hz: all that a voice has for the ear, at half the size of 48 kHz
ROUND = "uploads_taken"  # in the state of the tab: how often files were taken in, each time into an empty drop zone


@dataclass(frozen=True, slots=True)
class _Upload:
    """A recording that the browser sent, with the transcript of the same name if it came along."""

    file: UploadedFile
    transcript: UploadedFile | None
    found: Glance


def show_start(library: Library) -> None:
    """Draw the page."""
    texts = load_texts()
    st.html(STYLE)
    st.title(texts["page"]["title"], anchor=False)
    knows, knows_not = escape(texts["start"]["knows"]), escape(texts["start"]["knows_not"])
    st.html(f'<p class="start-intro">{knows} {knows_not}</p>')
    show_notices()
    _show_adding(library)
    learn_from_marks(library)
    show_recordings(library)
    show_learning(library)


def _show_adding(library: Library) -> None:
    texts = load_texts()["start"]
    st.subheader(texts["add"], anchor=False)
    names = texts["tabs"] if SAMPLE.exists() else texts["tabs"][:2]
    choosing, recording, *sample = st.tabs(names)
    options = st.expander(texts["options"])
    settings = _asked_settings(options)
    with options:
        show_terms(library)
    with choosing:
        _show_choosing(library, settings)
    with recording:
        _show_recording(library, settings)
    for tab in sample:
        with tab:
            _show_sample(library)


def _asked_settings(place: Any) -> dict[str, Any]:
    """How to listen, as the person says."""
    texts = load_texts()
    languages = texts["languages"]
    with place:
        language = st.selectbox(texts["start"]["language"], list(languages), format_func=languages.__getitem__)
        numbers = range(2, MOST_SPEAKERS + 1)
        speakers = st.radio(texts["start"]["speakers"], numbers, horizontal=True)
    return {"speakers": speakers, "language": language or None}


def _show_choosing(library: Library, settings: dict[str, Any]) -> None:
    texts = load_texts()["start"]
    taken = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(texts["files"], accept_multiple_files=True, key=f"files-{taken}")
    if not files:
        return
    uploads, lines = _understood(files)
    st.html(f'<ul class="understood">{"".join(lines)}</ul>')
    if not uploads:
        st.html(f'<p class="start-intro">{escape(texts["nothing_left"])}</p>')
        return
    asked = texts["analyse_one"] if len(uploads) == 1 else texts["analyse"].format(n=len(uploads))
    if st.button(asked, type="primary"):
        with st.spinner(texts["taking_in"]):
            for upload in uploads:
                words = _with_name(upload.transcript)
                _add(library, Incoming(upload.file.name, upload.file, words, settings=settings))
        st.session_state[ROUND] += 1
        st.rerun()


def _understood(files: Sequence[UploadedFile]) -> tuple[list[_Upload], list[str]]:
    """The recordings among the files that can be analysed, and a line of HTML about each file."""
    texts = load_texts()["start"]
    transcripts = [file for file in files if is_transcript(file.name)]
    recordings = [file for file in files if file not in transcripts]
    uploads, lines = [], []
    for file in recordings:
        try:
            found = glance(file, file.name)
        except RecordingError as error:
            lines.append(_refused(error))
            continue
        words = next((one for one in transcripts if belongs_to(one.name, file.name)), None)
        uploads.append(_Upload(file, words, found))
        lines.append(_line(file.name, _said(found)))
    for one in transcripts:
        of = next((file.name for file in recordings if belongs_to(one.name, file.name)), None)
        said = texts["transcript_used"].format(name=of) if of else texts["transcript_alone"]
        lines.append(_line(one.name, said))
    return uploads, lines


def _line(name: str, said: str) -> str:
    return f'<li><strong>{escape(name)}</strong> <span class="what">{escape(said)}</span></li>'


def _refused(error: RecordingError) -> str:
    """The sentence alone: it has the name in it."""
    return f"<li>{escape(str(error))}</li>"


def _said(found: Glance) -> str:
    texts = load_texts()["start"]
    length = texts["length_unknown"] if found.length is None else clock(found.length)
    channels = texts["one_channel"] if found.channels == 1 else texts["channels"].format(n=found.channels)
    return str(texts["understood"].format(length=length, channels=channels))


def _show_recording(library: Library, settings: dict[str, Any]) -> None:
    """Record on the spot, once both said yes."""
    texts = load_texts()["start"]
    taken = st.session_state.setdefault(ROUND, 0)
    agreed = st.checkbox(texts["consent"], key=f"consent-{taken}")
    file = st.audio_input(texts["record"], sample_rate=RECORDING_RATE, disabled=not agreed, key=f"recording-{taken}")
    if file is None or not agreed:
        return
    try:
        st.html(f'<ul class="understood">{_line("", _said(glance(file, texts["record"])))}</ul>')
    except RecordingError as error:
        st.html(f'<ul class="understood">{_refused(error)}</ul>')
        return
    if st.button(texts["analyse_one"], type="primary", key="analyse-recording"):
        now = datetime.now().astimezone()
        title = texts["recorded_title"].format(date=said_date(now.date()), time=f"{now:%H:%M}")
        consent = Consent(texts["consent_by"], now.astimezone(UTC))
        _add(library, Incoming(texts["recorded_file"], file, title=title, settings=settings, consent=consent))
        st.session_state[ROUND] += 1
        st.rerun()


def _show_sample(library: Library) -> None:
    texts = load_texts()["start"]
    st.html(f'<div class="recording"><p>{escape(texts["sample_about"])}</p></div>')
    if st.button(texts["sample"]):
        words = SAMPLE.with_suffix(".vtt")
        with SAMPLE.open("rb") as sound, words.open("rb") as said:
            _add(library, Incoming(SAMPLE.name, sound, (words.name, said), texts["sample_title"]))
        st.rerun()


def _with_name(file: UploadedFile | None) -> tuple[str, BinaryIO] | None:
    return None if file is None else (file.name, file)


def _add(library: Library, incoming: Incoming) -> None:
    """Put a recording into the library and have it analysed; what cannot be is said."""
    try:
        session = take_in(library, incoming)
        if _is_new(session):
            start(library, session.id)
        else:
            say(load_texts()["start"]["already"].format(name=incoming.name, title=session.title))
    except LibraryError as error:
        say(str(error))


def _is_new(session: Session) -> bool:
    """Whether a session is still to be analysed, also where it was put in before and came to nothing."""
    return session.state in ("waiting", "failed", "cancelled")
