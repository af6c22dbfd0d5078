"""A session as trends read it: a small record of its partners and its moments, from which nothing is heard any more.

In: what whoever reads a session puts in. Out: SessionFigures. Times are seconds, pitch is semitones re 100 Hz, levels
are decibels re full scale, probabilities 0 to 1. What could not be measured is None.

What people marked counts more than what the machine heard: a moment that was agreed to is certain, one that was
dismissed is none. All others are worth as much as the machine is sure of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.verdict import Verdict

Mark = Literal["agree", "dismiss", "unsure"]
UNTOLD = 0.5  # the chance of what nothing is known of
CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The middle of a measure over a session, and its standard error, both in the unit of the measure."""

    middle: float
    error: float


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """One partner in a session.

    name: what the voice is called. is_named: whether a person called it so. share: of the talk, 0 to 1.
    pitch: semitones re 100 Hz. pace: syllables heard, per second. loudness: dB re full scale, which no two recorders
    agree on. The three are the speaker's own normal of the session, None where there was too little speech for one.
    """

    name: str
    is_named: bool
    share: float
    turns: int
    pitch: Measured | None = None
    pace: Measured | None = None
    loudness: Measured | None = None


@dataclass(frozen=True, slots=True)
class MomentFigures:
    """One moment in a session.

    whose: what the voice is called whose tone turned. met: probability that the reply met it, if it was one, as far as
    the machine can tell. strength: probability that it was one. delay: seconds from it to the reply, negative where
    that began before its end, None where nothing was said. repaired: whether somebody came back to it.
    mark: what a person thinks of it.
    """

    kind: str
    whose: str
    verdict: Verdict
    met: float
    strength: float
    delay: float | None
    repaired: bool
    mark: Mark | None = None

    @property
    def weight(self) -> float:
        """How much of a moment it is: its strength; all of one if somebody agreed to it, none if it was dismissed."""
        if self.mark == "dismiss":
            return 0.0
        return CERTAIN if self.mark == "agree" else self.strength

    @property
    def chance_met(self) -> float:
        """Probability that it was met, before anything is known of how often the two meet; UNTOLD says nothing.

        What may be no moment at all says less: the probability is drawn towards UNTOLD by as much.
        """
        return UNTOLD + self.weight * (self._met - UNTOLD)

    @property
    def chance_repaired(self) -> float:
        """Probability that, passed by, it was come back to; UNTOLD where it was not passed by, or may not have been."""
        return UNTOLD + self.weight * (1 - self._met) * (CERTAIN - UNTOLD) * (1 if self.repaired else -1)

    @property
    def _met(self) -> float:
        """The machine's probability; certain, one way or the other, where somebody agreed to its verdict."""
        if self.mark != "agree":
            return self.met
        return {"met": CERTAIN, "missed": 0.0, "unclear": UNTOLD}[self.verdict]


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """One session. length: seconds. partners: without the coach. moments: all that are shown, also the dismissed."""

    length: float
    partners: tuple[PartnerFigures, ...]
    moments: tuple[MomentFigures, ...]

    @property
    def counted(self) -> tuple[MomentFigures, ...]:
        """The moments without those that were dismissed."""
        return tuple(moment for moment in self.moments if moment.mark != "dismiss")

    @property
    def chances_met(self) -> tuple[float, ...]:
        """Of each counted moment."""
        return tuple(moment.chance_met for moment in self.counted)

    @property
    def chances_repaired(self) -> tuple[float, ...]:
        """Of each counted moment that seems to have been passed by."""
        return tuple(moment.chance_repaired for moment in self.counted if moment.verdict == "missed")

    @property
    def delays(self) -> tuple[float, ...]:
        """Seconds to the reply, of each counted moment that was answered in words."""
        return tuple(moment.delay for moment in self.counted if moment.delay is not None)

    def of_verdict(self, verdict: Verdict) -> int:
        """How many counted moments have a verdict."""
        return sum(moment.verdict == verdict for moment in self.counted)
