from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from dialogues import ADAM, EVE, confused, dialogue, recording, spans

from audio import channel_speakers
from audio.channel_speakers import carriers, mixdown, unfit
from audio.conversation import Span, Turn
from audio.errors import SpeakersError
from audio.recording import SAMPLE_RATE
from audio.separation import SpeakerRequest

TURNS = [("Adam", 2.0), ("Eve", 1.5), ("Adam", 1.0), ("Eve", 2.5), ("Adam", 2.0), ("Eve", 0.5), ("Adam", 1.5)]
OWN, TRUTH = dialogue(TURNS, {"Adam": ADAM, "Eve": EVE})
REGIONS = spans(TRUTH)
TWO = SpeakerRequest(2)


@pytest.fixture(autouse=True)
def hear_what_is_loud(monkeypatch):
    """Speech made by formulas is none to a model of speech: take what stands out of the noise."""

    def loud_regions(samples):
        hop = SAMPLE_RATE // 50
        level = np.sqrt(np.square(samples[: len(samples) // hop * hop].reshape(-1, hop)).mean(axis=1))
        loud = np.flatnonzero(level > 0.003)
        pieces = np.split(loud, np.flatnonzero(np.diff(loud) > 10) + 1)
        return tuple(Span(piece[0] * 0.02, (piece[-1] + 1) * 0.02) for piece in pieces if len(piece))

    monkeypatch.setattr(channel_speakers, "speech_regions", loud_regions)


def headsets(leakage_db: float, gain: float = 1.0):
    leak = 10 ** (leakage_db / 20)
    return recording(OWN["Adam"] + leak * OWN["Eve"], gain * (OWN["Eve"] + leak * OWN["Adam"]))


def separate(sound, request=TWO):
    return channel_speakers.channel_speakers(sound, REGIONS, request)


@pytest.mark.parametrize("leakage", [-60.0, -20.0, -12.0, -6.0])
def test_each_partner_is_heard_in_their_own_channel_whatever_leaks(leakage) -> None:
    found = separate(headsets(leakage))
    assert found.speakers == ("Speaker_1", "Speaker_2")
    assert found.channel_of == {"Speaker_1": 0, "Speaker_2": 1}
    assert confused(TRUTH, found.turns) < 0.02
    assert sum(t.duration for t in found.turns) == pytest.approx(sum(t.duration for t in TRUTH), rel=0.1)


def test_a_softer_microphone_still_carries_its_partner() -> None:
    found = separate(headsets(-15.0, gain=0.3))
    assert found.channel_of == {"Speaker_1": 0, "Speaker_2": 1}
    assert confused(TRUTH, found.turns) < 0.02


def test_both_keep_their_turn_when_they_talk_at_the_same_time() -> None:
    leak, start, length = 0.1, round(TRUTH[3].start * SAMPLE_RATE), SAMPLE_RATE
    adam = OWN["Adam"].copy()
    adam[start : start + length] += OWN["Adam"][round(TRUTH[0].start * SAMPLE_RATE) :][:length]
    found = separate(recording(adam + leak * OWN["Eve"], OWN["Eve"] + leak * adam))
    together = Span(TRUTH[3].start + 0.1, TRUTH[3].start + 0.9)
    assert {t.speaker for t in found.turns if t.overlap(together) > 0.7} == {"Speaker_1", "Speaker_2"}


def test_a_third_channel_that_only_hears_the_others_gets_no_speaker() -> None:
    sound = recording(OWN["Adam"], 0.1 * (OWN["Adam"] + OWN["Eve"]), OWN["Eve"])
    assert separate(sound).channel_of == {"Speaker_1": 0, "Speaker_2": 2}


def test_three_channels_of_three_voices_are_three_speakers() -> None:
    turns = [("A", 1.0), ("B", 1.0), ("C", 0.6), ("A", 1.0), ("C", 0.6)]
    own, truth = dialogue(turns, {"A": ADAM, "B": EVE, "C": ADAM})
    found = channel_speakers.channel_speakers(recording(*own.values()), spans(truth), SpeakerRequest(3))
    assert confused(truth, found.turns) < 0.02 and len(found.speakers) == 3


MIX = OWN["Adam"] + OWN["Eve"]


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (recording(MIX), "single channel"),
        (recording(MIX, MIX), "same mix"),
        (recording(MIX, -0.8 * MIX), "same mix"),
        (recording(MIX, np.zeros_like(MIX)), "whoever speaks"),
        (recording(np.random.default_rng(1).normal(0, 1e-3, len(MIX)), MIX), "whoever speaks"),
        (recording(OWN["Adam"] + 0.7 * OWN["Eve"], 0.7 * OWN["Adam"] + OWN["Eve"]), "more than one channel"),
        (recording(OWN["Adam"] + 0.4 * OWN["Eve"], 0.3 * OWN["Adam"] + 0.25 * OWN["Eve"]), "whoever speaks"),
    ],
    ids=["mono", "dual mono", "anti-phase", "dead", "noise only", "panned", "nearer to one"],
)
def test_channels_that_do_not_carry_one_partner_each_are_not_trusted(sound, reason) -> None:
    assert reason in (unfit(sound, REGIONS, TWO) or "")
    with pytest.raises(SpeakersError, match=reason):
        carriers(sound, REGIONS)


def test_two_channels_are_too_few_for_three_speakers() -> None:
    assert "3 speakers" in (unfit(headsets(-20.0), REGIONS, SpeakerRequest(3)) or "")


def test_a_recording_without_speech_has_no_carriers() -> None:
    assert "No speech" in (unfit(headsets(-20.0), (), TWO) or "")


def test_the_mix_survives_a_channel_that_is_upside_down() -> None:
    assert np.allclose(mixdown(recording(MIX, -MIX)), MIX, atol=1e-6)


def test_the_mix_leaves_out_a_dead_channel() -> None:
    assert np.allclose(mixdown(recording(MIX, 1e-4 * np.ones_like(MIX))), MIX)


def test_the_mix_of_two_partners_holds_both() -> None:
    assert np.allclose(mixdown(recording(OWN["Adam"], OWN["Eve"])), 0.5 * MIX, atol=1e-6)


def test_turns_lie_in_order_and_never_overlap_within_a_speaker() -> None:
    turns: tuple[Turn, ...] = separate(headsets(-12.0)).turns
    assert list(turns) == sorted(turns)
    for speaker in ("Speaker_1", "Speaker_2"):
        own = [turn for turn in turns if turn.speaker == speaker]
        assert all(a.end < b.start for a, b in pairwise(own))
