"""What the library hands out: sessions, couples, and what a deletion removed. Times are UTC, lengths seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from audio.errors import UndertoneError

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class LibraryError(UndertoneError):
    """A library, or a session in it, that cannot be opened, read or written."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who said yes to the recording, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Learning:
    """Whether the confidence in moments is learnt from marks, and after when they were set; None: from all of them."""

    is_on: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MarkedSession:
    """A session in which somebody marked moments. state: another text after each edit and each analysis."""

    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Couple:
    """Whose sessions belong together, under the name that the coach gave them."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """One recording in the library, as the first page lists it.

    length: seconds, None until the recording was analysed. content_hash: SHA-256 of the recording, hexadecimal.
    settings: how to listen, as plain JSON values. error: one sentence, where the state is "failed".
    counts: figures for the list, such as how many moments were missed; whoever analyses says which.
    """

    id: str
    title: str
    original_name: str
    added_at: datetime
    content_hash: str
    state: State = "waiting"
    recorded_on: date | None = None
    length: float | None = None
    couple: Couple | None = None
    consent: Consent | None = None
    error: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """When it was recorded, else when it was added, where this machine is."""
        return self.recorded_on or self.added_at.astimezone().date()


@dataclass(frozen=True, slots=True)
class PreparedAnalysis:
    """An analysis made outside the library, in a folder on its disk that is laid out as a session's own.

    computed: the name of the folder in it that holds what was computed. content_hash: of the recording it was made of.
    length: seconds.
    """

    folder: Path
    computed: str
    content_hash: str
    length: float
    settings: Mapping[str, Any]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RemovedFile:
    """A file that is gone: its path inside the session's folder, and its size in bytes."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Removed:
    """All that went with a deleted session. couple: the name of the couple that had no other session."""

    title: str
    files: tuple[RemovedFile, ...]
    edits: int
    couple: str | None = None

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)
