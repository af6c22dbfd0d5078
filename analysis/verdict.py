"""Met, missed or unclear: what words, tone and timing say together, and how sure that is.

In: nats of each of the three for the shift having been met (above 0) or passed by (below 0), None where it could
not be heard. Out: a verdict with the probability that it is right. The three are added as if they were independent
(Bayes 1763); `benchmarks/verdicts.py` prints how often a verdict of each confidence is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["met", "missed", "unclear"]

UNDECIDED = 0.62  # probability below which neither met nor missed is said
# Without words, voice and timing are worth this much of what they say beside them: a soft voice may be tenderness
# or tiredness, and only both together are more than unclear.
WORDLESS = 0.45
# Kind words in a sharp voice are not kind: this much of them is left.
IN_A_SHARP_VOICE = 0.2
# How loudly one of the three speaks, in nats: from each of these on.
LOUDNESS: Mapping[str, float] = {"clearly": 1.5, "plainly": 0.7, "slightly": 0.15}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each of the three says for the shift having been met, in nats; None where it could not be heard."""

    words: float | None
    tone: float | None
    timing: float | None

    @property
    def met(self) -> float:
        """Probability that the shift was met, 0 to 1."""
        beside = (self.tone or 0.0) + (self.timing or 0.0)
        nats = beside * WORDLESS if self.words is None else self.words + beside
        return 1 / (1 + math.exp(-nats))

    @property
    def verdict(self) -> Verdict:
        """Met, missed or unclear."""
        if self.confidence < UNDECIDED:
            return "unclear"
        return "met" if self.met > 0.5 else "missed"

    @property
    def confidence(self) -> float:
        """Probability of the verdict; of the likelier one where it is unclear."""
        return max(self.met, 1 - self.met)


def how_loudly(nats: float | None) -> str | None:
    """Clearly, plainly, slightly; None where it says nothing."""
    return next((name for name, least in LOUDNESS.items() if abs(nats or 0.0) >= least), None)
