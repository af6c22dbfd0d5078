"""A speaker's own normal holds out against the very shifts that it is there to show."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis.baseline import LEAST_SPEECH, speaker_baseline
from audio.conversation import Measures


def phrases_of(talk, speaker):
    return [phrase for utterance in talk.utterances for phrase in utterance.phrases if utterance.speaker == speaker]


def test_the_normal_is_where_the_speaker_usually_is(talk) -> None:
    baseline = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    assert baseline.centre["pitch_median"] == pytest.approx(4.0, abs=0.4)
    assert baseline.centre["syllable_rate"] == pytest.approx(math.log(4.0), abs=0.05)


def test_a_third_of_heavy_phrases_does_not_move_the_normal_by_half_a_semitone(talk) -> None:
    before = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    for _ in range(8):
        talk.say("Maya", "I'm just tired.", "heavy")
    after = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    assert abs(after.centre["pitch_median"] - before.centre["pitch_median"]) < 0.5


def test_half_a_minute_of_speech_is_the_least(empty_talk) -> None:
    for _ in range(5):
        empty_talk.say("Maya", "I put it on the shelf.", seconds=LEAST_SPEECH / 6)
    assert not speaker_baseline("Maya", phrases_of(empty_talk, "Maya")).is_enough
    empty_talk.say("Maya", "I put it on the shelf.", seconds=LEAST_SPEECH / 6)
    assert speaker_baseline("Maya", phrases_of(empty_talk, "Maya")).is_enough


def test_a_handful_of_equal_phrases_is_no_proof_of_an_even_voice(empty_talk) -> None:
    same = empty_talk.say("Maya", "I put it on the shelf.").phrases[0]
    baseline = speaker_baseline("Maya", [same] * 5)
    assert baseline.spread["pitch_median"] > 0.8


def test_a_short_answer_is_measured_with_a_wider_spread(talk) -> None:
    baseline = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    low = replace(talk.utterances[0].measures, pitch_median=0.0)
    long, short = replace(low, seconds=3.0), replace(low, seconds=0.5)
    assert abs(baseline.distances(short, 10.0)["pitch_median"]) < 0.6 * abs(
        baseline.distances(long, 10.0)["pitch_median"]
    )


def test_what_was_never_measured_is_not_compared(talk) -> None:
    phrases = [
        replace(phrase, measures=replace(phrase.measures, spoken_rate=math.nan)) for phrase in phrases_of(talk, "Maya")
    ]
    baseline = speaker_baseline("Maya", phrases)
    assert "spoken_rate" not in baseline.centre
    assert math.isnan(baseline.distances(Measures(seconds=2.0), 10.0)["pitch_median"])
