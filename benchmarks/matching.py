"""Which of the moments that were found are which of the true ones: the rule of the scorer beside the bench.

In: moments of one recording, true and found, in seconds, with the speakers of both called alike. Out: a Match, moment
by moment, and F1 scores of many. A found moment matches a true one when the two overlap or lie within SLACK of each
other and the speaker agrees; true ones choose in their order, each the one that starts nearest of those still free.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.conversation import Span

SLACK = 1.5  # seconds


@dataclass(frozen=True, slots=True)
class Marked(Span):
    """A moment as it stands in a file; verdict is missed, met or unclear."""

    speaker: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Match:
    """The moments of one recording; `partner` holds, for each true one, the index of the found one, None if missed."""

    truth: tuple[Marked, ...]
    found: tuple[Marked, ...]
    partner: tuple[int | None, ...]

    @property
    def extra(self) -> tuple[Marked, ...]:
        """What was found and is no true moment: the false alarms."""
        return tuple(moment for index, moment in enumerate(self.found) if index not in self.partner)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of what was found rightly, found wrongly, and overlooked."""

    right: int
    wrong: int
    overlooked: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; 0 where there is nothing."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.overlooked, 1)


def read_moments(path: Path, names: Mapping[str, str] | None = None) -> tuple[Marked, ...]:
    """The moments in a truth's or an analysis' JSON, with speakers renamed by `names`."""
    names = names or {}
    return tuple(
        Marked(moment["start"], moment["end"], names.get(moment["speaker"], moment["speaker"]), moment["verdict"])
        for moment in json.loads(path.read_text(encoding="utf-8"))["moments"]
    )


def match_moments(truth: Sequence[Marked], found: Sequence[Marked]) -> Match:
    """Pair off the moments of one recording."""
    free = dict(enumerate(found))
    partner: list[int | None] = []
    for moment in truth:
        near = [index for index, other in free.items() if _agree(moment, other)]
        chosen = min(near, key=lambda index: abs(free[index].start - moment.start), default=None)
        partner.append(chosen)
        if chosen is not None:
            del free[chosen]
    return Match(tuple(truth), tuple(found), tuple(partner))


def shift_score(matches: Sequence[Match]) -> Score:
    """How well tone shifts are found, whatever became of them."""
    right = sum(index is not None for match in matches for index in match.partner)
    true, found = sum(len(match.truth) for match in matches), sum(len(match.found) for match in matches)
    return Score(right, found - right, true - right)


def missed_score(matches: Sequence[Match]) -> Score:
    """How well those are found that the reply missed: shift and verdict must be right."""
    pairs = [
        (moment.verdict, match.found[index].verdict)
        for match in matches
        for moment, index in zip(match.truth, match.partner, strict=True)
        if index is not None
    ]
    right = pairs.count(("missed", "missed"))
    true = sum(moment.verdict == "missed" for match in matches for moment in match.truth)
    found = sum(moment.verdict == "missed" for match in matches for moment in match.found)
    return Score(right, found - right, true - right)


def kept(before: Sequence[Match], after: Sequence[Match]) -> float:
    """Share of the true moments found before that are found after as well, 0 to 1; the same recordings in both."""
    still = [
        later is not None
        for first, second in zip(before, after, strict=True)
        for earlier, later in zip(first.partner, second.partner, strict=True)
        if earlier is not None
    ]
    return sum(still) / max(len(still), 1)


def new_false_alarms(before: Sequence[Match], after: Sequence[Match]) -> int:
    """How many false alarms after meet none that was there before; the same recordings in both."""
    return sum(
        not any(alarm.overlap(known) > 0 for known in first.extra)
        for first, second in zip(before, after, strict=True)
        for alarm in second.extra
    )


def _agree(true: Marked, found: Marked) -> bool:
    near = found.start < true.end + SLACK and found.end > true.start - SLACK
    return near and found.speaker == true.speaker
