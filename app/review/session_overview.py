"""A session at a glance: how each partner took part, its moments with what people wrote, and what came of them.

In: a session as it was read, and its edits. Out: a SessionOverview, which the summary page and the printed pages show.
Figures of moments leave out those that somebody dismissed: they are there, but not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analysis.moments import DEFAULT_SENSITIVITY, Moment
from analysis.taking_part import Proportion, TakingPart, proportion, taking_part
from analysis.verdict import Verdict
from app.review.player_data import moment_card, partner_colours
from app.session.edits import Edit
from app.session.read_session import ReadSession
from app.session.remarks import Remarks, Voices, marks, remarks_on, session_note, voices
from app.session.session_moments import SessionMoment, shown_moments
from app.session.shown_names import shortened, told_apart


@dataclass(frozen=True, slots=True)
class Partner:
    """One who is looked at: colours by theme ("light", "dark"), figures, and names of which no two are alike.

    name: in full. short: as it stands in sentences and charts.
    """

    name: str
    short: str
    colour: Mapping[str, str]
    figures: TakingPart


@dataclass(frozen=True, slots=True)
class SeenMoment:
    """A moment as it is told: its number in the session, whose it is, what people wrote, and its card.

    card: see app.review.player_data.moment_card.
    """

    number: int
    name: str
    moment: Moment
    remarks: Remarks
    card: Mapping[str, Any]

    @property
    def is_dismissed(self) -> bool:
        """Whether somebody said that it is none."""
        return self.remarks.mark == "dismiss"


@dataclass(frozen=True, slots=True)
class SessionOverview:
    """A session at a glance. length: seconds. note: on the whole session. notes: what the analysis could not do.

    usual: how many moments the usual sensitivity would show.
    """

    title: str
    recorded_on: date | None
    length: float
    partners: tuple[Partner, ...]
    moments: tuple[SeenMoment, ...]
    note: str
    notes: tuple[str, ...]
    usual: int

    @property
    def names(self) -> Mapping[str, str]:
        """What the partners are called in sentences, by label."""
        return {partner.figures.speaker: partner.short for partner in self.partners}

    @property
    def counted(self) -> tuple[SeenMoment, ...]:
        """The moments without those that were dismissed."""
        return tuple(one for one in self.moments if not one.is_dismissed)

    @property
    def dismissed(self) -> int:
        """How many moments are not counted."""
        return len(self.moments) - len(self.counted)

    @property
    def met(self) -> Proportion:
        """Moments that were met, of those of which it can be told."""
        met, missed = len(self.of_verdict("met")), len(self.of_verdict("missed"))
        return proportion(met, met + missed)

    @property
    def repaired(self) -> Proportion:
        """Moments that somebody came back to, of those that were passed by."""
        missed = self.of_verdict("missed")
        return proportion(sum(one.moment.repair is not None for one in missed), len(missed))

    def of_verdict(self, verdict: Verdict) -> tuple[SeenMoment, ...]:
        """The counted moments of one verdict, in order of time."""
        return tuple(one for one in self.counted if one.moment.verdict == verdict)


def session_overview(
    title: str,
    recorded_on: date | None,
    session: ReadSession,
    edits: Sequence[Edit],
    *,
    sensitivity: float = DEFAULT_SENSITIVITY,
) -> SessionOverview:
    """The overview of a session after these edits, with the moments that the sensitivity shows (0 to 1)."""
    called, written = voices(edits, session.conversation), marks(edits)
    short = told_apart({label: shortened(name) for label, name in called.names.items()})
    in_sentences = replace(called, names=short)
    shown = shown_moments(session, edits, sensitivity)
    return SessionOverview(
        title=title,
        recorded_on=recorded_on,
        length=session.conversation.duration,
        partners=_partners(session, told_apart(called.names), short),
        moments=tuple(
            _seen(number, one, in_sentences, remarks_on(one.moment, written))
            for number, one in enumerate(shown, start=1)
        ),
        note=session_note(edits),
        notes=(*session.conversation.notes, *session.reading.notes),
        usual=len(shown_moments(session, edits)),
    )


def _partners(session: ReadSession, names: Mapping[str, str], short: Mapping[str, str]) -> tuple[Partner, ...]:
    figures = taking_part(session.analysed)
    colours = partner_colours(len(figures))
    return tuple(
        Partner(names[one.speaker], short[one.speaker], colour, one)
        for one, colour in zip(figures, colours, strict=True)
    )


def _seen(number: int, one: SessionMoment, called: Voices, remarks: Remarks) -> SeenMoment:
    card = moment_card(one, called, remarks)
    return SeenMoment(number, called.names[one.moment.speaker], one.moment, remarks, card)
