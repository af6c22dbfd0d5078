from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from dialogues import ADAM, EVE, Voice, confused, dialogue, recording, spans, speech

from audio.builtin_speakers import builtin_speakers
from audio.channel_speakers import mixdown
from audio.conversation import Span
from audio.errors import SpeakersError
from audio.given_speakers import read_rttm
from audio.recording import SAMPLE_RATE, open_recording
from audio.separation import SpeakerRequest
from audio.timbre import _room, timbre
from audio.voice_activity import speech_regions
from audio.voice_models import CHANGE, CHANGE_AT_PAUSE, _course

SAMPLES = Path(__file__).parents[2] / "sample_data"
LENGTHS = (3.0, 2.0, 1.5, 2.5, 3.5, 0.6, 2.0, 0.5, 2.5, 3.0, 1.5, 2.0, 2.5, 1.0)
VOICES = {"Adam": ADAM, "Eve": EVE}
TURNS = [("Adam" if number % 2 else "Eve", seconds) for number, seconds in enumerate(LENGTHS)]


def separate(own, truth, count=2):
    return builtin_speakers(recording(sum(own.values())), spans(truth), SpeakerRequest(count))


@pytest.mark.parametrize("name", ["sunday", "evening"])
def test_the_partners_of_the_sample_conversations_are_told_apart(name) -> None:
    conversation, truth = open_recording(SAMPLES / f"{name}.ogg"), read_rttm(SAMPLES / f"{name}.rttm", name)
    regions = speech_regions(mixdown(conversation))
    found = builtin_speakers(conversation, regions, SpeakerRequest(2))
    assert confused(truth, found.turns) < 0.05
    assert found.speakers == ("Speaker_1", "Speaker_2") and found.channel_of == {}


def test_half_a_minute_is_enough_and_a_short_answer_keeps_its_speaker() -> None:
    own, truth = dialogue(TURNS, VOICES)
    found = separate(own, truth)
    assert confused(truth, found.turns) < 0.05
    names = {t.speaker: max(found.turns, key=t.overlap).speaker for t in truth if t.duration > 2}
    for answer in (t for t in truth if t.duration < 0.7):
        assert max(found.turns, key=answer.overlap).speaker == names[answer.speaker]


def test_a_change_of_speaker_without_a_pause_is_heard() -> None:
    own, truth = dialogue(TURNS, VOICES, pause=0.0)
    whole = (Span(truth[0].start, truth[-1].end),)
    found = builtin_speakers(recording(sum(own.values())), whole, SpeakerRequest(2))
    assert confused(truth, found.turns) < 0.1


def test_a_third_voice_that_says_little_gets_its_own_name() -> None:
    turns = [*TURNS, ("Coach", 2.0), *TURNS, ("Coach", 1.5), *TURNS[:3]]
    own, truth = dialogue(turns, {**VOICES, "Coach": Voice(150.0, 0.85)})
    found = separate(own, truth, count=3)
    assert len(found.speakers) == 3 and confused(truth, found.turns) < 0.05


def test_a_single_voice_is_not_cut_in_two() -> None:
    samples = open_recording(SAMPLES / "sunday.ogg").samples[0]
    turns = [turn for turn in read_rttm(SAMPLES / "sunday.rttm", "sunday") if turn.speaker == "Edwin"]
    alone = np.zeros_like(samples)
    for turn in turns:
        within = slice(round(turn.start * SAMPLE_RATE), round(turn.end * SAMPLE_RATE))
        alone[within] = samples[within]
    found = builtin_speakers(recording(alone), spans(turns), SpeakerRequest(2))
    assert found.speakers == ("Speaker_1",) and found.notes == ("Only one voice was found, where 2 were expected.",)


def test_one_expected_speaker_has_all_the_speech() -> None:
    own, truth = dialogue(TURNS[:4], VOICES)
    found = separate(own, truth, count=1)
    assert found.speakers == ("Speaker_1",) and found.notes == ()
    assert sum(t.duration for t in found.turns) >= sum(t.duration for t in truth)


@pytest.mark.parametrize("regions", [(), (Span(1.0, 1.05),)], ids=["none", "a click"])
def test_without_speech_there_are_no_speakers_to_tell_apart(regions) -> None:
    with pytest.raises(SpeakersError, match=r"No speech was found in talk\.wav"):
        builtin_speakers(recording(np.zeros(16_000 * 10)), regions, SpeakerRequest(2))


@pytest.mark.parametrize("seconds", [0.12, 0.4, 1.5])
def test_a_word_or_two_is_one_speaker_and_no_error(seconds) -> None:
    sound = recording(speech(EVE, seconds, seed=1))
    assert builtin_speakers(sound, (Span(0.0, seconds),), SpeakerRequest(2)).speakers == ("Speaker_1",)


def test_the_same_recording_gives_the_same_turns_again() -> None:
    own, truth = dialogue(TURNS, VOICES)
    assert separate(own, truth) == separate(own, truth)


def test_turns_do_not_overlap_and_progress_is_told_to_the_end() -> None:
    own, truth = dialogue(TURNS, VOICES)
    told: list[float] = []
    found = builtin_speakers(recording(sum(own.values())), spans(truth), SpeakerRequest(2), told.append)
    assert all(a.end <= b.start for a, b in pairwise(found.turns))
    assert told == sorted(told) and told[-1] == 1.0


def test_a_change_must_be_worth_its_price_and_is_cheaper_after_a_pause() -> None:
    scores = np.zeros((9, 2))
    scores[:, 1] = -CHANGE
    scores[3:6, 1] = CHANGE_AT_PAUSE  # worth more than two cheap changes and less than two dear ones
    flowing, paused = np.full(9, CHANGE), np.full(9, CHANGE)
    paused[[3, 6]] = CHANGE_AT_PAUSE
    assert not _course(scores, flowing)[0].any()
    assert _course(scores, paused)[0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_pitch_is_measured_in_semitones_and_only_where_there_is_a_voice() -> None:
    sound = np.concatenate([speech(Voice(200.0), 2.0, seed=3), np.random.default_rng(0).normal(0, 0.01, SAMPLE_RATE)])
    measured = timbre(sound.astype(np.float32), [Span(0.0, 3.0)], lambda share: None)
    assert np.nanmedian(measured.pitch) == pytest.approx(12.0, abs=1.5)
    assert np.isnan(measured.pitch[220:]).mean() > 0.9
    assert measured.cepstra.shape == (300, 19) and measured.frame.tolist() == list(range(300))


@pytest.mark.parametrize(("noise", "is_noisy"), [(1e-4, False), (0.03, True)])
def test_only_a_noisy_room_is_reckoned_with(noise, is_noisy) -> None:
    assert (_room(between_pauses(noise)) > 0).all() == is_noisy


def test_the_noise_of_the_room_wavers_less_than_the_voice() -> None:
    cepstra = timbre(between_pauses(0.03), [Span(0.0, 4.0)], lambda share: None).cepstra
    room, voice = cepstra[:95].std(axis=0), cepstra[105:295].std(axis=0)
    assert np.median(room / voice) < 0.5  # 0.7 where the room is not reckoned with


def between_pauses(noise: float) -> np.ndarray:
    """Two seconds of a voice between two pauses of a second, in white noise of this RMS."""
    spoken = np.pad(speech(EVE, 2.0, seed=3), SAMPLE_RATE)
    return (spoken + np.random.default_rng(1).normal(0, noise, len(spoken))).astype(np.float32)
