"""The sentence a person reads: what was heard, what was answered, and how sure that is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.acts import Act
from analysis.deviations import Deviation
from analysis.reply import Reply
from analysis.shifts import ToneShift
from analysis.wording import moment_sentence, possessive, quoted, reply_sentence, shift_sentence


def deviation(measure, value, normal, difference, unit="semitones", distance=-2.0):
    return Deviation(measure, value, normal, difference, unit, distance)


@pytest.fixture
def shift() -> ToneShift:
    moved = (
        deviation("pitch_median", 1.0, 4.1, -3.1),
        deviation("spoken_rate", 3.9, 5.0, -22.0, "%"),
        deviation("syllable_rate", 3.0, 4.0, -25.0, "%"),
    )
    return ToneShift(10.0, 12.0, "Speaker_1", "heavy", 0.9, "I'm just tired.", None, moved)


@pytest.fixture
def reply() -> Reply:
    acts = (Act("change_subject", "want to go out", 1.0, False),)
    return Reply(12.2, 14.0, "Speaker_2", "Cool, want to go out?", acts, 0.2, "bright", -3.0, -1.0, -0.2)


def test_the_sentence_of_the_design(shift, reply) -> None:
    assert moment_sentence(shift, reply, "missed") == (
        "Speaker 1's voice dropped (3.1 semitones lower, 22 % slower) on \"I'm just tired\". "
        'Speaker 2 answered 0.2 s later with "Cool, want to go out?": a change of subject, in a bright voice.'
    )


def test_words_that_say_less_than_the_voice_are_named(shift) -> None:
    assert shift_sentence(replace(shift, said_less="I'm just tired")).endswith("words that say less than the voice.")


def test_doubt_is_said(reply) -> None:
    assert reply_sentence(reply, "unclear").endswith("it is unclear whether that met it.")


def test_no_answer_is_said() -> None:
    assert reply_sentence(None, "unclear") == "Nobody answered within 8 s."


def test_talking_over_is_said(reply) -> None:
    assert "cut in with" in reply_sentence(replace(reply, delay=-0.8), "missed")


def test_a_shift_without_words_is_told_by_its_voice_alone(shift) -> None:
    assert shift_sentence(replace(shift, text="")) == ("Speaker 1's voice dropped (3.1 semitones lower, 22 % slower).")


def test_quiet_is_told_by_delay_and_length() -> None:
    moved = (
        deviation("answer_delay", 1.8, 0.3, 1.5, "s"),
        deviation("answer_length", 0.5, 2.9, -2.4, "s"),
    )
    quiet = ToneShift(10.0, 20.0, "Jonas", "quiet", 0.9, "Yeah. … Fine.", None, moved)
    assert shift_sentence(quiet) == (
        "Jonas went quiet: answers came after 1.8 s (usually 0.3 s) and lasted 0.5 s (usually 2.9 s)."
    )


def test_long_quotes_are_cut_at_a_word() -> None:
    assert len(quoted("well " * 60)) < 100
    assert quoted("well " * 60).endswith('…"')


def test_names_in_s_take_a_bare_apostrophe() -> None:
    assert (possessive("Jonas"), possessive("Maya")) == ("Jonas'", "Maya's")
