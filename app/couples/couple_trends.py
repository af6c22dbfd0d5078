"""A couple's sessions in the library, and their trends.

In: the library, and a couple or what a person calls it. Out: CoupleTrends. Sessions that are not analysed are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.figures import SessionFigures
from analysis.trends import DatedSession, Trends, trends
from app.library import Library
from app.library.records import Couple, LibraryError, Session

FEWEST = 2  # sessions of which there is anything to compare
NAMED_AT_MOST = 12  # couples that a sentence names


@dataclass(frozen=True, slots=True)
class CoupleTrends:
    """The trends of a couple, and the sessions that they are read from, in order of time.

    figures: of each of the sessions. waiting: how many sessions are not analysed yet, or not at all.
    problems: a sentence for each session that cannot be read.
    """

    couple: Couple
    sessions: tuple[Session, ...]
    figures: tuple[SessionFigures, ...]
    waiting: int
    problems: tuple[str, ...]
    trends: Trends | None

    @property
    def undated(self) -> int:
        """Sessions of which it is not known when they were recorded."""
        return sum(session.recorded_on is None for session in self.sessions)


def find_couple(library: Library, asked: str) -> Couple:
    """The couple that a person asks for: by its name or a part of it, or by its number.

    Raises LibraryError where there is none or more than one; the sentence names those that there are.
    """
    couples = library.couples()
    wanted = asked.strip().casefold()
    found = [one for one in couples if one.name.casefold() == wanted] or [
        one for one in couples if wanted and wanted in one.name.casefold()
    ]
    if not found:
        found = [one for one in couples if str(one.id) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise LibraryError(f'"{asked}" may be any of {_named(found)}: ask by the number.')
    if not couples:
        raise LibraryError("There are no couples in the library yet: say whose a session is, on its own page.")
    raise LibraryError(f'No couple is called "{asked}". There are: {_named(couples)}.')


def couple_trends(
    library: Library, couple: Couple, *, since: date | None = None, tell: Callable[[float], object] = lambda share: None
) -> CoupleTrends:
    """The trends of a couple over their sessions from the day `since` on. Raises LibraryError.

    tell: is told how far it is, 0 to 1. That matters where sessions have to be read first: each takes most of a second.
    """
    from app.session.session_figures import session_figures  # brings all that reads a session

    sessions = [one for one in library.sessions_of(couple) if since is None or one.day >= since]
    read, problems = [], []
    for place, session in enumerate(sessions):
        tell(place / len(sessions))
        try:
            figures = session_figures(library, session.id) if session.state == "done" else None
        except LibraryError as error:
            problems.append(str(error))
            continue
        if figures is not None:
            read.append((session, figures))
    return CoupleTrends(
        couple=couple,
        sessions=tuple(session for session, _ in read),
        figures=tuple(figures for _, figures in read),
        waiting=len(sessions) - len(read) - len(problems),
        problems=tuple(problems),
        trends=trends([DatedSession(session.day, figures) for session, figures in read]) if read else None,
    )


def _named(couples: Sequence[Couple]) -> str:
    """Couples with their numbers, for whoever has two of one name."""
    named = ", ".join(f"{one.name} ({one.id})" for one in couples[:NAMED_AT_MOST])
    more = len(couples) - NAMED_AT_MOST
    return f"{named} and {more} more" if more > 0 else named
