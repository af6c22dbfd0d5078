"""Recordings that come in through the browser, and how they get into the library.

In: a file as the browser sent it, in memory. Out: a session. Nothing is written outside the library.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.library import FILES_LOCK, Library
from app.library.lock import shared
from app.library.records import Consent, Session
from app.library.session_files import new_part
from audio.given_transcript import SUFFIXES


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
