"""Divide an utterance into phrases: the stretches whose tone is measured one by one.

In: where the speaker is heard within one utterance (spans, s) and the words. Out: spans and words a phrase.
A phrase ends with a sentence (a word that ends in . ? ! or …) or with a pause; pieces too short to be
measured are joined to a neighbour. A tone that turns in the middle of a long utterance is found that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from audio.conversation import Span, Word

PAUSE = 0.25  # seconds; the usual bound of an inter-pausal unit
SHORTEST = 0.8  # seconds of speech; less is joined to a neighbour
SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
CLOSERS = "\"'”’»)]"

Piece = tuple[tuple[Span, ...], tuple[Word, ...]]


def split_phrases(spans: Sequence[Span], words: Sequence[Word]) -> list[Piece]:
    """Spans and words of each phrase, in order; together they are all of `spans` and all of `words`."""
    cuts = sorted(set(_pauses(spans)) | set(_sentence_ends(words)))
    pieces = [_between(spans, words, start, end) for start, end in _windows(cuts)]
    return _joined([piece for piece in pieces if piece[0] or piece[1]])


def ends_sentence(word: Word) -> bool:
    """Whether a sentence ends with this word, by its punctuation."""
    return word.text.rstrip(CLOSERS).endswith(SENTENCE_ENDS)


def runs_ended_by(words: Iterable[Word], is_last: Callable[[Word], bool]) -> Iterator[list[Word]]:
    """The words in runs, each up to and with one that `is_last` says ends it; the rest is the last run."""
    run: list[Word] = []
    for word in words:
        run.append(word)
        if is_last(word):
            yield run
            run = []
    if run:
        yield run


def _pauses(spans: Sequence[Span]) -> list[float]:
    return [(earlier.end + later.start) / 2 for earlier, later in pairwise(spans) if later.start - earlier.end >= PAUSE]


def _sentence_ends(words: Sequence[Word]) -> list[float]:
    return [(word.end + following.start) / 2 for word, following in pairwise(words) if ends_sentence(word)]


def _windows(cuts: Sequence[float]) -> list[tuple[float, float]]:
    edges = [float("-inf"), *cuts, float("inf")]
    return list(pairwise(edges))


def _between(spans: Sequence[Span], words: Sequence[Word], start: float, end: float) -> Piece:
    inside = [Span(max(span.start, start), min(span.end, end)) for span in spans]
    said = [word for word in words if start <= (word.start + word.end) / 2 < end]
    return tuple(span for span in inside if span.duration > 0), tuple(said)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Join each piece that is too short to the one behind it, or before it where there is none."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and _seconds(joined[-1]) < SHORTEST:
            joined[-1] = _sum(joined[-1], piece)
        else:
            joined.append(piece)
    if len(joined) > 1 and _seconds(joined[-1]) < SHORTEST:
        joined[-2:] = [_sum(joined[-2], joined[-1])]
    return joined


def _seconds(piece: Piece) -> float:
    return sum(span.duration for span in piece[0])


def _sum(first: Piece, second: Piece) -> Piece:
    return first[0] + second[0], first[1] + second[1]
