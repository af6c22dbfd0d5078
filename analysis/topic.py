"""What a reply takes up of what was said: two texts in, the words they share and the words that are new.

Words are compared by their stems (Snowball; Porter, 1980), leaving out the small words of the language
and the fillers: "I cried at work" and "was it work again?" share "work".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer

from analysis.cue_phrases import REMEMBERED, Cues, find_sign
from analysis.spoken_words import spoken_words

SHORTEST_TOPIC = 3  # letters; shorter words are names of letters, slips and numbers


@dataclass(frozen=True, slots=True)
class Link:
    """How a reply hangs on what was said before it.

    taken_up: words of the reply that were said before; new: topic words that were not;
    pointing: the phrase that points back without repeating a word ("that must be"), if any;
    question: whether the reply asks.
    """

    taken_up: tuple[str, ...]
    new: tuple[str, ...]
    pointing: str | None
    question: bool

    @property
    def holds(self) -> bool:
        """Whether the reply stays with what was said; one that brings nothing new does so too."""
        return bool(self.taken_up or self.pointing or not self.new)


def link(reply: str, said_before: str, cues: Cues) -> Link:
    """Compare a reply with what was said before it."""
    before = topics(said_before, cues)
    here = topics(reply, cues)
    return Link(
        taken_up=tuple(word for root, word in here.items() if root in before),
        new=tuple(word for root, word in here.items() if root not in before),
        pointing=find_sign(reply, "pointing_back", cues),
        question=reply.rstrip().endswith("?") or find_sign(reply, "question", cues) is not None,
    )


@lru_cache(maxsize=REMEMBERED)
def topics(text: str, cues: Cues) -> Mapping[str, str]:
    """Stem to word of everything in `text` that carries a topic, in the order it was said."""
    words = [word.text for word in spoken_words(text, cues.spelling)]
    return {
        stem(word, cues.stemmer): word for word in words if len(word) >= SHORTEST_TOPIC and word not in cues.small_words
    }


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a plain word; `language` is its name at Snowball."""
    return str(_stemmer(language).stemWord(word))


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)
