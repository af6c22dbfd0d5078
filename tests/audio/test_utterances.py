from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from audio.conversation import Caption, Span, Transcript, Turn, Word
from audio.utterances import Speech, join_words, utterances


def caption(start: float, end: float, text: str, voice: str | None = None) -> Caption:
    """A caption with its time spread evenly over its words."""
    texts = text.split()
    step = (end - start) / len(texts)
    words = tuple(Word(start + i * step, start + (i + 1) * step, t) for i, t in enumerate(texts))
    return Caption(start, end, words, voice)


def who_says_what(captions: list[Caption], turns: list[Turn]) -> dict[str, str]:
    joined = join_words(Transcript(tuple(captions)), turns)
    return {speaker: " ".join(w.text for w in words) for speaker, words in joined.items()}


def spoken(captions: list[Caption], turns: list[Turn]) -> list[tuple[str, float, float, str]]:
    found = utterances(Transcript(tuple(captions)), turns)
    return [(s.speaker, s.start, s.end, " ".join(w.text for w in s.words)) for s in found]


def test_words_go_to_the_speaker_who_is_talking() -> None:
    assert who_says_what(
        [caption(0, 2, "how was it"), caption(2.2, 4, "it was fine")], [Turn(0, 2, "A"), Turn(2.2, 4, "B")]
    ) == {"A": "how was it", "B": "it was fine"}


def test_a_word_across_a_boundary_goes_to_the_larger_part() -> None:
    turns = [Turn(0, 2.0, "A"), Turn(2.0, 4, "B")]
    mixed = Caption(0, 4, (Word(0, 1.5, "one"), Word(1.6, 2.2, "two"), Word(2.2, 4, "three")))
    assert who_says_what([mixed], turns) == {"A": "one two", "B": "three"}
    mixed = Caption(0, 4, (Word(0, 1.7, "one"), Word(1.8, 2.4, "two"), Word(2.4, 4, "three")))
    assert who_says_what([mixed], turns) == {"A": "one", "B": "two three"}


def test_no_last_word_changes_sides_because_a_boundary_is_early() -> None:
    captions = [caption(0, 2, "I am just so tired"), caption(2.1, 4, "cool want to go out")]
    turns = [Turn(0, 1.75, "A"), Turn(1.75, 4, "B")]
    assert who_says_what(captions, turns)["A"] == "I am just so tired"


def test_an_answer_inside_another_s_caption_goes_to_who_gives_it() -> None:
    words = (Word(0, 1, "so"), Word(1, 3, "finished?"), Word(3.2, 3.6, "Yeah."))
    turns = [Turn(0, 3.0, "A"), Turn(3.2, 3.6, "B"), Turn(5, 8, "B")]
    assert who_says_what([Caption(0, 3.6, words)], turns) == {"A": "so finished?", "B": "Yeah."}


def test_a_murmur_that_has_its_own_caption_takes_no_word_from_the_other() -> None:
    captions = [caption(0, 4, "and then we went to see it"), Caption(2.1, 2.5, (Word(2.1, 2.5, "Mm-hm."),))]
    turns = [Turn(0, 2.05, "A"), Turn(2.1, 2.5, "B"), Turn(2.6, 4, "A")]
    assert who_says_what(captions, turns) == {"A": "and then we went to see it", "B": "Mm-hm."}


def test_a_murmur_within_the_other_s_long_turn_stays_with_its_speaker() -> None:
    captions = [
        caption(0, 6, "a long tale about the lake and boats"),
        Caption(3, 3.4, (Word(3, 3.4, "Yeah."),)),
    ]
    turns = [Turn(0, 6, "A"), Turn(3.1, 3.35, "B")]
    assert who_says_what(captions, turns)["B"] == "Yeah."


def test_when_both_talk_the_one_who_holds_more_of_the_caption_gets_the_words() -> None:
    captions = [caption(0, 3, "let me say this first"), caption(2.2, 5, "no you listen to me")]
    turns = [Turn(0, 3, "A"), Turn(2.2, 5, "B")]
    assert who_says_what(captions, turns) == {"A": "let me say this first", "B": "no you listen to me"}


def test_words_where_nobody_is_heard_go_to_the_nearest_turn() -> None:
    turns = [Turn(0, 2, "A"), Turn(5, 7, "B")]
    assert who_says_what([caption(2.1, 2.6, "quietly")], turns)["A"] == "quietly"
    assert who_says_what([caption(4.4, 4.8, "quietly")], turns)["B"] == "quietly"


def test_a_far_word_stays_with_the_sentence_it_belongs_to() -> None:
    turns = [Turn(0, 2, "A"), Turn(4.1, 7, "B")]
    trailing = Caption(0.5, 3.4, (Word(0.5, 1.9, "well"), Word(3.0, 3.4, "yes")))
    assert who_says_what([trailing], turns)["A"] == "well yes"


def test_words_far_from_every_turn_open_an_utterance_of_their_own() -> None:
    assert spoken([caption(5, 6, "who hears me")], [Turn(0, 2, "A")]) == [
        ("A", 0, 2, ""),
        ("A", 5, 6, "who hears me"),
    ]


def test_voice_tags_decide_where_they_agree_with_the_turns() -> None:
    captions = [caption(0, 3, "one two three", "A"), caption(3, 6, "four five six", "B")]
    turns = [Turn(0, 3, "A"), Turn(3, 6, "B")]
    overlapped = [*captions, caption(6, 6.4, "sure", "A"), caption(6.4, 9, "and so on", "B")]
    assert who_says_what(overlapped, [*turns, Turn(6, 9, "B")])["A"] == "one two three sure"


def test_another_program_s_names_are_not_believed_when_the_voices_say_otherwise() -> None:
    captions = [caption(0, 3, "one two three", "Speaker 2"), caption(3, 6, "four five six", "Speaker 1")]
    turns = [Turn(0, 3, "Speaker 1"), Turn(3, 6, "Speaker 2")]
    assert who_says_what(captions, turns)["Speaker 1"] == "one two three"


def test_nobody_to_give_words_to_is_no_error() -> None:
    assert utterances(Transcript((caption(0, 1, "hello"),)), ()) == ()
    assert join_words(Transcript(), ()) == {}


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
    assert Counter(w for s in found for w in s.words) == Counter(w for c in captions for w in c.words)
    assert [s.start for s in found] == sorted(s.start for s in found)
    for speaker in {turn.speaker for turn in turns}:
        own = [s for s in found if s.speaker == speaker]
        assert all(before.end <= after.start for before, after in pairwise(own))
    for speech in found:
        assert_well_formed(speech)


def assert_well_formed(speech: Speech) -> None:
    assert speech.spans
    assert (speech.start, speech.end) == (speech.spans[0].start, speech.spans[-1].end)
    assert all(a.end < b.start for a, b in pairwise(speech.spans))
    assert list(speech.words) == sorted(speech.words, key=lambda w: w.start)


@given(TURNS)
@settings(max_examples=200, deadline=None)
def test_where_a_speaker_is_heard_is_all_in_the_utterances(turns: list[Turn]) -> None:
    found = utterances(Transcript(), turns)
    for turn in turns:
        inside = sum(span.overlap(turn) for s in found if s.speaker == turn.speaker for span in s.spans)
        assert abs(inside - turn.duration) < 1e-6
