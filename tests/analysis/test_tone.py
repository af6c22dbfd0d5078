"""Which way a tone went: each kind is told from ordinary talk, from the other kinds and from decoys."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis.baseline import COMPARED_AS_LOGARITHM, TYPICAL_SPREAD, speaker_baseline
from analysis.tone import (
    DIMENSIONS,
    DIRECTIONS,
    FARTHEST,
    GO_TOGETHER,
    MOST_EVIDENCE,
    STATES,
    VOICE_KINDS,
    evidence_for,
    probabilities,
    read_tone,
)
from audio.conversation import Measures, Phrase


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
    draws = [chances(talk, baseline, tone) for _ in range(20)]
    assert sum(found[kind] for found in draws for kind in VOICE_KINDS) / len(draws) < 0.25


def test_a_gentle_voice_is_taken_for_gentle_or_ordinary_rather_than_heavy(talk, true_normal) -> None:
    draws = [chances(talk, true_normal, "gentle") for _ in range(20)]
    assert sum(found["heavy"] for found in draws) / len(draws) < 0.15
    assert sum(found["gentle"] for found in draws) / len(draws) > 0.15


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


def read_alone(true_normal, sniffs=0.0, seconds=2.8, **spreads):
    """A phrase that is normal but for some measures, each so many of its spreads off."""
    values = {
        name: centre + spreads.get(name, 0.0) * true_normal.spread[name] for name, centre in true_normal.centre.items()
    }
    values = {name: math.exp(value) if name in COMPARED_AS_LOGARITHM else value for name, value in values.items()}
    measures = Measures(seconds=seconds, sniffs=sniffs, **values)
    return read_tone(Phrase(100.0, 100.0 + seconds, (), (), measures), true_normal)


def chance_of(kind, reading) -> float:
    return float(probabilities([reading.likelihoods])[0, STATES.index(kind)])


def test_an_ordinary_phrase_is_at_zero_in_every_dimension(true_normal) -> None:
    assert list(read_alone(true_normal).dimensions.values()) == pytest.approx([0.0] * len(DIMENSIONS))


def test_what_two_dimensions_share_does_not_count_twice(true_normal) -> None:
    """A higher voice has a steeper low spectrum anyway: both together say less than one and the other."""
    both = read_alone(true_normal, pitch_median=2.0, slope_low=2.0)
    apart = [read_alone(true_normal, pitch_median=2.0), read_alone(true_normal, slope_low=2.0)]
    sharp = STATES.index("sharp")
    nothing = read_alone(true_normal).likelihoods[sharp]
    assert both.likelihoods[sharp] - nothing < sum(one.likelihoods[sharp] - nothing for one in apart) + 0.1
    assert GO_TOGETHER["pitch", "tension"] > 0.5


def test_what_goes_against_the_usual_says_more_than_what_goes_along(true_normal) -> None:
    """A rough voice is mostly less clear; one that is rough and clear is odd, and no weeping."""
    along = read_alone(true_normal, roughness=2.0, harmonicity=-2.0)
    against = read_alone(true_normal, roughness=2.0, harmonicity=2.0)
    assert 3 * chance_of("tearful", against) < chance_of("tearful", along)


@pytest.mark.parametrize("kind", VOICE_KINDS)
def test_no_dimension_says_more_than_it_may(true_normal, kind) -> None:
    far = read_alone(true_normal, **dict.fromkeys(TYPICAL_SPREAD, 30.0))
    assert all(abs(nats) <= MOST_EVIDENCE for nats in evidence_for(kind, far).values())
    assert max(abs(value) for value in far.dimensions.values()) <= FARTHEST * 1.3


def test_a_sniff_speaks_for_tears_but_does_not_decide_alone(true_normal) -> None:
    for sniffs in (1.0, 4.0):
        assert chance_of("tearful", read_alone(true_normal)) < chance_of(
            "tearful", read_alone(true_normal, sniffs=sniffs)
        )
        assert chance_of("tearful", read_alone(true_normal, sniffs=sniffs)) < 0.3
    weeping = {"harmonicity": -2.1, "devoiced_share": 1.4, "roughness": 1.0, "tremor": 0.8, "syllable_rate": -1.0}
    assert chance_of("tearful", read_alone(true_normal, **weeping)) < 0.3
    assert chance_of("tearful", read_alone(true_normal, sniffs=1.0, **weeping)) > 0.6


def test_the_same_measures_say_less_in_half_a_second(true_normal) -> None:
    heavy = {"pitch_median": -2.2, "pitch_range": -1.8, "slope_low": -1.5, "syllable_rate": -1.5, "loudness": -1.5}
    long, short = (read_alone(true_normal, seconds=seconds, **heavy) for seconds in (2.8, 0.5))
    assert abs(short.dimensions["pitch"]) < 0.6 * abs(long.dimensions["pitch"])
    assert chance_of("heavy", short) < 0.3 * chance_of("heavy", long)


def test_what_could_not_be_measured_counts_as_normal(true_normal) -> None:
    reading = read_tone(Phrase(100.0, 101.0, (), (), Measures(seconds=1.0)), true_normal)
    assert all(math.isnan(value) for value in reading.dimensions.values())
    assert chance_of("ordinary", reading) > 0.8
