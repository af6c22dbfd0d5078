"""Phrases: sentences where they are known, else what lies between pauses; nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audio.conversation import Span, Word
from audio.phrasing import split_phrases


def words(text: str, start: float, end: float) -> list[Word]:
    parts = text.split()
    step = (end - start) / len(parts)
    return [Word(start + i * step, start + (i + 1) * step, part) for i, part in enumerate(parts)]


def texts(pieces) -> list[str]:
    return [" ".join(word.text for word in said) for _, said in pieces]


def test_each_sentence_is_a_phrase() -> None:
    said = words("The bus was late again. I'm just tired of it.", 0, 5)
    pieces = split_phrases([Span(0, 5)], said)
    assert texts(pieces) == ["The bus was late again.", "I'm just tired of it."]
    assert pieces[0][0][-1].end == pieces[1][0][0].start


def test_without_words_a_pause_divides() -> None:
    spans = [Span(0, 2), Span(2.4, 4), Span(4.1, 6)]
    assert [piece[0] for piece in split_phrases(spans, [])] == [(spans[0],), (spans[1], spans[2])]


def test_a_piece_too_short_to_measure_joins_the_next() -> None:
    said = words("Yeah.", 0, 0.4) + words("I put it on the shelf over there.", 0.4, 3)
    assert len(split_phrases([Span(0, 3)], said)) == 1


def test_a_short_last_piece_joins_the_one_before() -> None:
    said = words("I put it on the shelf over there.", 0, 3) + words("Okay?", 3, 3.4)
    assert len(split_phrases([Span(0, 3.4)], said)) == 1


def test_a_comma_is_no_end() -> None:
    assert len(split_phrases([Span(0, 4)], words("well, I was there, you know, early", 0, 4))) == 1


@given(
    st.lists(st.tuples(st.floats(0.05, 2.0), st.floats(0.01, 0.6)), min_size=1, max_size=8),
    st.lists(st.sampled_from(["yes.", "no", "maybe?", "well,", "so…"]), max_size=12),
)
def test_no_speech_and_no_word_is_lost(lengths, said) -> None:
    spans, clock = [], 0.0
    for length, gap in lengths:
        spans.append(Span(clock, clock + length))
        clock += length + gap
    spoken = words(" ".join(said), 0.0, clock) if said else []
    pieces = split_phrases(spans, spoken)
    assert [word for _, piece in pieces for word in piece] == spoken
    total = sum(span.duration for piece, _ in pieces for span in piece)
    assert abs(total - sum(span.duration for span in spans)) < 1e-6
