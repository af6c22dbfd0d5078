"""Replies written down with their acts, and how often they are read right.

A corpus is a file of lines {"before", "reply", "label": "attuned" | "missing", "acts": [...]}, as in
tests/data/replies/LANGUAGE; the name of one that was kept aside while cues were written begins so.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from misheard import Change, mishearing, unpunctuated

from analysis.cue_phrases import Cues
from analysis.reply_words import SpokenReply, read_reply
from analysis.word_weights import WordWeights

REPLIES = Path(__file__).resolve().parent.parent / "tests" / "data" / "replies"
KEPT_ASIDE = "kept_aside"
WRONG_WORDS = 0.15
# Other names that people use for an act.
SAME_ACT = {
    "apology": "repair", "apologise": "repair", "apologize": "repair", "apology/repair": "repair",
    "silence": "shared_silence",
}  # fmt: skip
CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.01)  # edges of what is reported together
LABELS = ("attuned", "missing")


@dataclass(frozen=True, slots=True)
class WrittenReply:
    """One reply, with what was said before it, whether it is attuned, and its acts in order."""

    before: str
    reply: str
    attuned: bool
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The replies of one writer."""

    name: str
    replies: tuple[WrittenReply, ...]

    @property
    def kept_aside(self) -> bool:
        """Whether it may only be reported on."""
        return self.name.startswith(KEPT_ASIDE)


@dataclass(frozen=True, slots=True)
class Score:
    """How replies were read: share on their right side, share left undecided, macro-F1 of the acts."""

    right: float
    undecided: float
    act_f1: float
    by_act: tuple[tuple[str, float], ...]


def corpora(language: str) -> list[Corpus]:
    """All corpora of a language."""
    return [read_corpus(path) for path in sorted((REPLIES / language).glob("*.jsonl"))]


def read_corpus(path: Path) -> Corpus:
    """Read one file; SystemExit with a sentence where a line is not as it should be."""
    replies: list[WrittenReply] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            replies.append(_written_reply(line, f"{path.name}, line {number}"))
    if not replies:
        raise SystemExit(f"{path.name} holds no replies.")
    return Corpus(path.stem, tuple(replies))


def _written_reply(line: str, where: str) -> WrittenReply:
    try:
        row = json.loads(line)
        if row["label"] not in LABELS:
            raise SystemExit(f'{where}: "label" is attuned or missing.')
        acts = tuple(SAME_ACT.get(act, act) for act in row.get("acts", ()))
        return WrittenReply(row["before"], row["reply"], row["label"] == "attuned", acts)
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f'{where}: not {{"before", "reply", "label", "acts"}} ({error}).') from error


def score(replies: Sequence[WrittenReply], cues: Cues, weights: WordWeights | None = None) -> dict[str, Score]:
    """Read the replies as written, unpunctuated and misheard. weights: those to use instead of the shipped table."""
    texts = [text for one in replies for text in (one.before, one.reply)]
    changes: dict[str, Change] = {
        "as written": str,
        "no case, no punctuation": unpunctuated,
        f"{WRONG_WORDS:.0%} of the words wrong": mishearing(texts, WRONG_WORDS, random.Random(7), cues.language),
    }
    scores: dict[str, Score] = {}
    for how, change in changes.items():
        read = [read_reply(change(one.reply), change(one.before), cues, weights=weights) for one in replies]
        scores[how] = _score(replies, read)
    return scores


def calibration(replies: Sequence[WrittenReply], cues: Cues) -> list[tuple[float, int, float]]:
    """Mean confidence, number of replies and share on their right side, by how confident the reading is."""
    read = [read_reply(one.reply, one.before, cues).evidence for one in replies]
    claimed = [1 / (1 + math.exp(-abs(evidence))) for evidence in read]
    right = [(evidence > 0) == one.attuned for evidence, one in zip(read, replies, strict=True)]
    rows: list[tuple[float, int, float]] = []
    for low, high in pairwise(CONFIDENCES):
        places = [place for place, chance in enumerate(claimed) if low <= chance < high]
        if places:
            rows.append((fmean(claimed[p] for p in places), len(places), fmean(right[p] for p in places)))
    return rows


def table_of(scores: dict[str, Score]) -> str:
    """The scores in a line: right side and act F1, as written, unpunctuated, misheard."""
    return "   ".join(f"{one.right:.3f} (acts {one.act_f1:.3f})" for one in scores.values())


def _score(replies: Sequence[WrittenReply], read: Sequence[SpokenReply]) -> Score:
    leanings = [(one.attuned, spoken.evidence) for one, spoken in zip(replies, read, strict=True)]
    right = sum((evidence > 0) == attuned for attuned, evidence in leanings if evidence)
    hit, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for one, spoken in zip(replies, read, strict=True):
        found = {act.name for act in spoken.acts}
        hit.update(found.intersection(one.acts))
        missed.update(set(one.acts) - found)
        wrong.update(found.difference(one.acts))
    by_act = {act: 2 * hit[act] / (2 * hit[act] + missed[act] + wrong[act]) for act in sorted({*hit, *missed})}
    return Score(
        right=right / len(replies),
        undecided=sum(not evidence for _, evidence in leanings) / len(replies),
        act_f1=sum(by_act.values()) / len(by_act) if by_act else 0.0,
        by_act=tuple(by_act.items()),
    )
