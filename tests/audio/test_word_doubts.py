from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.conversation import Caption, Doubt, Transcript, Word
from audio.word_doubts import UNLIKELY, doubted, doubts_note

PACE = 0.3  # seconds a word, unhurried


def caption(text: str, start: float = 0.0, pace: float = PACE, voice: str | None = None) -> Caption:
    """The words of `text`, one each `pace` seconds, or its characters where it has no spaces to part them."""
    texts = text.split() if text.isascii() or " " in text else list(text)
    words = tuple(Word(start + i * pace, start + (i + 1) * pace, one, 0.9) for i, one in enumerate(texts))
    return Caption(start, start + len(words) * pace, words, voice)


def in_turn(*texts: str) -> Transcript:
    """A caption a text, one after the other."""
    captions: list[Caption] = []
    for text in texts:
        captions.append(caption(text, captions[-1].end if captions else 0.0))
    return Transcript(tuple(captions), "en")


def with_doubt(doubt: Doubt, transcript: Transcript) -> list[int]:
    """Places of the words, among all, that have the doubt."""
    words = [word for caption in doubted(transcript).captions for word in caption.words]
    return [place for place, word in enumerate(words) if doubt in word.doubts]


def is_invented(*texts: str) -> bool:
    """Whether all words are; some but not all is a failure."""
    transcript = in_turn(*texts)
    count = sum(len(caption.words) for caption in transcript.captions)
    places = with_doubt(Doubt.INVENTED, transcript)
    assert places in ([], list(range(count)))
    return bool(places)


def test_an_improbable_word_is_unlikely_and_one_without_a_probability_is_not() -> None:
    words = tuple(
        replace(w, probability=p) for w, p in zip(caption("a b c d").words, [0.1, None, 0.9, 0.2], strict=True)
    )
    assert with_doubt(Doubt.UNLIKELY, Transcript((Caption(0.0, 1.2, words),))) == [0, 3]


def test_a_word_at_the_bound_of_probability_is_not_unlikely() -> None:
    said = (Word(0.0, 0.3, "well", UNLIKELY),)
    assert with_doubt(Doubt.UNLIKELY, Transcript((Caption(0.0, 0.3, said),))) == []


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no!",
        "No no no no no no no, don't.",
        "I'm sorry, I'm sorry, I'm sorry.",
        "Stop it, stop it, stop it, stop it, stop it!",
        "I love you. I love you. I love you. I love you.",
        "I don't want to go. I don't want to go. I don't want to go!",
        "You never listen to me when I speak. You never listen to me when I speak. You never do.",
    ],
)
def test_people_repeat_themselves(text: str) -> None:
    assert with_doubt(Doubt.REPEATED, in_turn(text)) == []


@pytest.mark.parametrize(
    ("before", "phrase", "times"),
    [
        ("", "you", 9),
        ("so", "I know", 6),
        ("he came", "and then we", 5),
        ("he came", "and I was going to", 4),
        ("", "we can go there if you like", 3),
        ("well", "it was the first time that I saw her there with all of them", 3),
    ],
)
def test_a_transcriber_that_is_stuck_is_marked_save_its_first_saying(before: str, phrase: str, times: int) -> None:
    text = f"{before} {', '.join([phrase] * times)} until now"
    first = len(f"{before} {phrase}".split())
    assert with_doubt(Doubt.REPEATED, in_turn(text)) == list(range(first, len(text.split()) - 2))


def test_a_phrase_that_breaks_off_is_marked_to_its_end() -> None:
    text = "and I was going to, and I was going to, and I was going to, and I"
    assert with_doubt(Doubt.REPEATED, in_turn(text)) == list(range(5, 17))


def test_repeating_goes_on_across_captions_whatever_the_case_and_punctuation() -> None:
    stuck = in_turn("It's late.", "it's late, It's", "LATE - it's late!", "It’s late", "it's late... it's late?")
    dash = 6  # a sign alone is no word
    assert with_doubt(Doubt.REPEATED, stuck) == [place for place in range(2, 15) if place != dash]


def test_the_same_short_answer_minutes_apart_is_no_repetition() -> None:
    answers = Transcript(tuple(caption("Ja.", 60.0 * minute) for minute in range(12)))
    assert with_doubt(Doubt.REPEATED, answers) == []


def test_what_comes_again_after_other_words_is_not_repeated() -> None:
    assert with_doubt(Doubt.REPEATED, in_turn(*["I know that. Do you?", "I know that. Yes?"] * 2)) == []


def test_words_piled_up_at_the_end_are_too_fast_and_those_before_are_not() -> None:
    calm = caption("We can talk about it when")
    pile = caption("you are back from your mother", calm.end, 0.02)
    assert with_doubt(Doubt.TOO_FAST, Transcript((calm, pile))) == list(range(6, 12))


def test_a_pile_is_found_across_captions() -> None:
    piled = [caption("about it", 2.0, 0.01), caption("when you", 2.02, 0.0), caption("are back", 2.02, 0.01)]
    assert with_doubt(Doubt.TOO_FAST, Transcript(tuple(piled))) == list(range(6))


def test_a_single_word_without_duration_is_no_run() -> None:
    words = [*caption("I told you that").words, Word(1.2, 1.2, "a"), *caption("thousand times before", 1.2).words]
    assert with_doubt(Doubt.TOO_FAST, Transcript((Caption(0.0, 2.1, tuple(words)),))) == []


def test_fast_speech_can_be_said() -> None:
    letters = sum(c.isalnum() for c in "whatever you think about it I never wanted to go there anyway")
    pace = letters / 26 / 12  # 26 letters a second
    fast = caption("whatever you think about it I never wanted to go there anyway", pace=pace)
    assert with_doubt(Doubt.TOO_FAST, Transcript((fast,))) == []


def test_a_character_of_japanese_is_worth_a_syllable() -> None:
    assert with_doubt(Doubt.TOO_FAST, Transcript((caption("きのうのよるはありがとう", pace=1 / 10),))) == []
    assert with_doubt(Doubt.TOO_FAST, Transcript((caption("きのうのよるはありがとう", pace=1 / 40),))) == list(
        range(12)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for watching!",
        "thank you for watching",
        "Please subscribe to my channel.",
        "Subtitles by the Amara.org community",
        "Untertitel der Amara.org-Community",
        "Untertitelung des ZDF für funk, 2017",
        "Untertitel im Auftrag des ZDF für funk, 2021",
        "Untertitelung des ZDF, 2020",
        "Vielen Dank fürs Zuschauen!",
        "Vielen Dank für's Zuschauen.",
        "Copyright WDR 2019",
        "SWR 2020",
        "Sous-titres réalisés para la communauté d'Amara.org",
        "Sous-titrage ST' 501",
        "Sous-titrage ST'501",
        "Merci d’avoir regardé cette vidéo !",
        "¡Gracias por ver el video!",
        "Legendas pela comunidade Amara.org",
        "Субтитры сделал DimaTorzok",
        "ご視聴ありがとうございました",
    ],
)
def test_sentences_that_whisper_invents_are_known(text: str) -> None:
    assert is_invented(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you.",
        "Thanks for listening.",
        "Thank you for watching the kids.",
        "Vielen Dank.",
        "Ich war im Auftrag des ZDF dort.",
        "Tamara organised it.",
        "Merci.",
        "You never subscribe to my view.",
        "In 2021.",
    ],
)
def test_what_partners_say_is_not_taken_for_invented(text: str) -> None:
    assert not is_invented(text)


def test_an_invented_sentence_is_found_beside_a_real_one() -> None:
    assert with_doubt(Doubt.INVENTED, in_turn("Then go. Thanks for watching!", "Fine.")) == [2, 3, 4]


def test_decomposed_letters_are_the_same_letters() -> None:
    assert is_invented("Vielen Dank fu\u0308rs Zuschauen!")


def test_doubts_that_a_word_has_are_kept_in_the_order_of_the_list() -> None:
    word = Word(0.0, 0.2, "watching", 0.1, (Doubt.SPEAKER, Doubt.SPEAKER))
    kept = doubted(Transcript((Caption(0.0, 0.2, (word,)),))).captions[0].words[0]
    assert kept.doubts == (Doubt.UNLIKELY, Doubt.SPEAKER)


def test_many_doubtful_words_are_told_with_their_reasons() -> None:
    sure, unlikely = Word(0, 1, "yes", 0.9), Word(1, 2, "perhaps", 0.2, (Doubt.UNLIKELY,))
    both = Word(2, 3, "no", 0.2, (Doubt.UNLIKELY, Doubt.SPEAKER))
    assert doubts_note([sure] * 2 + [unlikely, both]) == (
        "50% of the words are doubtful (50% were hard to hear, 25% may be the other's): "
        "they count less in what replies say."
    )
    assert doubts_note([sure] * 19 + [unlikely]) is None
    assert doubts_note([]) is None


def test_a_transcript_without_words_stays_as_it_is() -> None:
    for empty in (Transcript(), Transcript((Caption(0.0, 1.0, ()),), "de")):
        assert doubted(empty) == empty


times = st.floats(0, 100)
texts = st.sampled_from(
    ["no", "No,", "Thanks", "for", "watching!", "SWR", "2020", "-", "", "了", "e\u0301te\u0301"]
) | st.text(max_size=6)
words = st.builds(
    lambda start, length, text, probability, doubts: Word(start, start + length, text, probability, tuple(doubts)),
    times,
    st.just(0.0) | st.floats(0, 2),
    texts,
    st.none() | st.floats(0, 1),
    st.lists(st.sampled_from(Doubt), max_size=3),
)
captions = st.builds(
    lambda said, voice: Caption(0.0, 200.0, tuple(said), voice),
    st.lists(words, max_size=30),
    st.sampled_from([None, "Ana"]),
)
transcripts = st.builds(Transcript, st.lists(captions, max_size=5).map(tuple), st.sampled_from([None, "en"]))


def without_doubts(transcript: Transcript) -> Transcript:
    bare = [replace(c, words=tuple(replace(w, doubts=()) for w in c.words)) for c in transcript.captions]
    return replace(transcript, captions=tuple(bare))


@given(transcripts)
def test_only_doubts_change_and_they_only_grow(transcript: Transcript) -> None:
    after = doubted(transcript)
    assert without_doubts(after) == without_doubts(transcript)
    for old, new in zip(transcript.captions, after.captions, strict=True):
        for before, word in zip(old.words, new.words, strict=True):
            assert set(before.doubts) <= set(word.doubts)
            assert list(word.doubts) == [doubt for doubt in Doubt if doubt in word.doubts]


@given(transcripts)
def test_a_second_look_finds_nothing_new(transcript: Transcript) -> None:
    assert doubted(doubted(transcript)) == doubted(transcript)
