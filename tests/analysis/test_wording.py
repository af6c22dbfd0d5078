"""The sentence a person reads: what was heard, what was answered, and how sure that is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.acts import Act
from analysis.deviations import Deviation
from analysis.reply import Reply
from analysis.reply_timing import Timing
from analysis.reply_voice import Voice
from analysis.shifts import ToneShift
from analysis.verdict import Evidence
from analysis.wording import evidence_sentence, moment_sentence, possessive, quoted, reply_sentence, shift_sentence


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
    return Reply(
        12.2, 14.0, "Speaker_2", "Cool, want to go out?", acts,
        voice=Voice("bright", -1.0, (), is_sharp=False),
        timing=Timing(0.2, 0.0, usual=0.3, evidence=-0.1),
        evidence=Evidence(-3.0, -1.0, -0.1),
    )  # fmt: skip


def test_the_sentence_of_the_design(shift, reply) -> None:
    assert moment_sentence(shift, reply, "missed") == (
        "Speaker 1's voice dropped (3.1 semitones lower, 22 % slower) on \"I'm just tired\". "
        'Speaker 2 answered 0.2 s later with "Cool, want to go out?": a change of subject, in a bright voice.'
    )


def test_words_that_say_less_than_the_voice_are_named(shift) -> None:
    assert shift_sentence(replace(shift, said_less="I'm just tired")).endswith("words that say less than the voice.")


def test_doubt_is_said(reply) -> None:
    assert reply_sentence(reply, "unclear").endswith("it is unclear whether that met it.")


def test_words_that_may_be_wrong_are_told_of(reply) -> None:
    assert reply_sentence(replace(reply, doubtful=1.0), "missed").endswith("; most of these words are doubtful.")
    assert reply_sentence(replace(reply, doubtful=0.2), "missed").endswith("; some of these words are doubtful.")
    assert "doubtful" not in reply_sentence(replace(reply, doubtful=0.05), "missed")


def test_no_answer_is_said() -> None:
    assert reply_sentence(None, "unclear") == "Nobody answered within 8 s."


def test_talking_over_is_said(reply) -> None:
    early = replace(reply, timing=Timing(-0.8, 0.8, usual=0.3, evidence=-1.0))
    assert "cut in with" in reply_sentence(early, "missed")


def test_a_silence_that_was_left_is_told_as_one(reply) -> None:
    silence = replace(reply, start=12.0, end=15.5, text="", acts=(), voice=None, timing=None)
    assert reply_sentence(silence, "unclear") == (
        "Speaker 2 left 3.5 s of silence, and the other went on; it is unclear whether that met it."
    )


def test_which_of_the_three_spoke_and_how_loudly_is_said() -> None:
    assert (
        evidence_sentence(Evidence(-2.4, 0.3, 0.05)) == "Words clearly missed, voice slightly met, timing neither way."
    )
    assert evidence_sentence(Evidence(None, None, -1.0)) == "Words not known, voice not known, timing plainly missed."


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
