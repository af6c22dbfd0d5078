from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.conversation import Caption, Doubt, Transcript, Turn, Word
from audio.word_speakers import join_words

SHIFTS = (-0.15, -0.08, 0.0, 0.08, 0.15)  # seconds that a boundary is off


def caption(start: float, end: float, text: str, voice: str | None = None) -> Caption:
    """A caption with its time spread evenly over its words."""
    texts = text.split()
    step = (end - start) / len(texts)
    words = tuple(Word(start + i * step, start + (i + 1) * step, t) for i, t in enumerate(texts))
    return Caption(start, end, words, voice)


def heard_as_one(*parts: Caption) -> Caption:
    """What several said one after another, as a transcriber that knows no speakers gives it."""
    words = tuple(word for part in parts for word in part.words)
    return Caption(words[0].start, words[-1].end, words)


def bare(caption: Caption) -> Caption:
    words = tuple(Word(w.start, w.end, re.sub(r"[^\w']", "", w.text.lower())) for w in caption.words)
    return Caption(caption.start, caption.end, words)


def who_says_what(captions: list[Caption], turns: list[Turn]) -> dict[str, str]:
    joined = join_words(Transcript(tuple(captions)), turns)
    return {speaker: " ".join(w.text for w in words) for speaker, words in joined.items()}


def doubted(captions: list[Caption], turns: list[Turn]) -> list[str]:
    joined = join_words(Transcript(tuple(captions)), turns)
    words = sorted(word for said in joined.values() for word in said)
    return [word.text for word in words if Doubt.SPEAKER in word.doubts]


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


def test_voice_tags_decide_where_they_agree_with_the_turns() -> None:
    captions = [caption(0, 3, "one two three", "A"), caption(3, 6, "four five six", "B")]
    turns = [Turn(0, 3, "A"), Turn(3, 6, "B")]
    overlapped = [*captions, caption(6, 6.4, "sure", "A"), caption(6.4, 9, "and so on", "B")]
    assert who_says_what(overlapped, [*turns, Turn(6, 9, "B")])["A"] == "one two three sure"


def test_another_program_s_names_are_not_believed_when_the_voices_say_otherwise() -> None:
    captions = [caption(0, 3, "one two three", "Speaker 2"), caption(3, 6, "four five six", "Speaker 1")]
    turns = [Turn(0, 3, "Speaker 1"), Turn(3, 6, "Speaker 2")]
    assert who_says_what(captions, turns)["Speaker 1"] == "one two three"


def test_no_words_and_no_turns_are_no_error() -> None:
    assert join_words(Transcript(), ()) == {}
    assert join_words(Transcript((caption(0, 1, "hello"),)), ()) == {}
    assert join_words(Transcript((caption(0, 1, "hello"),)), [Turn(0, 0, "A")]) == {}
    assert join_words(Transcript(), [Turn(0, 1, "A")]) == {"A": ()}
    assert join_words(Transcript((Caption(0, 1, ()),)), [Turn(0, 1, "A")]) == {"A": ()}


ASKED = caption(0, 2, "So how was it?")
ANSWERED = caption(2.1, 4.1, "It was fine I guess.")


@pytest.mark.parametrize(("end", "start"), list(product(SHIFTS, SHIFTS)))
def test_an_answer_in_the_same_caption_is_cut_at_the_sentence_wherever_the_boundaries_are(
    end: float, start: float
) -> None:
    turns = [Turn(0, 2 + end, "A"), Turn(2.1 + start, 4.1, "B")]
    assert who_says_what([heard_as_one(ASKED, ANSWERED)], turns) == {"A": "So how was it?", "B": "It was fine I guess."}


@pytest.mark.parametrize(("end", "start"), list(product(SHIFTS, SHIFTS)))
def test_without_punctuation_the_cut_is_where_the_turns_meet(end: float, start: float) -> None:
    turns = [Turn(0, 2 + end, "A"), Turn(2.1 + start, 4.1, "B")]
    assert who_says_what([bare(heard_as_one(ASKED, ANSWERED))], turns) == {
        "A": "so how was it",
        "B": "it was fine i guess",
    }


@pytest.mark.parametrize(("end", "start"), list(product(SHIFTS, SHIFTS)))
@pytest.mark.parametrize("dash", ["", "-", "—", "..."])
def test_an_interruption_in_mid_sentence_is_not_swallowed(end: float, start: float, dash: str) -> None:
    cut_short = caption(0, 2, "I was going to" + dash)
    interrupting = caption(2.02, 4, "No you listen to me.")
    turns = [Turn(0, 2 + end, "A"), Turn(2.02 + start, 4, "B")]
    assert who_says_what([heard_as_one(cut_short, interrupting)], turns) == {
        "A": "I was going to" + dash,
        "B": "No you listen to me.",
    }


BEFORE_MURMUR = caption(0, 2, "then we all went to")
AFTER_MURMUR = caption(2.8, 4.4, "see the old boat.")


@pytest.mark.parametrize(("start", "end"), list(product(SHIFTS, SHIFTS)))
@pytest.mark.parametrize("murmur", ["Mm-hm.", "Yeah."])
def test_a_murmur_in_a_pause_of_the_other_is_told_apart(start: float, end: float, murmur: str) -> None:
    turns = [Turn(0, 2 + end, "A"), Turn(2.2 + start, 2.6 + end, "B"), Turn(2.8 + start, 4.4, "A")]
    said = who_says_what([heard_as_one(BEFORE_MURMUR, caption(2.2, 2.6, murmur), AFTER_MURMUR)], turns)
    assert said == {"A": "then we all went to see the old boat.", "B": murmur}


@pytest.mark.parametrize(("start", "end"), list(product(SHIFTS, SHIFTS)))
def test_a_murmur_that_is_written_as_part_of_the_sentence_is_told_apart_or_doubted(start: float, end: float) -> None:
    turns = [Turn(0, 2 + end, "A"), Turn(2.2 + start, 2.6 + end, "B"), Turn(2.8 + start, 4.4, "A")]
    captions = [heard_as_one(BEFORE_MURMUR, caption(2.2, 2.6, "yeah,"), AFTER_MURMUR)]
    assert who_says_what(captions, turns)["B"] == "yeah," or "yeah," in doubted(captions, turns)
    assert who_says_what(captions, turns)["B"] in ("yeah,", "")


def test_a_murmur_over_the_other_s_sentence_goes_to_who_is_heard_only_there() -> None:
    words = (*BEFORE_MURMUR.words, Word(2.1, 2.5, "Mm-hm."), *caption(2.2, 4.4, "see the old boat.").words)
    turns = [Turn(0, 4.4, "A"), Turn(2.1, 2.5, "B")]
    said = who_says_what([Caption(0, 4.4, tuple(sorted(words)))], turns)
    assert said == {"A": "then we all went to see the old boat.", "B": "Mm-hm."}


def test_a_turn_that_nobody_wrote_down_takes_no_word_of_a_sentence() -> None:
    turns = [Turn(0, 1.95, "A"), Turn(1.9, 2.2, "B"), Turn(2.15, 4, "A")]
    assert who_says_what([caption(0, 4, "and then we went to see it.")], turns)["B"] == ""


def test_a_name_within_a_sentence_opens_none() -> None:
    turns = [Turn(0, 2.05, "A"), Turn(1.9, 2.3, "B"), Turn(2.2, 4, "A")]
    assert who_says_what([caption(0, 4, "and then we told Maya about it.")], turns)["B"] == ""


def test_three_speakers_in_one_caption_each_get_their_sentence() -> None:
    parts = [caption(0, 1.5, "Who did it?"), caption(1.6, 2.4, "Not me."), caption(2.5, 4, "It was me then.")]
    turns = [Turn(0, 1.6, "A"), Turn(1.5, 2.5, "B"), Turn(2.35, 4, "C")]
    assert who_says_what([heard_as_one(*parts)], turns) == {"A": "Who did it?", "B": "Not me.", "C": "It was me then."}


def test_a_sentence_of_one_goes_on_in_the_next_caption() -> None:
    captions = [caption(0, 2, "so what I wanted to"), caption(2, 4, "say is that. Right.")]
    turns = [Turn(0, 3.4, "A"), Turn(3.35, 4, "B")]
    assert who_says_what(captions, turns) == {"A": "so what I wanted to say is that.", "B": "Right."}


def test_a_word_written_across_a_long_silence_is_said_at_its_start() -> None:
    stretched = (*caption(0, 1, "I think so").words, Word(1.0, 5.0, "yes."), *caption(5.1, 6, "Well then good.").words)
    turns = [Turn(0, 1.4, "A"), Turn(2.5, 6, "B")]
    assert who_says_what([Caption(0, 6, stretched)], turns) == {"A": "I think so yes.", "B": "Well then good."}


def test_words_of_no_length_go_where_they_are() -> None:
    words = (Word(0.5, 0.5, "yes."), Word(2.5, 2.5, "No."))
    assert who_says_what([Caption(0.5, 2.5, words)], [Turn(0, 1, "A"), Turn(2, 3, "B")]) == {"A": "yes.", "B": "No."}


def test_one_speaker_gets_every_word() -> None:
    assert who_says_what([caption(0, 2, "hello there"), caption(50, 52, "still here")], [Turn(0, 2, "A")]) == {
        "A": "hello there still here"
    }


def test_words_in_the_middle_of_turns_are_not_doubted() -> None:
    turns = [Turn(0, 2.05, "A"), Turn(2.05, 4.1, "B")]
    assert doubted([heard_as_one(ASKED, ANSWERED)], turns) == []
    assert doubted([bare(heard_as_one(ASKED, ANSWERED))], [Turn(0, 2, "A"), Turn(2.1, 4.1, "B")]) == []


def test_words_that_both_talk_over_are_doubted() -> None:
    turns = [Turn(0, 4, "A"), Turn(2, 6, "B")]
    assert doubted([caption(0, 6, "one two three four five six")], turns) == ["three", "four"]


def test_a_word_that_is_given_against_the_turns_is_doubted() -> None:
    turns = [Turn(0, 2, "A"), Turn(2, 2.5, "B"), Turn(2.5, 4.5, "A")]
    said = [caption(0, 4.5, "so then we came to the lake again there.")]
    assert who_says_what(said, turns)["B"] == ""
    assert doubted(said, turns) == ["to"]


def test_words_where_nobody_is_heard_are_doubted() -> None:
    turns = [Turn(0, 2, "A"), Turn(9, 11, "B")]
    assert doubted([caption(5, 6, "who said that?")], turns) == ["who", "said", "that?"]
    assert doubted([caption(5, 6, "who said that?")], turns[:1]) == ["who", "said", "that?"]


def test_other_doubts_of_a_word_stay() -> None:
    word = Word(5, 5.4, "hm.", 0.2, (Doubt.UNLIKELY,))
    (joined,) = join_words(Transcript((Caption(5, 5.4, (word,)),)), [Turn(0, 2, "A")])["A"]
    assert (joined.probability, joined.doubts) == (0.2, (Doubt.UNLIKELY, Doubt.SPEAKER))


def test_a_believed_tag_is_never_doubted() -> None:
    captions = [caption(0, 3, "one two three", "A"), caption(2, 6, "four five six", "B"), caption(30, 31, "x", "A")]
    turns = [Turn(0, 3, "A"), Turn(2, 6, "B")]
    assert who_says_what(captions, turns) == {"A": "one two three x", "B": "four five six"}
    assert doubted(captions, turns) == []


TIMES = st.floats(0, 30).map(lambda t: round(t, 2))
LENGTHS = st.floats(0, 4).map(lambda t: round(t, 2))
TEXTS = st.sampled_from(["yes", "No.", "well-", "Maya", "I", "…", ""])
TURNS = st.lists(st.builds(lambda t, d, s: Turn(t, t + d, s), TIMES, LENGTHS, st.sampled_from("ABC")), max_size=12)
WORDS = st.lists(st.builds(lambda t, d, text: Word(t, t + d, text), TIMES, LENGTHS, TEXTS), max_size=8)
CAPTIONS = st.lists(
    st.builds(
        lambda t, d, words, voice: Caption(t, t + d, tuple(words), voice),
        TIMES,
        LENGTHS,
        WORDS,
        st.sampled_from([None, "A", "D"]),
    ),
    max_size=5,
)


def written(words: list[Word]) -> Counter[tuple[float, float, str]]:
    return Counter((word.start, word.end, word.text) for word in words)


@given(CAPTIONS, TURNS)
@settings(max_examples=300, deadline=None)
def test_every_word_goes_to_one_speaker_with_its_text_and_times(captions: list[Caption], turns: list[Turn]) -> None:
    joined = join_words(Transcript(tuple(captions)), turns)
    assert set(joined) == {turn.speaker for turn in turns if turn.duration > 0}
    if joined:
        said = [word for words in joined.values() for word in words]
        assert written(said) == written([word for c in captions for word in c.words])
    for words in joined.values():
        assert all(a.start <= b.start for a, b in pairwise(words))
