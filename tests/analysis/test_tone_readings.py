"""Many phrases read at once, and a session read once more, come out as each by itself and as at first."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.baseline import compared_phrases, speaker_baseline
from analysis.drift import RECORDER_PHRASES, RECORDER_WINDOW, STEP, Course, Timed, recorder_courses
from analysis.moments import read_conversation
from analysis.tone import read_tone, read_tones
from analysis.tone_readings import tone_readings

GAIN_TURNED_UP = {"loudness": (Course((0.0, 40.0, 90.0), (0.0, 3.0, -1.0)), Course((10.0, 60.0), (0.5, 1.0)))}
SESSION = 300.0  # seconds


def phrases_of(speaker, talk):
    return [phrase for utterance in talk.utterances if utterance.speaker == speaker for phrase in utterance.phrases]


def without(phrase, *measures):
    return replace(phrase, measures=replace(phrase.measures, **dict.fromkeys(measures, math.nan)))


@pytest.fixture
def phrases(talk):
    """Phrases of Maya's in several tones, some of them with measures that could not be taken."""
    for tone in ("heavy", "tearful", "sharp", "bright"):
        talk.say("Maya", "I was going to say something about it.", tone, seconds=1.7)
    said = phrases_of("Maya", talk)
    said[2] = without(said[2], "tremor")
    said[5] = without(said[5], "syllable_rate", "spoken_rate", "harmonicity")
    said[7] = replace(said[7], measures=replace(said[7].measures, sniffs=1.0))
    return said


def test_phrases_read_at_once_sound_as_each_by_itself(phrases) -> None:
    normal = speaker_baseline("Maya", phrases, None, GAIN_TURNED_UP)
    for reading, phrase in zip(read_tones(phrases, normal), phrases, strict=True):
        alone = read_tone(phrase, normal)
        assert reading.likelihoods == alone.likelihoods
        np.testing.assert_equal(dict(reading.dimensions), dict(alone.dimensions))


def test_phrases_compared_at_once_lie_as_far_from_the_normal_as_each_by_itself(phrases) -> None:
    normal = speaker_baseline("Maya", phrases, None, GAIN_TURNED_UP)
    distances = normal.distances_of(compared_phrases("Maya", phrases, GAIN_TURNED_UP))
    for place, phrase in enumerate(phrases):
        alone = normal.distances(phrase.measures, (phrase.start + phrase.end) / 2)
        np.testing.assert_equal({name: distances[name][place] for name in distances}, alone)


def test_a_course_is_the_same_for_many_times_as_for_each() -> None:
    course = GAIN_TURNED_UP["loudness"][0]
    times = [-5.0, 0.0, 12.5, 40.0, 89.9, 90.0, 1000.0]
    assert course.along(np.array(times)).tolist() == [course.at(time) for time in times]


def test_a_course_of_one_point_is_the_same_everywhere() -> None:
    assert Course((5.0,), (2.0,)).along(np.array([0.0, 5.0, 9.0])).tolist() == [2.0, 2.0, 2.0]


def test_the_recorder_is_followed_by_the_median_of_what_lies_around() -> None:
    chance = np.random.default_rng(3)
    times = np.sort(chance.uniform(0, SESSION, 60))
    loud = Timed(times, {"loudness": chance.normal(0, 2, 60)})
    course = recorder_courses([loud, loud])["loudness"]
    for time, offset in zip(np.arange(times[0], times[-1] + STEP, STEP), course.offsets, strict=True):
        around = loud.values["loudness"][(times >= time - RECORDER_WINDOW / 2) & (times < time + RECORDER_WINDOW / 2)]
        moved = (np.median(around) - np.median(loud.values["loudness"])) if len(around) else 0.0
        assert offset == pytest.approx(moved * len(around) / (len(around) + RECORDER_PHRASES))


def test_the_readings_of_a_conversation_are_given_phrase_by_phrase(talk) -> None:
    normals = {"Maya": speaker_baseline("Maya", phrases_of("Maya", talk))}
    tones = tone_readings(talk.utterances, normals)
    third, first = phrases_of("Maya", talk)[2], phrases_of("Maya", talk)[0]
    assert [reading.phrase for reading in tones.of([third, first])] == [third, first]


def test_who_has_no_sure_normal_is_not_read(talk) -> None:
    stranger = talk.say("Ida", "I only came to bring the keys.")
    normals = {"Ida": speaker_baseline("Ida", stranger.phrases)}
    with pytest.raises(KeyError):
        tone_readings(talk.utterances, normals).of(stranger.phrases)


def test_a_session_reads_the_same_again_and_after_a_correction_was_taken_back(talk) -> None:
    talk.say("Maya", "I sat in the car and could not go in.", "heavy")
    talk.say("Jonas", "What time is the plumber coming?")
    talk.say("Maya", "At four, I think.")
    talk.say("Jonas", "Sorry, you were telling me about the car and I passed it by.")
    said = talk.conversation()
    reply = said.utterances[-3]
    right = ("That", "sounds", "so", "hard", "on", "you.")
    words = tuple(replace(word, text=text) for word, text in zip(reply.words, right, strict=True))
    corrected = replace(reply, words=words, phrases=(replace(reply.phrases[0], words=words),))
    first = read_conversation(said)
    other = read_conversation(
        replace(said, utterances=tuple(corrected if one is reply else one for one in said.utterances))
    )
    assert first.candidates[-1].verdict == "missed"
    assert other.candidates[-1].verdict == "met"
    assert repr(read_conversation(said)) == repr(first)
