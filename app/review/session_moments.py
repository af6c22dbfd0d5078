"""The moments of a session that a person may step through: all candidates, with those added and without those removed.

In: a session as it was read, and its edits. Out: SessionMoments in order of time. Which of them are shown is for the
sensitivity to say, in the browser: moving it must not wait for anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.moments import DEFAULT_SENSITIVITY, Moment
from app.added_moments import read_added
from app.edits import Edit
from app.remarks import added_moments, removed_moments, same_moment
from app.review.read_session import ReadSession

MOST_SENSITIVE = 0.9  # beyond, what is shown is a shift with a probability of less than one in ten


@dataclass(frozen=True, slots=True)
class SessionMoment:
    """A moment, and whether a person added it: then it is shown whatever the sensitivity."""

    moment: Moment
    is_added: bool = False


def session_moments(session: ReadSession, edits: Sequence[Edit]) -> tuple[SessionMoment, ...]:
    """All moments down to MOST_SENSITIVE and those that were added; a coach has none."""
    speakers = session.analysed.speakers
    added = [place for place in added_moments(edits) if place.speaker in speakers]
    hidden = (*removed_moments(edits), *added)
    heard = [
        SessionMoment(moment)
        for moment in session.reading.moments(MOST_SENSITIVE)
        if not any(same_moment(place, moment) for place in hidden)
    ]
    by_hand = [SessionMoment(one, is_added=True) for one in read_added(added, session.analysed, session.reading)]
    return tuple(sorted([*heard, *by_hand], key=lambda one: (one.moment.start, one.moment.end)))


def shown_moments(
    session: ReadSession, edits: Sequence[Edit], sensitivity: float = DEFAULT_SENSITIVITY
) -> tuple[SessionMoment, ...]:
    """Those that a sensitivity of at most MOST_SENSITIVE shows, and all that were added."""
    moments = session_moments(session, edits)
    return tuple(one for one in moments if one.is_added or one.moment.strength >= 1 - sensitivity)
