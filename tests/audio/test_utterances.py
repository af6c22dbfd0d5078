from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from audio.conversation import Caption, Span, Transcript, Turn, Word
from audio.utterances import Speech, utterances


def caption(start: float, end: float, text: str, voice: str | None = None) -> Caption:
    """A caption with its time spread evenly over its words."""
    texts = text.split()
    step = (end - start) / len(texts)
    words = tuple(Word(start + i * step, start + (i + 1) * step, t) for i, t in enumerate(texts))
    return Caption(start, end, words, voice)


def spoken(captions: list[Caption], turns: list[Turn]) -> list[tuple[str, float, float, str]]:
    found = utterances(Transcript(tuple(captions)), turns)
    return [(s.speaker, s.start, s.end, " ".join(w.text for w in s.words)) for s in found]


def test_words_far_from_every_turn_open_an_utterance_of_their_own() -> None:
    assert spoken([caption(5, 6, "who hears me")], [Turn(0, 2, "A")]) == [
        ("A", 0, 2, ""),
        ("A", 5, 6, "who hears me"),
    ]


def test_nobody_to_give_words_to_is_no_error() -> None:
    assert utterances(Transcript((caption(0, 1, "hello"),)), ()) == ()


def test_a_pause_ends_an_utterance_and_a_sentence_does_not() -> None:
    captions = [caption(0, 1, "Right."), caption(1.4, 2, "Go on."), caption(3, 4, "Later.")]
    turns = [Turn(0, 1, "A"), Turn(1.4, 2, "A"), Turn(3, 4, "A")]
    assert spoken(captions, turns) == [("A", 0, 2, "Right. Go on."), ("A", 3, 4, "Later.")]


def test_another_s_turn_ends_an_utterance() -> None:
    turns = [Turn(0, 1, "A"), Turn(1.05, 2.2, "B"), Turn(2.25, 3, "A")]
    assert [(s, a, b) for s, a, b, _ in spoken([], turns)] == [("A", 0, 1), ("B", 1.05, 2.2), ("A", 2.25, 3)]


def test_a_short_murmur_of_the_other_does_not_end_an_utterance() -> None:
    turns = [Turn(0, 2, "A"), Turn(2.1, 2.5, "B"), Turn(2.8, 5, "A")]
    first, murmur = utterances(Transcript(), turns)
    assert (first.speaker, first.start, first.end) == ("A", 0, 5)
    assert first.spans == (Span(0, 2), Span(2.8, 5))
    assert (murmur.speaker, murmur.spans) == ("B", (Span(2.1, 2.5),))


def test_a_murmur_does_not_bridge_a_real_pause() -> None:
    turns = [Turn(0, 2, "A"), Turn(2.5, 2.9, "B"), Turn(3.4, 5, "A")]
    assert [s.start for s in utterances(Transcript(), turns) if s.speaker == "A"] == [0, 3.4]


def test_talking_on_over_the_other_is_one_utterance() -> None:
    turns = [Turn(0, 4, "A"), Turn(1, 3, "B"), Turn(4.1, 6, "A")]
    assert [(s.start, s.end) for s in utterances(Transcript(), turns) if s.speaker == "A"] == [(0, 6)]


def test_spans_are_where_the_speaker_is_heard_even_when_words_stick_out() -> None:
    (speech,) = utterances(Transcript((caption(0, 3, "late to end"),)), [Turn(0.2, 2.6, "A")])
    assert speech.spans == (Span(0.2, 2.6),)
    assert len(speech.words) == 3


def test_words_are_joined_by_the_word_turns_and_spans_are_those_of_the_turns() -> None:
    turns = [Turn(0, 3, "A"), Turn(1, 5, "B")]
    transcript = Transcript((caption(0, 1.8, "how was it"), caption(2, 5, "oh it was fine")))
    exclusive = [Turn(0, 1.9, "A"), Turn(1.9, 5, "B")]
    first, second = utterances(transcript, turns, exclusive)
    assert (first.speaker, first.spans, len(first.words)) == ("A", (Span(0, 3),), 3)
    assert (second.speaker, second.spans, len(second.words)) == ("B", (Span(1, 5),), 4)
    assert not any(word.doubts for word in first.words + second.words)


def test_a_speaker_who_is_missing_in_the_word_turns_keeps_the_own_turns() -> None:
    turns = [Turn(0, 3, "A"), Turn(3.5, 5, "B")]
    transcript = Transcript((caption(0, 3, "how was it"), caption(3.5, 5, "it was fine")))
    found = utterances(transcript, turns, [Turn(0, 3, "A")])
    assert [(s.speaker, len(s.words)) for s in found] == [("A", 3), ("B", 3)]


def test_a_speaker_of_the_word_turns_alone_gets_no_words() -> None:
    found = utterances(Transcript((caption(0, 3, "how was it"),)), [Turn(0, 3, "A")], [Turn(0, 3, "C")])
    assert [(s.speaker, len(s.words)) for s in found] == [("A", 3)]


TIMES = st.floats(0, 30).map(lambda t: round(t, 2))
LENGTHS = st.floats(0, 4).map(lambda t: round(t, 2))
TURNS = st.lists(
    st.builds(lambda t, d, s: Turn(t, t + d, s), TIMES, LENGTHS, st.sampled_from("ABC")),
    min_size=1,
    max_size=12,
).filter(lambda turns: any(turn.duration > 0 for turn in turns))
WORDS = st.lists(st.tuples(TIMES, LENGTHS, st.sampled_from(["yes", "no", "well"])), min_size=1, max_size=6)


def as_caption(words: list[tuple[float, float, str]], voice: str | None) -> Caption:
    said = tuple(sorted(Word(t, t + d, text) for t, d, text in words))
    return Caption(said[0].start, max(w.end for w in said), said, voice)


CAPTIONS = st.lists(st.builds(as_caption, WORDS, st.sampled_from([None, "A", "D"])), max_size=6)


@given(CAPTIONS, TURNS)
@settings(max_examples=300, deadline=None)
def test_every_word_is_in_exactly_one_utterance_and_none_overlap(captions: list[Caption], turns: list[Turn]) -> None:
    found = utterances(Transcript(tuple(captions)), turns)
    assert Counter(map(as_written, (w for s in found for w in s.words))) == Counter(
        as_written(w) for c in captions for w in c.words
    )
    assert [s.start for s in found] == sorted(s.start for s in found)
    for speaker in {turn.speaker for turn in turns}:
        own = [s for s in found if s.speaker == speaker]
        assert all(before.end <= after.start for before, after in pairwise(own))
    for speech in found:
        assert_well_formed(speech)


def as_written(word: Word) -> tuple[float, float, str]:
    return word.start, word.end, word.text


def assert_well_formed(speech: Speech) -> None:
    assert speech.spans
    assert (speech.start, speech.end) == (speech.spans[0].start, speech.spans[-1].end)
    assert all(a.end < b.start for a, b in pairwise(speech.spans))
    assert list(speech.words) == sorted(speech.words, key=lambda w: w.start)


@given(CAPTIONS, TURNS, TURNS)
@settings(max_examples=150, deadline=None)
def test_word_turns_move_words_and_never_spans(
    captions: list[Caption], turns: list[Turn], exclusive: list[Turn]
) -> None:
    transcript = Transcript(tuple(captions))
    found = utterances(transcript, turns, exclusive)
    assert sum(len(s.words) for s in found) == sum(len(c.words) for c in captions)
    heard = {span for s in utterances(Transcript(), turns) for span in s.spans}
    assert heard <= {span for s in found for span in s.spans}


@given(TURNS)
@settings(max_examples=200, deadline=None)
def test_where_a_speaker_is_heard_is_all_in_the_utterances(turns: list[Turn]) -> None:
    found = utterances(Transcript(), turns)
    for turn in turns:
        inside = sum(span.overlap(turn) for s in found if s.speaker == turn.speaker for span in s.spans)
        assert abs(inside - turn.duration) < 1e-6
