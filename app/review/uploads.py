"""Recordings that come in through the browser: what can be said of one at once, and how it gets into the library.

In: a file as the browser sent it, in memory. Out: a Glance at it, made of its header alone; then a session. Nothing is
written outside the library. Times are seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error

from app.library import FILES_LOCK, Library
from app.library.lock import shared
from app.library.records import Consent, Session
from app.library.session_files import new_part
from audio.decoder import CONTAINERS, shown_name
from audio.errors import RecordingError
from audio.given_transcript import SUFFIXES
from audio.recording import SHORTEST


@dataclass(frozen=True, slots=True)
class Glance:
    """What the header of a recording says. length: seconds, None where it does not say."""

    length: float | None
    channels: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A recording on its way into the library. name: of the file; transcript: name and content of one that goes along.

    title: the name of the file if not given. settings: as in Session.
    """

    name: str
    file: BinaryIO
    transcript: tuple[str, BinaryIO] | None = None
    title: str | None = None
    settings: Mapping[str, Any] | None = None
    consent: Consent | None = None


def glance(file: BinaryIO, name: str) -> Glance:
    """What the header says of a file. Raises RecordingError with the sentence why it cannot be analysed.

    What only decoding finds, such as silence or damage, is said by the analysis.
    """
    shown = shown_name(Path(name))
    file.seek(0)
    try:
        with av.open(file, "r", options={"format_whitelist": CONTAINERS}) as container:
            if not container.streams.audio:
                raise RecordingError(f"{shown} has no sound in it: choose a file with sound.")
            length = None if container.duration is None else container.duration / av.time_base
            channels = container.streams.audio[0].channels
    except (av.error.FFmpegError, ValueError):
        raise RecordingError(f"{shown} is no sound or video file that can be read: choose another file.") from None
    finally:
        file.seek(0)
    if length is not None and length < SHORTEST:
        raise RecordingError(f"{shown} lasts {length:.0f} s; {SHORTEST:.0f} s are the least that can be analysed.")
    return Glance(length, channels)


def is_transcript(name: str) -> bool:
    """Whether a file holds words that belong to a recording, by its name."""
    return Path(name).suffix.lower() in SUFFIXES


def belongs_to(transcript: str, recording: str) -> bool:
    """Whether a transcript is that of a recording, by their names, as players look for subtitles."""
    return Path(transcript).stem == Path(recording).stem


def take_in(library: Library, incoming: Incoming) -> Session:
    """Put a recording into the library, and its transcript beside it. Raises LibraryError.

    One that is in the library already is returned as it is.
    """
    with shared(library.folder / FILES_LOCK), new_part(library.folder / "sessions") as part:
        whole = part / f"upload{Path(incoming.name).suffix.lower()}"
        _copy(incoming.file, whole)
        known = library.find_by_content(whole)
        if known is not None:
            return known
        session = library.add(
            whole,
            incoming.title,
            original_name=incoming.name,
            settings=incoming.settings,
            consent=incoming.consent,
        )
    if incoming.transcript is not None:
        name, words = incoming.transcript
        _copy(words, library.files(session.id).source.with_suffix(Path(name).suffix.lower()))
    return session


def _copy(file: BinaryIO, target: Path) -> None:
    file.seek(0)
    with target.open("wb") as copy:
        shutil.copyfileobj(file, copy)
