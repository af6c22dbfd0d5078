"""What is known of a moment that may tell whether it is one, as numbers that a model can weigh.

In: a Moment. Out: a number for each of EVIDENCE: from the shipped strength, from what was heard and from what the reply
did. Nothing of who spoke, or of what else they said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from analysis.moments import ANSWERED_A_TONE, DEFAULT_SENSITIVITY, Moment

# What is looked at. The first two are the shipped strength itself: whether it is too high or too low at the line from
# which moments are shown, and whether it leans too far. The others say what was heard, scaled so that 1 is a good deal.
EVIDENCE = (
    "always", "certainty", "heavy", "tearful", "sharp", "quiet", "long", "less_said", "answered", "resisted", "went_on",
    "higher", "lower", "tense", "slower", "breathy",
)  # fmt: skip
# What a reply does that was touched by a tone without taking it up, and what is done in any talk.
RESISTING_ACTS = frozenset({"defend", "counter_attack", "self_focus"})
ACTS_OF_GOING_ON = frozenset({"logistics", "change_subject", "backchannel_only"})
USUAL_SECONDS = 2.5  # of a shift in the voice
SPREADS = 2.0  # that are a good deal
SUREST = 4.0  # nats above the line; beyond, one strength is as good as another


def moment_evidence(moment: Moment) -> tuple[float, ...]:
    """What is known of a moment, for each of EVIDENCE."""
    moved = moment.shift.deviations
    distance = {one.measure: one.distance / SPREADS for one in moved if math.isfinite(one.distance)}
    above = log_odds(moment.strength) - _LINE
    known = {
        "always": 1.0,
        "certainty": min(max(above, -SUREST), SUREST) / SUREST,
        moment.kind: 1.0,
        "long": math.log(max(moment.shift.duration, 0.5) / USUAL_SECONDS) if moment.kind != "quiet" else 0.0,
        "answered": (log_odds(moment.strength) - log_odds(moment.shift.strength)) / ANSWERED_A_TONE,
        "resisted": _weight(moment, RESISTING_ACTS),
        "went_on": _weight(moment, ACTS_OF_GOING_ON),
        "less_said": float(moment.shift.said_less is not None),
        "higher": _most(distance, pitch_median=1),
        "lower": _most(distance, pitch_median=-1),
        "tense": _most(distance, tilt=1, slope_low=1),
        "slower": _most(distance, syllable_rate=-1, spoken_rate=-1),
        "breathy": _most(distance, harmonicity=-1, devoiced_share=1),
    }
    return tuple(known.get(name, 0.0) for name in EVIDENCE)


def _weight(moment: Moment, acts: frozenset[str]) -> float:
    """The weight of the clearest of these acts in the reply, 0 to 1."""
    return max([0.0, *(act.weight for act in (moment.reply.acts if moment.reply else ()) if act.name in acts)])


def _most(distance: Mapping[str, float], **signs: int) -> float:
    """The farthest that one of some measures moved in its direction; 0 where none did."""
    return max(0.0, *(sign * distance.get(measure, 0.0) for measure, sign in signs.items()))


def log_odds(strength: float) -> float:
    """Natural logarithm of the odds of a probability, which is kept off 0 and 1."""
    bounded = min(max(strength, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


_LINE = log_odds(1 - DEFAULT_SENSITIVITY)
