"""What a reply can do, and what its acts come to.

An act is attuned (it meets the partner), missing (it passes the partner by) or neither (None). Which there are, and
by which phrases, stands in `analysis/cues/LANGUAGE.toml`; docs/replies.md explains them to a coach. Weights and the
stance run from 0 to 1 and from -1 to 1; they say how clear the words are, not how good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TAKES_BACK = frozenset({"minimise", "defend", "counter_attack", "self_focus"})
TAKEN_BACK = 0.5  # what is left of an attuned start that one of these follows at once
MOVES_ON = frozenset({"change_subject", "invite_elsewhere", "logistics", "keep_talking"})
MOVED_ON = 0.4  # what is left of moving on to another topic once the partner was met

ReadFrom = Literal["phrase", "words", "topic", "timing"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a reply does: `phrase` is the evidence, as it was said; empty where it was not words.

    weight: 0 to 1, how clearly it is done. attuned: None where it neither meets nor passes by.
    read_from: what told it: a phrase of the cue file, the weights of words, the topic, or the timing.
    """

    name: str
    phrase: str
    weight: float
    attuned: bool | None
    read_from: ReadFrom = "phrase"


def stance(acts: Sequence[Act]) -> float:
    """How attuned (towards 1) or missing (towards -1) the acts are; 0 when they say nothing.

    (A - M) / max(1, A + M), with A and M the summed weights of the attuned and of the missing acts.
    So a warm start and then advice come out even; one followed at once by what takes it back (defence,
    blame, "my day was worse") counts half. Moving on to another topic once the partner was met is
    MOVED_ON of what it would be as a first answer.
    """
    attuned = missing = 0.0
    for place, act in enumerate(acts):
        if act.attuned is False:
            missing += act.weight * (MOVED_ON if attuned and act.name in MOVES_ON else 1.0)
        elif act.attuned:
            taken_back = place + 1 < len(acts) and acts[place + 1].name in TAKES_BACK
            attuned += act.weight * (TAKEN_BACK if taken_back else 1.0)
    return (attuned - missing) / max(1.0, attuned + missing)
