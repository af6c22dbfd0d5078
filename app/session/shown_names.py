"""Names of voices as they stand on paper and in charts: told apart, no longer than a line has room for.

In: what people called the voices, by label. Out: names of which no two are alike. Those written from right to left are
marked as such, so that the sentence around them keeps its order (Unicode's isolates, UAX 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import bidirectional, category

ROOM = 20  # characters; a sentence with two such names takes no more than a line more
ELLIPSIS = "…"
WORDS_END = " -"
FROM_THE_RIGHT = frozenset({"R", "AL"})  # classes of letters, as Unicode names them
BELONGS_TO_THE_ONE_BEFORE = frozenset({"Mn", "Me", "Cf", "Sk"})  # accents, joiners, shades of an emoji
ISOLATED = "\u2068{name}\u2069"


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The names by label; those that are alike are numbered: "Alex (1)" and "Alex (2)"."""
    spaced = {label: " ".join(name.split()) for label, name in names.items()}
    alike: dict[str, list[str]] = {}
    for label, name in spaced.items():
        alike.setdefault(name.casefold(), []).append(label)
    numbers = {label: place for labels in alike.values() if len(labels) > 1 for place, label in enumerate(labels, 1)}
    return {
        label: _isolated(name) + (f" ({numbers[label]})" if label in numbers else "") for label, name in spaced.items()
    }


def shortened(name: str) -> str:
    """A name of at most ROOM characters, cut at a word where there is one to cut at."""
    if len(name) <= ROOM:
        return name
    kept = name[: ROOM - len(ELLIPSIS)]
    at_a_word = max((kept.rpartition(mark)[0] for mark in WORDS_END), key=len)
    kept = at_a_word if len(at_a_word) >= ROOM / 2 else kept
    while kept and category(kept[-1]) in BELONGS_TO_THE_ONE_BEFORE:
        kept = kept[:-1]
    return f"{kept.rstrip()}{ELLIPSIS}"


def _isolated(name: str) -> str:
    is_from_the_right = any(bidirectional(letter) in FROM_THE_RIGHT for letter in name)
    return ISOLATED.format(name=name) if is_from_the_right else name
