"""What a reply is weighed by: its words and how it hangs on what was said before it.

In: a reply and what was said before. Out: Terms, each with the written words that it stands on. A term is a stem,
two or three in a row ("< you must" begins a reply, "do >" ends it), a frame of small words in which "*" is any other
word ("you * to the *"), or, in braces, something that is true of the whole: {asks}, {takes up}, {phrase check_in}.
`analysis/cues/LANGUAGE.weights.tsv` says what each speaks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.cue_phrases import PLAIN, Cues, PhraseMatch, Sign, find_sign, is_backchannel
from analysis.spoken_words import SpokenWord, spoken_words
from analysis.topic import link, stem

LONGEST_ROW = 3  # stems in a row
FRAME_LENGTHS = (3, 4, 5)  # words
FRAME_WORDS = 2  # small words that a frame has at least
BEGIN, END, ANY = "<", ">", "*"
_EDGES = frozenset({BEGIN, END})
NUMBER = "#"
SHORT, LONG = 4, 16  # words; a reply of at most, of at least so many
NEARLY_ALL = 0.35  # share of the words that may lie outside the phrases
SIGNS_BEFORE: tuple[Sign, ...] = ("complaint", "distress", "understatement")
SIGNS_HERE: tuple[Sign, ...] = ("feeling", "about_partner", "about_self")


class Term(NamedTuple):
    """Something that a reply is weighed by; `first` and `last` are indices of written words, -1 for the whole."""

    name: str
    first: int
    last: int


def reply_terms(reply: str, said_before: str, phrases: Sequence[PhraseMatch], cues: Cues) -> tuple[Term, ...]:
    """The terms of a reply, each name once, at its first place. phrases: those that `find_phrases` found in it."""
    words = spoken_words(reply, cues.spelling)
    terms = {term.name: term for term in reversed([*_rows(words, cues), *_frames(words, cues), *_of_phrases(phrases)])}
    true = (*_true_of(reply, said_before, words, cues), *_filled_by(phrases, words, cues))
    whole = [Term(f"{{{name}}}", -1, -1) for name in true]
    return (*terms.values(), *whole)


def _rows(words: Sequence[SpokenWord], cues: Cues) -> Iterator[Term]:
    """Stems, and stems in a row; the edges of the reply count as words in rows, but not alone."""
    stems = [BEGIN, *(_level(word.text, cues) for word in words), END]
    for length in range(1, LONGEST_ROW + 1):
        for row, first, last in _stretches(stems, words, length):
            if not _EDGES.issuperset(row):
                yield Term(" ".join(row), first, last)


def _frames(words: Sequence[SpokenWord], cues: Cues) -> Iterator[Term]:
    """Small words around others: how a thing is said, whatever it is about."""
    frame = [BEGIN, *(word.text if word.text in cues.small_words else ANY for word in words), END]
    for length in FRAME_LENGTHS:
        for row, first, last in _stretches(frame, words, length):
            if 0 < row.count(ANY) <= length - FRAME_WORDS:
                yield Term(" ".join(row), first, last)


def _stretches(
    row: Sequence[str], words: Sequence[SpokenWord], length: int
) -> Iterator[tuple[Sequence[str], int, int]]:
    """Every `length` neighbours of `row` (the words and both edges), with their first and last written word."""
    places = [word.source for word in words]
    places = [*places[:1], *places, *places[-1:]]
    for first in range(len(row) - length + 1 if words else 0):
        yield row[first : first + length], places[first], places[first + length - 1]


def _level(word: str, cues: Cues) -> str:
    return NUMBER if word[0].isdigit() else stem(word, cues.stemmer)


def _of_phrases(phrases: Sequence[PhraseMatch]) -> Iterator[Term]:
    for match in phrases:
        sureness = "phrase" if match.weight >= PLAIN else "hint"
        yield Term(f"{{{sureness} {match.act}}}", match.first, match.last)


def _filled_by(phrases: Sequence[PhraseMatch], words: Sequence[SpokenWord], cues: Cues) -> Iterator[str]:
    """Whether clear phrases of one side are all, or nearly all, that the reply says."""
    clear = [match for match in phrases if match.weight >= PLAIN]
    if len({match.attuned for match in clear}) != 1:
        return
    said = {place for match in clear for place in range(match.first, match.last + 1)}
    unwritten = cues.colour.skipped | cues.colour.openers
    others = [word for word in words if word.source not in said and word.text not in unwritten]
    side = "attuned" if clear[0].attuned else "missing"
    if not others:
        yield f"all {side}"
    elif len(others) <= NEARLY_ALL * len(words):
        yield f"nearly all {side}"


def _true_of(reply: str, said_before: str, words: Sequence[SpokenWord], cues: Cues) -> Iterator[str]:
    """What is true of the whole reply, by name."""
    linked = link(reply, said_before, cues)
    if linked.taken_up:
        yield "takes up"
    if not linked.new:
        yield "nothing new"
    if linked.pointing:
        yield "points back"
    if linked.question:
        yield "asks"
    if len(words) <= SHORT:
        yield "short"
    if len(words) >= LONG:
        yield "long"
    if is_backchannel(reply, cues):
        yield "backchannel"
    yield from (f"before: {sign}" for sign in SIGNS_BEFORE if find_sign(said_before, sign, cues))
    yield from (f"has: {sign}" for sign in SIGNS_HERE if find_sign(reply, sign, cues))
