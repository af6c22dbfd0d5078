"""A speaker's own normal: where it lies, how wide it is, and what it rests on."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.baseline import LEAST_SPEECH, TYPICAL_SPREAD, speaker_baseline
from analysis.drift import Course
from audio.conversation import Measures


def phrases_of(talk, speaker):
    return [phrase for utterance in talk.utterances for phrase in utterance.phrases if utterance.speaker == speaker]


def test_the_normal_is_where_the_speaker_usually_is(talk) -> None:
    baseline = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    assert baseline.centre["pitch_median"] == pytest.approx(4.0, abs=0.4)
    assert baseline.centre["syllable_rate"] == pytest.approx(math.log(4.0), abs=0.05)


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


def test_a_phrase_that_hardly_counts_hardly_moves_the_normal(talk) -> None:
    before = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    for _ in range(16):
        talk.say("Maya", "I'm just tired.", "heavy")
    phrases = phrases_of(talk, "Maya")
    weights = np.array([1.0] * 16 + [0.01] * 16)
    after = speaker_baseline("Maya", phrases, weights)
    assert after.centre == pytest.approx(before.centre, abs=0.1)
    assert after.spread["pitch_median"] == pytest.approx(before.spread["pitch_median"], rel=0.05)
    assert speaker_baseline("Maya", phrases).centre["pitch_median"] < before.centre["pitch_median"] - 0.8


def test_phrases_that_all_count_alike_make_the_plain_median(talk) -> None:
    phrases = phrases_of(talk, "Maya")
    median = float(np.median([phrase.measures.pitch_median for phrase in phrases]))
    assert speaker_baseline("Maya", phrases).centre["pitch_median"] == pytest.approx(median)
    assert speaker_baseline("Maya", phrases, np.full(16, 0.3)).centre["pitch_median"] == pytest.approx(median)


def test_a_normal_that_rests_on_little_keeps_the_typical_spread(talk) -> None:
    phrases = phrases_of(talk, "Maya")
    typical = TYPICAL_SPREAD["pitch_median"]
    much, little = (speaker_baseline("Maya", phrases, np.full(16, count)).spread for count in (1.0, 0.05))
    assert abs(little["pitch_median"] - typical) < 0.2 * abs(much["pitch_median"] - typical)


@pytest.mark.parametrize(("seconds", "wider"), [(0.5, 2.0), (1.0, 1.3), (2.8, 1.0)])
def test_the_shorter_a_phrase_the_wider_its_spread(talk, seconds, wider) -> None:
    baseline = speaker_baseline("Maya", phrases_of(talk, "Maya"))
    low = replace(talk.utterances[0].measures, pitch_median=0.0, seconds=seconds)
    distance = -baseline.centre["pitch_median"] / baseline.spread["pitch_median"]
    assert baseline.distances(low, 10.0)["pitch_median"] == pytest.approx(distance / wider, rel=0.1)


def test_what_changes_slowly_is_taken_off_before_it_is_compared(talk) -> None:
    phrases = phrases_of(talk, "Maya")
    louder = [
        replace(one, measures=replace(one.measures, loudness=one.measures.loudness + 0.1 * one.start))
        for one in phrases
    ]
    courses = {"loudness": (Course((0.0, 200.0), (0.0, 20.0)),)}
    steady, followed = speaker_baseline("Maya", phrases), speaker_baseline("Maya", louder, courses=courses)
    assert followed.centre["loudness"] == pytest.approx(steady.centre["loudness"], abs=0.3)
    late = replace(phrases[0].measures, loudness=-15.0)
    assert followed.normal("loudness", 100.0) == pytest.approx(followed.centre["loudness"] + 10.0)
    assert abs(followed.distances(late, 100.0)["loudness"]) < 1 < followed.distances(late, 0.0)["loudness"]
