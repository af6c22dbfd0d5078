"""Which way a tone went: each kind is told from ordinary talk, from the other kinds and from decoys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.baseline import speaker_baseline
from analysis.tone import DIMENSIONS, DIRECTIONS, STATES, VOICE_KINDS, evidence_for, probabilities, read_tone


@pytest.fixture
def baseline(talk):
    return speaker_baseline("Maya", [p for u in talk.utterances for p in u.phrases if u.speaker == "Maya"])


def chances(talk, baseline, tone, **changes):
    phrase = talk.say("Maya", "I put it on the shelf over there.", tone).phrases[0]
    phrase = replace(phrase, measures=replace(phrase.measures, **changes))
    reading = read_tone(phrase, baseline)
    return dict(zip(STATES, probabilities([reading.likelihoods])[0], strict=True))


@pytest.mark.parametrize("kind", VOICE_KINDS)
def test_a_plain_shift_is_named_by_its_kind(talk, baseline, kind) -> None:
    found = chances(talk, baseline, kind)
    assert found[kind] > 0.5
    assert max(VOICE_KINDS, key=found.__getitem__) == kind


@pytest.mark.parametrize("tone", ["ordinary", "bright", "gentle", "far away"])
def test_no_shift_is_heard_in_ordinary_bright_gentle_or_distant_talk(talk, baseline, tone) -> None:
    for _ in range(5):
        found = chances(talk, baseline, tone)
        assert sum(found[kind] for kind in VOICE_KINDS) < 0.5


def test_loudness_alone_is_never_a_shift(talk, baseline) -> None:
    for loudness in (-55.0, -40.0, -10.0, -3.0):
        found = chances(talk, baseline, "ordinary", loudness=loudness)
        assert sum(found[kind] for kind in VOICE_KINDS) < 0.4


def test_heavy_and_tearful_lie_on_opposite_sides_in_pitch() -> None:
    assert all(way["pitch"] < 0 for way in DIRECTIONS["heavy"])
    assert all(way["pitch"] > 0 for way in DIRECTIONS["tearful"])


def test_high_unsteady_tears_are_heard_as_well_as_breathy_slow_ones(talk, baseline) -> None:
    for tone in ("tearful", "despairing"):
        assert chances(talk, baseline, tone)["tearful"] > 0.5


def test_a_second_heavy_phrase_makes_the_first_surer(talk, baseline) -> None:
    subtle = read_tone(talk.say("Maya", "It has been long.", "heavy").phrases[0], baseline).likelihoods
    alone = probabilities([subtle])[0]
    together = probabilities([subtle, subtle])[0]
    assert together[STATES.index("heavy")] > alone[STATES.index("heavy")]


def test_probabilities_sum_to_one(talk, baseline) -> None:
    rows = [read_tone(utterance.phrases[0], baseline).likelihoods for utterance in talk.utterances]
    assert probabilities(rows).sum(axis=1) == pytest.approx(1.0)


def test_the_evidence_for_a_kind_says_which_dimensions_spoke(talk, baseline) -> None:
    reading = read_tone(talk.say("Maya", "I'm just tired.", "heavy").phrases[0], baseline)
    evidence = evidence_for("heavy", reading)
    assert set(evidence) == set(DIMENSIONS)
    assert evidence["pitch"] > 0
    assert evidence["pace"] > 0
