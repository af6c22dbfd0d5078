"""Words as they are spoken: in go a text or recognised words, out come plain words with where they stood.

Case, punctuation, contractions, fillers and stammered repeats are levelled, so that one phrase is found
however a person or a recogniser wrote it. Every spoken word keeps the index of the word it came from,
so that what is found can be shown as it was said. What is levelled is the language's own (its cue file).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LONGEST_REPEAT = 3  # words: "I was I was" is a stammer; a longer repeat is emphasis that nothing is lost by
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_SENTENCE_END = re.compile(r"[.?!;:…][\"'”“»«)\]]*$")
_CLAUSE_END = re.compile(r"[,.?!;:…–—-][\"'”“»«)\]]*$")


class SpokenWord(NamedTuple):
    """One plain word; `source` is the index of the written word it came from."""

    text: str
    source: int
    starts_clause: bool
    ends_clause: bool
    ends_sentence: bool


@dataclass(frozen=True, slots=True, eq=False)  # one object a language: compared and cached by identity
class Spelling:
    """How a language's speech is levelled.

    written_out: a word to the words it stands for ("can't": ("can", "not")).
    endings: the end of a contraction to its word ("'re": "are"), for words that are not in `written_out`.
    fillers: words that are dropped; filler_phrases: two words dropped unless one of `asking` stands before.
    """

    written_out: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, str]
    fillers: frozenset[str]
    filler_phrases: frozenset[tuple[str, str]]
    asking: frozenset[str]


def written_words(text_or_words: str | Sequence[str]) -> tuple[str, ...]:
    """The words as written, one for each index that a SpokenWord may carry."""
    return tuple(text_or_words.split() if isinstance(text_or_words, str) else text_or_words)


def spoken_words(text_or_words: str | Sequence[str], spelling: Spelling) -> tuple[SpokenWord, ...]:
    """Plain words, without fillers and repeats, in the order they were said."""
    return _spoken(written_words(text_or_words), spelling)


@lru_cache(maxsize=4096)  # a sentence is looked at for several signs in a row
def _spoken(written: tuple[str, ...], spelling: Spelling) -> tuple[SpokenWord, ...]:
    plain = _plain(written, spelling)
    return tuple(_without_repeats(_without_fillers(plain, spelling)))


def plain_words(text_or_words: str | Sequence[str], spelling: Spelling) -> tuple[SpokenWord, ...]:
    """Plain words with their fillers and repeats left in."""
    return _plain(written_words(text_or_words), spelling)


@lru_cache(maxsize=4096)
def _plain(written: tuple[str, ...], spelling: Spelling) -> tuple[SpokenWord, ...]:
    plain: list[SpokenWord] = []
    starts = True
    for index, word in enumerate(written):
        texts = _levelled(word, spelling)
        ends_clause = bool(_CLAUSE_END.search(word))
        ends_sentence = bool(_SENTENCE_END.search(word))
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            plain.append(SpokenWord(text, index, starts and place == 0, last and ends_clause, last and ends_sentence))
        starts = ends_clause or (starts and not texts)
    return tuple(plain)


@lru_cache(maxsize=20_000)
def _levelled(written: str, spelling: Spelling) -> tuple[str, ...]:
    pieces = _PIECE.findall(written.lower().replace("’", "'").replace("‘", "'"))
    return tuple(text for piece in pieces for text in _written_out(piece, spelling))


def _written_out(piece: str, spelling: Spelling) -> tuple[str, ...]:
    whole = spelling.written_out.get(piece)
    if whole is not None:
        return whole
    for ending, word in spelling.endings.items():
        if piece.endswith(ending) and len(piece) > len(ending):
            return (piece.removesuffix(ending), word)
    return (piece.rstrip("'"),)


def _without_fillers(words: Sequence[SpokenWord], spelling: Spelling) -> list[SpokenWord]:
    kept: list[SpokenWord] = []
    place = 0
    while place < len(words):
        length = _filler_length(words, place, spelling)
        if length == 0:
            kept.append(words[place])
        else:
            _keep_ends(kept, words[place : place + length])
        place += max(1, length)
    return _with_clause_starts(kept)


def _filler_length(words: Sequence[SpokenWord], place: int, spelling: Spelling) -> int:
    if words[place].text in spelling.fillers:
        return 1
    pair = words[place : place + 2]
    is_phrase = len(pair) == 2 and (pair[0].text, pair[1].text) in spelling.filler_phrases
    asked = place > 0 and words[place - 1].text in spelling.asking
    return 2 if is_phrase and not asked and not pair[0].ends_clause else 0


def _keep_ends(kept: list[SpokenWord], dropped: Sequence[SpokenWord]) -> None:
    """The word before a dropped filler takes over the filler's comma or full stop."""
    if not kept:
        return
    before = kept[-1]
    kept[-1] = before._replace(
        ends_clause=before.ends_clause or any(word.ends_clause for word in dropped),
        ends_sentence=before.ends_sentence or any(word.ends_sentence for word in dropped),
    )


def _with_clause_starts(words: Sequence[SpokenWord]) -> list[SpokenWord]:
    """A clause starts at the first word and after each word that ends one, whatever was dropped between."""
    starts = [True, *(word.ends_clause for word in words[:-1])]
    return [
        word if word.starts_clause == is_start else word._replace(starts_clause=is_start)
        for word, is_start in zip(words, starts, strict=False)
    ]


def _without_repeats(words: Sequence[SpokenWord]) -> list[SpokenWord]:
    kept: list[SpokenWord] = []
    for word in words:
        kept.append(word)
        for length in range(1, min(LONGEST_REPEAT, len(kept) // 2) + 1):
            if all(kept[-place].text == kept[-place - length].text for place in range(1, length + 1)):
                del kept[-length:]
                kept[-1] = kept[-1]._replace(ends_clause=word.ends_clause, ends_sentence=word.ends_sentence)
                break
    return kept
