"""The moments of a session that a person may step through: all candidates, with those added and without those removed.

In: a session as it was read, and its edits. Out: SessionMoments in order of time. Which of them are shown is for the
sensitivity to say, in the browser: moving it must not wait for anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.learnt_confidence import LearntConfidence
from analysis.moments import DEFAULT_SENSITIVITY, Moment
from app.session.added_moments import read_added
from app.session.edits import Edit, MomentPlace
from app.session.read_session import ReadSession
from app.session.remarks import Remarks, added_moments, marks, remarks_on, removed_moments, same_moment

MOST_SENSITIVE = 0.9  # beyond, what is shown is a shift with a probability of less than one in ten


@dataclass(frozen=True, slots=True)
class SessionMoment:
    """A moment, and whether a person added it: then it is shown whatever the sensitivity.

    is_taught: whether its strength is what marks on other moments taught, rather than what was measured.
    """

    moment: Moment
    is_added: bool = False
    is_taught: bool = False


def session_moments(session: ReadSession, edits: Sequence[Edit]) -> tuple[SessionMoment, ...]:
    """All moments down to MOST_SENSITIVE and those that were added; a coach has none."""
    speakers = session.analysed.speakers
    added = [place for place in added_moments(edits) if place.speaker in speakers]
    hidden = (*removed_moments(edits), *added)
    heard = [one for one in _heard(session, edits) if not any(same_moment(place, one.moment) for place in hidden)]
    by_hand = [SessionMoment(one, is_added=True) for one in read_added(added, session.analysed, session.reading)]
    return tuple(sorted([*heard, *by_hand], key=lambda one: (one.moment.start, one.moment.end)))


def _heard(session: ReadSession, edits: Sequence[Edit]) -> list[SessionMoment]:
    """The moments that were heard; where marks taught something, those without a mark with the strength learnt."""
    if session.learnt is None:
        return [SessionMoment(moment) for moment in session.reading.moments(MOST_SENSITIVE)]
    written = marks(edits)
    every = [_as_learnt(moment, session.learnt, written) for moment in session.reading.candidates]
    return [one for one in every if one.moment.strength >= 1 - MOST_SENSITIVE]


def _as_learnt(moment: Moment, learnt: LearntConfidence, written: Mapping[MomentPlace, Remarks]) -> SessionMoment:
    """What a person marked stays where they saw it: what they said of it stands beside it."""
    if remarks_on(moment, written).mark is not None:
        return SessionMoment(moment)
    return SessionMoment(replace(moment, strength=learnt.strength(moment)), is_taught=True)


def shown_moments(
    session: ReadSession, edits: Sequence[Edit], sensitivity: float = DEFAULT_SENSITIVITY
) -> tuple[SessionMoment, ...]:
    """Those that a sensitivity of at most MOST_SENSITIVE shows, and all that a person added or agreed to."""
    written = marks(edits)
    return tuple(
        one
        for one in session_moments(session, edits)
        if one.is_added or one.moment.strength >= 1 - sensitivity or remarks_on(one.moment, written).mark == "agree"
    )
