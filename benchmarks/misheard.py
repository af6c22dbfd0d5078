"""Text as speech recognition hands it over: lower case, no punctuation, fillers, and some words wrong.

A third of the wrong words are dropped; the others are other words of the talk: one that begins alike where there is
one (as a recogniser mishears), else a common one.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

FILLERS: Mapping[str, Sequence[str]] = {
    "en": ("um", "uh", "like", "you know"),
    "de": ("äh", "ähm", "also", "halt"),
}
FILLER_SHARE = 0.06
DROPPED = 1 / 3  # of the wrong words
ALIKE = 0.5  # of the replaced words, those that a word beginning alike is heard for
BEGINNING = 2  # letters
COMMON = 60  # words

Change = Callable[[str], str]


def unpunctuated(text: str) -> str:
    """Lower case, no punctuation."""
    return re.sub(r"[^\w' ]", "", text.lower())


def mishearing(texts: Iterable[str], share: float, chance: random.Random, language: str = "en") -> Change:
    """A way of mishearing with `share` of the words wrong; `texts` give the words that others are heard for."""
    counts = Counter(word for text in texts for word in unpunctuated(text).split())
    common = [word for word, _ in counts.most_common(COMMON)]
    alike: dict[str, list[str]] = defaultdict(list)
    for word in sorted(counts):
        alike[word[:BEGINNING]].append(word)
    fillers = FILLERS.get(language, ())

    def instead_of(word: str) -> str:
        near = [other for other in alike[word[:BEGINNING]] if abs(len(other) - len(word)) <= 1 and other != word]
        return chance.choice(near if near and chance.random() < ALIKE else common)

    def misheard(text: str) -> str:
        heard: list[str] = []
        for word in unpunctuated(text).split():
            if fillers and chance.random() < FILLER_SHARE:
                heard.append(chance.choice(fillers))
            if chance.random() >= share:
                heard.append(word)
            elif chance.random() >= DROPPED:
                heard.append(instead_of(word))
        return " ".join(heard)

    return misheard
