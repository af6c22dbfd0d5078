"""What the last session of a couple has that those before had not.

In: the figures of all sessions in order of time, two or more. Out: SinceLast: whether more or less was met than the
time before, and which times, shares and voices lie outside what the earlier sessions make usual. One session is little:
most often nothing can be told, and then that is what is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.figures import Measured, PartnerFigures, SessionFigures
from analysis.share_course import Direction, direction, rises_between
from analysis.value_course import is_unusual

SURE_OF_TWO = 0.98  # probability from which two sessions are said to differ
UNUSUAL = 0.02  # share of ordinary sessions of which a sentence says that something is unusual
VOICE = ("pitch", "pace")  # loudness is the recorder's as much as the voice's


@dataclass(frozen=True, slots=True)
class MetCount:
    """Moments of one session that were met, passed by, and of which it cannot be told."""

    met: int
    missed: int
    unclear: int


@dataclass(frozen=True, slots=True)
class Departure:
    """A figure outside its usual range. name: of the partner, "" for both. usual: the mean of the sessions before."""

    measure: str
    name: str
    value: float
    usual: float


@dataclass(frozen=True, slots=True)
class SinceLast:
    """The last session beside those before.

    before, now: the moments of the last two. direction: of the share that was met, from one to the other.
    talk, voices: what departs from the usual; None where there were too few sessions to know what is usual.
    """

    before: MetCount
    now: MetCount
    direction: Direction
    talk: tuple[Departure, ...] | None
    voices: tuple[Departure, ...] | None


def since_last(
    sessions: Sequence[SessionFigures],
    delays: Sequence[Measured | None],
    partners: Mapping[str, Sequence[PartnerFigures | None]],
) -> SinceLast:
    """The last of the sessions beside the others.

    delays: the usual time to the reply in each session, in seconds. partners: the figures of each, by name, in each.
    """
    before, now = sessions[-2], sessions[-1]
    rises = rises_between(before.chances_met, now.chances_met)
    first = next(iter(partners), None)  # of two shares one says all
    talk = {("delay", ""): [one.middle if one else None for one in delays]}
    if first is not None:
        talk["talk", first] = [one.share if one else None for one in partners[first]]
    voices = {
        (measure, name): [_middle(one, measure) for one in own] for name, own in partners.items() for measure in VOICE
    }
    return SinceLast(_count(before), _count(now), direction(rises, SURE_OF_TWO), _departures(talk), _departures(voices))


def _count(session: SessionFigures) -> MetCount:
    return MetCount(session.of_verdict("met"), session.of_verdict("missed"), session.of_verdict("unclear"))


def _middle(partner: PartnerFigures | None, measure: str) -> float | None:
    measured: Measured | None = getattr(partner, measure) if partner else None
    return measured.middle if measured else None


def _departures(figures: Mapping[tuple[str, str], Sequence[float | None]]) -> tuple[Departure, ...] | None:
    """The figures whose last value is unusual; None where of none it can be told."""
    found, told = [], 0
    for (measure, name), values in figures.items():
        *before, now = values
        known = [value for value in before if value is not None]
        unusual = is_unusual(now, known, UNUSUAL / len(figures)) if now is not None else None
        told += unusual is not None
        if now is not None and unusual:
            found.append(Departure(measure, name, now, sum(known) / len(known)))
    return tuple(found) if told else None
