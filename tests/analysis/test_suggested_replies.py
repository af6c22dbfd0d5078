"""What could be said instead: lines that fit the tone and the words, and that nobody has to be ashamed of."""

from __future__ import annotations

import re

import pytest

from analysis.cue_phrases import load_cues, understates
from analysis.reply_words import read_reply
from analysis.shifts import ToneShift
from analysis.suggested_replies import SHOWN, Suggestions, load_suggestions, suggested_replies

KINDS = ("heavy", "tearful", "quiet", "sharp")
# Blame, diagnosis and orders, whatever else stands in the sentence.
NEVER_SAID = {
    "en": r"\b(you (always|never|should|need to)|calm down|depress|anxi|trauma|narciss|disorder|at least|overreact)",
    "de": r"\b(du (immer|nie)|du (solltest|musst dich)|beruhig|depress|angststör|trauma|narziss|immerhin|übertreib)",
}


@pytest.fixture(params=["en", "de"])
def suggestions(request) -> Suggestions:
    found = load_suggestions(request.param)
    assert found is not None
    return found


@pytest.fixture
def english() -> Suggestions:
    found = load_suggestions("en")
    assert found is not None
    return found


def shift(kind: str, text: str = "", start: float = 10.0) -> ToneShift:
    cues = load_cues("en")
    assert cues is not None
    return ToneShift(start, start + 2, "Maya", kind, 0.9, text, understates(text, cues), ())


@pytest.mark.parametrize("kind", KINDS)
def test_every_tone_has_three_different_lines(kind, suggestions) -> None:
    lines = suggested_replies(shift(kind), suggestions)
    assert len(set(lines)) == SHOWN


def test_every_line_would_be_read_as_attuned(suggestions) -> None:
    for line in suggestions.lines:
        assert read_reply(line.text.replace("{said}", "never mind"), "", suggestions.cues).evidence > 0, line.text


def test_no_line_blames_diagnoses_or_orders(suggestions) -> None:
    for line in suggestions.lines:
        assert not re.search(NEVER_SAID[suggestions.cues.language], line.text.lower()), line.text


def test_every_line_names_known_tones_acts_and_matters(suggestions) -> None:
    for line in suggestions.lines:
        assert line.kinds <= set(KINDS)
        assert line.act in suggestions.cues.attuned_acts
        assert line.about is None or line.about == "said_less" or line.about in suggestions.about
        assert ("{said}" in line.text) <= (line.about == "said_less")


def test_words_that_say_less_than_the_voice_are_taken_up_as_they_were_said(english) -> None:
    shown = {
        line for start in range(9) for line in suggested_replies(shift("heavy", "I'm just tired.", start), english)
    }
    assert any('"I\'m just tired"' in line for line in shown)
    assert not any("{said}" in line for line in shown)


@pytest.mark.parametrize(
    ("kind", "text", "matter"),
    [
        ("tearful", "I feel like I'm losing you.", "us"),
        ("heavy", "I do everything by myself.", "alone"),
        ("tearful", "I tried so hard and it still wasn't enough.", "not_enough"),
        ("sharp", "I have asked you three times already!", "unheard"),
    ],
)
def test_the_lines_fit_what_the_words_were_about(kind, text, matter, english) -> None:
    about = {line.text for line in english.lines if line.about == matter}
    assert set(suggested_replies(shift(kind, text), english)) & about


def test_the_lines_do_different_things(english) -> None:
    act_of = {line.text: line.act for line in english.lines}
    for kind in KINDS:
        shown = suggested_replies(shift(kind), english)
        assert len({act_of[line] for line in shown}) == SHOWN


def test_one_shift_always_gets_the_same_lines_and_the_next_one_others(english) -> None:
    assert suggested_replies(shift("heavy"), english) == suggested_replies(shift("heavy"), english)
    assert len({suggested_replies(shift("heavy", start=float(start)), english) for start in range(10, 60, 7)}) > 1


def test_a_language_without_a_file_has_no_suggestions() -> None:
    assert load_suggestions("xx") is None
