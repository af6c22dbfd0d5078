"""The terms that a reply is weighed by, and the table of what they speak for."""

from __future__ import annotations

import pytest

from analysis.cue_phrases import Cues, find_phrases, load_cues
from analysis.reply_terms import Term, reply_terms
from analysis.reply_words import read_reply
from analysis.word_weights import ATTUNED, load_weights, read_weights

TABLE = [
    "term\tadvise\treflect\tattuned",
    "BIAS\t-2.0\t-2.0\t0.0",
    "you must\t\t1.5\t2.0",
    "must\t3.0\t\t",
    "sad\t\t4.0\t1.0",
]


@pytest.fixture(scope="module")
def cues() -> Cues:
    english = load_cues("en")
    assert english is not None
    return english


def terms(reply: str, before: str, cues: Cues) -> set[str]:
    return {term.name for term in reply_terms(reply, before, find_phrases(reply, cues), cues)}


def test_stems_rows_and_edges_are_terms(cues) -> None:
    found = terms("You were counting on that.", "They cancelled.", cues)
    assert {"count", "you were", "were count on", "< you", "that >", "< you were"} <= found
    assert not found & {"<", ">"}


def test_small_words_around_any_other_are_a_frame(cues) -> None:
    assert "you were * on that" in terms("You were counting on that.", "", cues)
    assert "you were * on that" in terms("You were banking on that.", "", cues)


def test_what_hangs_on_the_words_before_is_a_term(cues) -> None:
    assert "{takes up}" in terms("The doctor?", "The doctor called.", cues)
    assert "{takes up}" not in terms("The kettle?", "The doctor called.", cues)
    assert "{before: complaint}" in terms("I did.", "You never listen!", cues)


def test_a_reply_that_phrases_fill_says_so(cues) -> None:
    assert "{all attuned}" in terms("That sounds really heavy.", "", cues)
    assert "{all attuned}" not in terms("That sounds really heavy, but the car needs petrol by noon.", "", cues)


def test_numbers_are_one_term(cues) -> None:
    assert "at #" in terms("At 7", "", cues)


def test_the_odds_are_the_sum_of_what_the_terms_say() -> None:
    weights = read_weights(TABLE)
    odds = weights.odds([Term("you must", 0, 1), Term("must", 1, 1), Term("unknown", 2, 2)])
    assert odds == {"advise": 1.0, "reflect": -0.5, ATTUNED: 2.0}


def test_the_strongest_stretch_is_where_the_weight_lies() -> None:
    weights = read_weights(TABLE)
    said = [Term("must", 1, 1), Term("sad", 4, 4)]
    assert weights.strongest("reflect", said, 6) == (4, 4)
    assert weights.strongest("advise", said, 6) == (1, 1)


@pytest.mark.parametrize("lines", [["term\tadvise", "BIAS\t0"], ["term\tattuned", "must\t1.0"]])
def test_a_table_without_its_head_is_refused(lines) -> None:
    with pytest.raises(ValueError, match="table of weights"):
        read_weights(lines)


def test_a_language_without_a_table_has_none() -> None:
    assert load_weights("xx") is None
    assert load_weights("../en") is None


def test_the_shipped_tables_know_the_acts_of_their_phrases() -> None:
    for language in ("en", "de"):
        weights, phrases = load_weights(language), load_cues(language)
        assert weights is not None and phrases is not None
        assert {act for act in weights.acts if act != ATTUNED} <= phrases.attuned_acts | phrases.missing_acts | {
            "backchannel_only"
        }


def test_wrong_words_blur_a_reading_and_seldom_turn_it(cues) -> None:
    whole = read_reply("You should just go to bed earlier and get some rest.", "I'm just tired.", cues)
    worn = read_reply("you should the go to bad earlier and some rest", "im just tired", cues)
    assert whole.evidence < worn.evidence < 0
