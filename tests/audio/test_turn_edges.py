"""Turns end where the voice ends."""

from __future__ import annotations

import numpy as np
import pytest
from voices import noise, silence, tone

from audio.conversation import Turn
from audio.turn_edges import trimmed


@pytest.fixture
def talk():
    """Two seconds of room, two of a voice, two of room, two of another voice, two of room."""
    parts = [silence(2), tone(2, 120.0), silence(2), tone(2, 200.0), silence(2)]
    return np.concatenate(parts) + noise(10, -65)


def test_silence_at_the_edges_of_a_turn_is_taken_off(talk) -> None:
    first, second = trimmed([Turn(1.2, 5.0, "a"), Turn(5.0, 9.0, "b")], talk)
    assert (first.start, first.end) == pytest.approx((2.0, 4.0), abs=0.1)
    assert (second.start, second.end) == pytest.approx((6.0, 8.0), abs=0.1)


def test_a_pause_within_a_turn_stays(talk) -> None:
    (turn,) = trimmed([Turn(2.0, 8.0, "a")], talk)
    assert (turn.start, turn.end) == pytest.approx((2.0, 8.0), abs=0.1)


def test_a_turn_never_grows_and_none_is_lost(talk) -> None:
    turns = [Turn(2.5, 3.0, "a"), Turn(4.5, 5.5, "b"), Turn(6.0, 6.03, "a")]
    for before, after in zip(turns, trimmed(turns, talk), strict=True):
        assert before.start <= after.start <= after.end <= before.end
        assert before.speaker == after.speaker
