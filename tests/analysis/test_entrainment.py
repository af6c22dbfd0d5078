"""How alike two voices are at turn exchanges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.entrainment import FEWEST, Exchange, entrainment, exchanges, nearness
from analysis.normals import speakers_normals

MEASURES = ("loudness", "pitch_median", "harmonicity", "syllable_rate")


def exchange(time: float, before: float, after: float) -> Exchange:
    return Exchange(time, "Jonas", dict.fromkeys(MEASURES, before), dict.fromkeys(MEASURES, after))


def of(measure: str, found):
    return next(one for one in entrainment(found) if one.measure == measure)


def test_voices_that_follow_each_other_are_near_and_move_together() -> None:
    levels = [(-1) ** index * (1 + index % 4) for index in range(20)]
    found = [exchange(float(index), level, level) for index, level in enumerate(levels)]
    loudness = of("loudness", found)
    assert loudness.synchrony == pytest.approx(1.0)
    assert loudness.proximity > 1.0
    assert loudness.exchanges == 20


def test_voices_that_go_opposite_ways_are_out_of_step() -> None:
    levels = [(-1) ** index * (1 + index % 4) for index in range(20)]
    found = [exchange(float(index), level, -level) for index, level in enumerate(levels)]
    assert of("loudness", found).synchrony == pytest.approx(-1.0)
    assert of("loudness", found).proximity < 0


def test_voices_that_draw_nearer_over_the_session_converge() -> None:
    found = [exchange(float(index), 0.0, 2.0 - index / 10) for index in range(20)]
    assert of("pitch_median", found).convergence == pytest.approx(1.0)


def test_a_few_exchanges_say_nothing() -> None:
    found = [exchange(float(index), 0.0, 1.0) for index in range(FEWEST - 1)]
    assert entrainment(found) == ()
    assert nearness(found, 0.0) is None


def test_the_nearest_exchange_of_a_session_is_nearer_than_all_others() -> None:
    found = [exchange(float(index), 0.0, 1.0 + index) for index in range(12)]
    assert nearness(found, 0.0) == pytest.approx(1.0)
    assert nearness(found, 11.0) == pytest.approx(0.0)
    assert nearness(found, 99.0) is None


def test_what_could_not_be_measured_is_left_out() -> None:
    known = [exchange(float(index), 0.0, 1.0) for index in range(12)]
    found = [replace(one, after={**one.after, "loudness": float("nan")}) for one in known]
    assert {one.measure for one in entrainment(found)} == set(MEASURES) - {"loudness"}


def test_every_change_of_speakers_is_an_exchange_and_a_long_pause_is_none(talk) -> None:
    conversation = talk.conversation()
    found = exchanges(conversation.utterances, speakers_normals(conversation).baselines)
    assert len(found) == len(conversation.utterances) - 1
    talk.say("Maya", "The box is blue.", after=10.0)
    longer = talk.conversation()
    assert len(exchanges(longer.utterances, speakers_normals(longer).baselines)) == len(found)
