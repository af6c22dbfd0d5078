"""One couple over their sessions: how often a change of tone was met, and what else went one way or stayed as it was.

In: SessionFigures with the day of each, in order of time. Out: Trends, with a range around everything, and SinceLast,
what the last session has that those before had not. A partner is known by the name that a person gave to the voice;
where a session has none, its moments count all the same, but nothing in it counts for either of the two.

Whether the two meet each other more is the question that is asked, so it is answered from SURE on. All else is looked
at beside it, about ten lines at once, and one of ten that only vary would soon go one way by chance: there SURE_BESIDE.
`benchmarks/trends.py` prints how often each is said where nothing changed, and where something did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.baseline import robust_spread
from analysis.figures import Measured, PartnerFigures, SessionFigures
from analysis.share_course import ShareCourse, share_course
from analysis.since_last import SinceLast, since_last
from analysis.value_course import Usual, ValueCourse, ValueRange, value_course

SURE = 0.9  # of ten such sentences one may be chance
SURE_BESIDE = 0.99  # so that few couples see any of these where nothing changed
PARTNERS = 2
LINE_POINTS = 24  # at which a line is read; even, since at the very middle the steps of the levels would show
HOUR = 3600.0  # seconds

USUAL_DELAY = Usual(departure=0.4, change=0.8)  # seconds to the reply
DELAY_SPREAD = 1.0  # seconds between the replies of one session, before any are known
DELAY_PRIOR = 6.0  # replies that DELAY_SPREAD counts for
EARLIEST, LATEST = -2.0, 8.0  # seconds; what lies beyond is no more early or late
MEDIAN_ERROR = 1.2533  # standard error of a median of normal values, times that of their mean

# The voice of one person on another day: most of a semitone (sleep, a cold, the time of day: Garrett & Healey 1987), a
# syllable in a dozen. Loudness differs as the microphone lies.
USUAL: Mapping[str, Usual] = {
    "talk": Usual(departure=0.08, change=0.12),
    "pitch": Usual(departure=0.8, change=1.2),
    "pace": Usual(departure=0.3, change=0.4),
    "loudness": Usual(departure=3.0, change=4.0),
}


@dataclass(frozen=True, slots=True)
class DatedSession:
    """A session on its day."""

    day: date
    figures: SessionFigures


@dataclass(frozen=True, slots=True)
class PartnerCourse:
    """A measure of one partner over time. sessions: which of all have it, counted from 0."""

    name: str
    sessions: tuple[int, ...]
    course: ValueCourse


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session that does not count for one partner or both.

    session: its place, counted from 0. called: the names that its voices have, none where nobody named them.
    missing: the partners that it does not count for.
    """

    session: int
    called: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """A couple over their sessions.

    days: of the sessions. along: days at which the lines are read. partners: names, who speaks in most sessions first.
    met, repaired: shares of the moments. delay: seconds from a change of tone to the reply.
    kinds: moments an hour in each session, by kind. measures: by name (see USUAL), of each partner who has it.
    left_out: sessions that do not count for one partner or both.
    """

    days: tuple[date, ...]
    along: tuple[date, ...]
    partners: tuple[str, ...]
    met: ShareCourse
    repaired: ShareCourse
    delay: PartnerCourse | None
    kinds: Mapping[str, tuple[ValueRange, ...]]
    measures: Mapping[str, tuple[PartnerCourse, ...]]
    left_out: tuple[LeftOut, ...]
    since_last: SinceLast | None


def trends(sessions: Sequence[DatedSession]) -> Trends:
    """What can be said of sessions in order of time. Raises ValueError without any, or where the order is another."""
    days = [session.day for session in sessions]
    if not days or days != sorted(days):
        raise ValueError("the trends of a couple need sessions in order of time")
    figures = [session.figures for session in sessions]
    places, along = _places(days), np.linspace(-0.5, 0.5, LINE_POINTS if days[-1] > days[0] else 1).tolist()
    names = partner_names(figures)
    own = {name: [_partner(one, name) for one in figures] for name in names}
    return Trends(
        days=tuple(days),
        along=tuple(_day(days, place) for place in along),
        partners=names,
        met=share_course([one.chances_met for one in figures], places, along, SURE),
        repaired=share_course([one.chances_repaired for one in figures], places, along, SURE_BESIDE),
        delay=_course("", session_delays(figures), places, along, USUAL_DELAY),
        kinds={kind: tuple(_an_hour(one, kind) for one in figures) for kind in _kinds(figures)},
        measures={measure: tuple(_courses(measure, own, places, along)) for measure in MEASURES},
        left_out=tuple(_left_out(figures, names)),
        since_last=since_last(figures, session_delays(figures), own) if len(figures) > 1 else None,
    )


def partner_names(sessions: Sequence[SessionFigures]) -> tuple[str, ...]:
    """What the two are called in most sessions, whatever the case of the letters; as it was written last."""
    named = [one.name for session in sessions for one in session.partners if one.is_named]
    written = {_key(name): " ".join(name.split()) for name in named}
    often = Counter(_key(name) for name in named)
    return tuple(written[key] for key, _ in often.most_common(PARTNERS))


def session_delays(sessions: Sequence[SessionFigures]) -> list[Measured | None]:
    """The median time to the reply in each session; its error by how much the replies of all sessions differ."""
    delays = [np.clip(one.delays, EARLIEST, LATEST) for one in sessions]
    apart = np.concatenate([one - np.median(one) for one in delays if len(one) > 1] or [np.zeros(0)])
    own = robust_spread(apart) if len(apart) else 0.0
    spread = float(np.sqrt((len(apart) * own**2 + DELAY_PRIOR * DELAY_SPREAD**2) / (len(apart) + DELAY_PRIOR)))
    return [
        Measured(float(np.median(one)), MEDIAN_ERROR * spread / float(np.sqrt(len(one)))) if len(one) else None
        for one in delays
    ]


def _talk(partner: PartnerFigures) -> Measured | None:
    """The share of the talk; its error as if every turn were drawn from one urn."""
    if partner.turns < 1:
        return None
    error = partner.share * (1 - partner.share) * float(np.sqrt(2 / partner.turns))  # the other has as many turns
    return Measured(partner.share, error)


MEASURES: Mapping[str, Callable[[PartnerFigures], Measured | None]] = {
    "talk": _talk,
    "pitch": lambda partner: partner.pitch,
    "pace": lambda partner: partner.pace,
    "loudness": lambda partner: partner.loudness,
}


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _partner(session: SessionFigures, name: str) -> PartnerFigures | None:
    """The one of this name; none where two voices have it, for it cannot be told which."""
    found = [one for one in session.partners if one.is_named and _key(one.name) == _key(name)]
    return found[0] if len(found) == 1 else None


def _left_out(sessions: Sequence[SessionFigures], names: Sequence[str]) -> list[LeftOut]:
    found = []
    for place, session in enumerate(sessions):
        missing = tuple(name for name in names if _partner(session, name) is None)
        if missing or not names:
            found.append(LeftOut(place, tuple(one.name for one in session.partners if one.is_named), missing))
    return found


def _courses(
    measure: str,
    partners: Mapping[str, Sequence[PartnerFigures | None]],
    places: Sequence[float],
    along: Sequence[float],
) -> Iterator[PartnerCourse]:
    """The course of a measure of each partner who has it."""
    for name, own in partners.items():
        values = [MEASURES[measure](one) if one else None for one in own]
        course = _course(name, values, places, along, USUAL[measure])
        if course is not None:
            yield course


def _course(
    name: str, values: Sequence[Measured | None], places: Sequence[float], along: Sequence[float], usual: Usual
) -> PartnerCourse | None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    course = value_course([one for _, one in known], [places[place] for place, _ in known], along, usual, SURE_BESIDE)
    return PartnerCourse(name, tuple(place for place, _ in known), course) if course else None


def _kinds(sessions: Sequence[SessionFigures]) -> list[str]:
    return sorted({moment.kind for session in sessions for moment in session.counted})


def _an_hour(session: SessionFigures, kind: str) -> ValueRange:
    """Moments of a kind an hour, each counted by its weight, with the range of a count (Garwood 1936)."""
    from scipy.special import gammaincinv  # takes a while to load

    count = sum(moment.weight for moment in session.counted if moment.kind == kind)
    low = float(gammaincinv(count, 0.05)) if count > 0 else 0.0
    hours = max(session.length, 1.0) / HOUR
    return ValueRange(low / hours, count / hours, float(gammaincinv(count + 1, 0.95)) / hours)


def _places(days: Sequence[date]) -> list[float]:
    """From -0.5 on the first day to 0.5 on the last; all in the middle where there is one day only."""
    span = (days[-1] - days[0]).days
    return [((day - days[0]).days / span - 0.5) if span else 0.0 for day in days]


def _day(days: Sequence[date], place: float) -> date:
    span = (days[-1] - days[0]).days
    return days[0] if not span else date.fromordinal(days[0].toordinal() + round((place + 0.5) * span))
