"""The phrase grammar, and the English cue file read with it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import get_args

import pytest

from analysis.cue_phrases import (
    Cues,
    Sign,
    find_phrases,
    find_sign,
    is_backchannel,
    load_cues,
    read_cues,
    understates,
)
from analysis.grammar import PatternError

Match = tuple[str, str]


@pytest.fixture(scope="module")
def cues() -> Cues:
    english = load_cues("en")
    assert english is not None
    return english


def found(text: str, cues: Cues) -> list[Match]:
    return [(match.act, match.phrase) for match in find_phrases(text, cues)]


def small_language(*phrases: str, harmless: tuple[str, ...] = ()) -> Cues:
    """A language of a few words with one act, so that a test can say what a pattern means."""
    speech = {
        "stemmer": "english",
        "fillers": ["um"],
        "filler_phrases": ["you know"],
        "asking": ["do"],
        "skipped": ["really"],
        "openers": ["well"],
        "negators": ["not"],
        "carriers": ["saying"],
        "small_words": ["the a"],
        "backchannels": ["yeah", "i see"],
        "endings": {"n't": "not", "'s": "is"},
        "written_out": {"gonna": "going to"},
    }
    return read_cues(
        "xx",
        {
            "speech": speech,
            "lists": {"endearment": ["love"], "hard": ["hard", "worn out"]},
            "acts": {"reflect": {"attuned": True, "phrases": list(phrases)}},
            "harmless": {"phrases": list(harmless)},
            "signs": {name: [] for name in get_args(Sign)},
        },
    )


@pytest.mark.parametrize(
    ("pattern", "said", "phrase"),
    [
        ("you (should|could) go", "I think you could go now", "you could go"),
        ("how are you [feeling [today]]", "How are you feeling?", "How are you feeling?"),
        ("how are you [feeling [today]]", "how are you", "how are you"),
        ("that sounds {hard}", "That sounds worn out.", "That sounds worn out."),
        ("disappoint*", "what a disappointment", "disappointment"),
        ("tell _ to", "just tell him to stop", "tell him to"),
        ("that ... hurt", "that must have really hurt", "that must have really hurt"),
        ("that's hard", "that is hard", "that is hard"),
        ("going to cry", "you are gonna cry", "gonna cry"),
        ("START so what", "Well, so what?", "so what?"),
        ("CLAUSE go away", "I said it, go away", "go away"),
        ("i am fine END", "I am fine, really.", "I am fine"),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, said: str, phrase: str) -> None:
    assert found(said, small_language(pattern)) == [("reflect", phrase)]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("you should", "you. Should we go?"),
        ("that ... hurt", "that was long ago and far away and hurt"),
        ("that ... hurt", "that did not hurt"),
        ("START so what", "I wonder so what"),
        ("CLAUSE go away", "they never go away"),
        ("i am fine END", "I am fine with Tuesday"),
    ],
)
def test_a_pattern_finds_nothing_else(pattern: str, said: str) -> None:
    assert found(said, small_language(pattern)) == []


@pytest.mark.parametrize("pattern", ["you (should", "you should)", "sounds {soft}", "END", "go CLAUSE on", ""])
def test_a_pattern_that_is_not_one_is_named(pattern: str) -> None:
    with pytest.raises(PatternError):
        small_language(pattern)


def test_a_negator_blocks_a_phrase_across_words_that_carry_it_and_no_others() -> None:
    language = small_language("no big deal")
    assert found("I'm not saying it's no big deal", small_language("it is no big deal")) == []
    assert found("not here, no big deal", language) == [("reflect", "no big deal")]
    assert found("I did not come. No big deal.", language) == [("reflect", "No big deal.")]


def test_the_longer_phrase_is_meant_and_a_harmless_one_claims_its_words() -> None:
    language = small_language("i got you", "you a coat", harmless=("i got you a",))
    assert found("I got you.", language) == [("reflect", "I got you.")]
    assert found("I got you a coat.", language) == []


def test_a_match_says_where_it_stands_in_the_words_that_were_given(cues: Cues) -> None:
    words = ["Um,", "that", "that", "sounds", "uh", "really", "kind", "of", "heavy,", "love."]
    (match,) = find_phrases(words, cues)
    assert (match.act, match.first, match.last) == ("reflect", 1, 8)
    assert match.phrase == "that that sounds uh really kind of heavy"


@pytest.mark.parametrize(
    "said",
    [
        "That sounds really hard.",
        "that sounds really hard",
        "THAT, um, sounds like really hard",
        "that that sounds uh so hard",
        "that sounds you know hard",
    ],
)
def test_recognised_speech_reads_like_written_speech(said: str, cues: Cues) -> None:
    assert [act for act, _ in found(said, cues)] == ["reflect"]


@pytest.mark.parametrize("said", ["You’re exhausted.", "youre exhausted", "you are exhausted"])
def test_contractions_are_their_long_forms(said: str, cues: Cues) -> None:
    assert [act for act, _ in found(said, cues)] == ["reflect"]


def test_not_minimising_is_no_minimising_and_not_that_bad_is(cues: Cues) -> None:
    assert "minimise" not in [act for act, _ in found("I'm not saying it's no big deal.", cues)]
    assert [act for act, _ in found("It's not that bad.", cues)] == ["minimise"]


def test_every_act_says_whether_it_meets_the_partner(cues: Cues) -> None:
    assert {"check_in", "reflect", "validate", "stay_present", "repair"} == cues.attuned_acts
    assert {"change_subject", "advise", "minimise", "defend", "keep_talking"} < cues.missing_acts


def test_no_phrase_of_the_english_file_stands_in_two_places() -> None:
    content = tomllib.loads(files("analysis.cues").joinpath("en.toml").read_text(encoding="utf-8"))
    acts = content["acts"].values()
    phrases = [phrase for act in acts for key in ("phrases", "hints") for phrase in act.get(key, ())]
    assert sorted(set(phrases)) == sorted(phrases)


def test_a_language_without_a_file_has_no_cues() -> None:
    assert load_cues("xx") is None
    assert load_cues("../en") is None


@pytest.mark.parametrize("said", ["Mm hm.", "Yeah.", "Right.", "Okay.", "Oh really.", "uh-huh", "yeah yeah", "I see."])
def test_backchannels_are_no_replies(said: str, cues: Cues) -> None:
    assert is_backchannel(said, cues)


@pytest.mark.parametrize("said", ["", "No.", "Yeah, I walked.", "Right right right right.", "You okay?", "I know."])
def test_a_word_with_something_in_it_is_no_backchannel(said: str, cues: Cues) -> None:
    assert not is_backchannel(said, cues)


@pytest.mark.parametrize(
    "said",
    [
        "I'm fine.",
        "um im just tired",
        "It doesn't matter.",
        "whatever you think",
        "Nothing's wrong.",
        "I'll manage.",
    ],
)
def test_words_can_say_less_than_the_voice(said: str, cues: Cues) -> None:
    assert understates(said, cues)


@pytest.mark.parametrize(
    "said", ["I'm fine with Tuesday.", "I'm not fine.", "I feel so alone.", "The bus was late again."]
)
def test_plain_words_do_not_understate(said: str, cues: Cues) -> None:
    assert understates(said, cues) is None


@pytest.mark.parametrize("said", ["I feel so alone.", "You never listen!", "I can't do this anymore.", "it hurts"])
def test_distress_can_be_said_in_words(said: str, cues: Cues) -> None:
    assert find_sign(said, "distress", cues)
    assert find_sign("The bus was late again.", "distress", cues) is None
