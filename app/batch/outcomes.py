"""What became of each recording of a batch, and all else that is told while it runs.

Each is plain data, so that it can be shown to a person or written as a line of JSON. Lengths and times are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from app.analysing.provenance import Figures

Outcome = Literal["analysed", "there", "same", "busy", "written_in", "failed", "not_done"]
# In the order in which a report lists them; the words stand in tables and in the CSV file.
SAID: Mapping[Outcome, str] = {
    "failed": "failed",
    "not_done": "not done",
    "written_in": "left as it is",
    "busy": "left to the app",
    "analysed": "analysed",
    "there": "there already",
    "same": "the same again",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a recording. shown: how the person knows it. why: a sentence, where it was not analysed.

    session: its id in the library. figures: of its analysis, where they are known.
    """

    shown: str
    outcome: Outcome
    why: str = ""
    session: str | None = None
    figures: Figures | None = None


def reason(row: Row) -> str:
    """Why it came to that, in one sentence that says which recording it is about."""
    return row.why if row.shown in row.why else f"{row.shown}: {row.why}"


@dataclass(frozen=True, slots=True)
class Begun:
    """The batch begins. dashboard: where Dask shows its work; log: what it says of it."""

    recordings: int
    dashboard: str | None
    log: str


@dataclass(frozen=True, slots=True)
class Looked:
    """So many recordings were looked at, of all."""

    recordings: int
    of: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done: how many recordings, and their length together as far as it is known."""

    recordings: int
    length: float


@dataclass(frozen=True, slots=True)
class Underway:
    """How far a recording is: a stage of app.analysing.session_analysis.STAGES, and a share of it."""

    shown: str
    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the whole is: recordings done, of all that are to be done; the length of both.

    left: seconds that it will still take, None while nobody can say. workers: how many there are.
    """

    done: int
    recordings: int
    length_done: float
    length: float
    left: float | None
    workers: int


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence for the person."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Over:
    """The batch is over. stopped: a sentence why before its time. report: the CSV file."""

    outcomes: Mapping[str, int]
    report: str
    stopped: str | None = None


Told = Row | Begun | Looked | Planned | Underway | Standing | Warned | Over


def as_json(told: Told) -> dict[str, Any]:
    """The same as plain JSON values; "event" says what it is."""
    return {"event": type(told).__name__.lower(), **asdict(told)}
