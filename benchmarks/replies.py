"""How often the words of a reply fall on their right side: attuned or missing.

    python benchmarks/replies.py [--language en] [--wrong-words 0.15]

Reads tests/analysis/replies_tuned.toml (the phrases were written with these in view) and replies_kept_aside.toml
(they were not), as written, without case and punctuation, and with wrong, dropped and filler words as speech
recognition gives them. Undecided replies count as wrong.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from analysis.acts import read_acts, stance
from analysis.cue_phrases import load_cues

REPLIES = Path(__file__).resolve().parent.parent / "tests" / "analysis"
FILLERS = ("um", "uh", "like", "you know")
FILLER_SHARE = 0.06
MISHEARD = ("the", "and", "it", "was", "that", "so", "on", "they", "we", "have", "this", "there", "he", "she", "what")

Change = Callable[[str], str]


def unpunctuated(text: str) -> str:
    """Lower case, no punctuation."""
    return re.sub(r"[^\w' ]", "", text.lower())


def misheard(text: str, share: float, chance: random.Random) -> str:
    """A third of `share` of the words dropped, two thirds replaced, fillers put in between."""
    heard: list[str] = []
    for word in unpunctuated(text).split():
        if chance.random() < FILLER_SHARE:
            heard.append(chance.choice(FILLERS))
        fate = chance.random()
        if fate >= share:
            heard.append(word)
        elif fate >= share / 3:
            heard.append(chance.choice(MISHEARD))
    return " ".join(heard)


def right_side(name: str, language: str, change: Change) -> tuple[float, float, int]:
    """Share of replies on their right side, share on the wrong side, and how many replies there are."""
    cues = load_cues(language)
    if cues is None:
        raise SystemExit(f"There are no cue phrases for {language}.")
    content = tomllib.loads((REPLIES / name).read_text(encoding="utf-8"))
    rows = [(act in cues.attuned_acts, before, reply) for act, pairs in content.items() for before, reply in pairs]
    leanings = [(met, stance(read_acts(change(reply), change(before), cues))) for met, before, reply in rows]
    right = sum((leaning > 0) == met for met, leaning in leanings if leaning)
    wrong = sum((leaning > 0) != met for met, leaning in leanings if leaning)
    return right / len(rows), wrong / len(rows), len(rows)


def main() -> None:
    """Parse the arguments, read, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--wrong-words", type=float, default=0.15)
    args = parser.parse_args()
    print(f"{'replies':20s} {'as heard':26s} right   wrong   undecided")
    for name in ("replies_tuned.toml", "replies_kept_aside.toml"):
        chance = random.Random(7)
        changes: dict[str, Change] = {
            "as written": str,
            "no case, no punctuation": unpunctuated,
            f"{args.wrong_words:.0%} of the words wrong": lambda text, c=chance: misheard(text, args.wrong_words, c),
        }
        for how, change in changes.items():
            right, wrong, count = right_side(name, args.language, change)
            label = f"{name.removeprefix('replies_').removesuffix('.toml')} ({count})"
            print(f"{label:20s} {how:26s} {right:.3f}   {wrong:.3f}   {1 - right - wrong:.3f}")


if __name__ == "__main__":
    main()
