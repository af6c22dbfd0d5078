"""What changes slowly: the recorder's doing is taken off, a partner's heavy minute is not, people warm up."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.drift import FLOW_LEAST, FLOW_SHARE, Course, Timed, flow_courses, recorder_courses

SESSION = 1800.0  # seconds
EVERY = 6.0  # seconds between the phrases of one speaker


def times(session: float = SESSION, start: float = 0.0):
    return np.arange(start, session, EVERY)


def speaker(start: float = 0.0, *, session: float = SESSION, seed: int = 0, **changes) -> Timed:
    """A speaker whose measures vary a little around 0; `changes` are functions of the time that add to them."""
    at = times(session, start)
    chance = np.random.default_rng(seed)
    values = {
        name: chance.normal(0, 0.5, len(at)) + np.array([change(time) for time in at])
        for name, change in {"loudness": flat, "tilt": flat, "pitch_median": flat, **changes}.items()
    }
    return Timed(at, values)


def flat(time: float) -> float:
    return 0.0


def turned_down(time: float) -> float:
    """A recorder that turns the gain down by 8 dB for ten minutes of the session."""
    return -8.0 if 600 <= time < 1200 else 0.0


def heavy_minute(time: float) -> float:
    return -8.0 if 600 <= time < 660 else 0.0


def warming_up(time: float) -> float:
    """Pitch that rises by four semitones over the session."""
    return 4.0 * time / SESSION


def test_a_gain_that_drops_for_both_is_the_recorders() -> None:
    both = [speaker(loudness=turned_down), speaker(3.0, seed=1, loudness=turned_down)]
    course = recorder_courses(both)["loudness"]
    assert course.at(900) == pytest.approx(-8.0, abs=2.5)
    assert course.at(900) < -5
    assert course.at(200) == pytest.approx(0.0, abs=0.5)
    assert course.at(1600) == pytest.approx(0.0, abs=0.5)


def test_a_drop_of_one_voice_alone_is_the_speakers_own() -> None:
    course = recorder_courses([speaker(loudness=turned_down), speaker(3.0, seed=1)])["loudness"]
    assert abs(course.at(900)) < 0.5


def test_the_heavy_minute_of_one_partner_is_never_the_recorders() -> None:
    course = recorder_courses([speaker(loudness=heavy_minute), speaker(3.0, seed=1)])["loudness"]
    assert max(abs(offset) for offset in course.offsets) < 0.8


def test_one_who_grows_louder_while_the_other_grows_softer_is_no_gain() -> None:
    both = [speaker(loudness=turned_down), speaker(3.0, seed=1, loudness=lambda time: -turned_down(time))]
    assert abs(recorder_courses(both)["loudness"].at(900)) < 0.5


def test_of_two_drops_only_what_both_share_counts() -> None:
    both = [speaker(loudness=turned_down), speaker(3.0, seed=1, loudness=lambda time: turned_down(time) / 2)]
    assert -4.2 < recorder_courses(both)["loudness"].at(900) < -2.5


def test_no_recorder_changes_anyones_pitch() -> None:
    both = [speaker(pitch_median=turned_down), speaker(3.0, seed=1, pitch_median=turned_down)]
    assert "pitch_median" not in recorder_courses(both)


def test_one_person_alone_cannot_tell_the_recorder_from_themselves() -> None:
    assert recorder_courses([speaker(loudness=turned_down)]) == {}
    assert recorder_courses([]) == {}


def test_a_speaker_who_warms_up_is_followed_by_halves() -> None:
    course = flow_courses(speaker(pitch_median=warming_up))["pitch_median"]
    risen = course.at(1500) - course.at(300)
    assert risen == pytest.approx(FLOW_SHARE * (warming_up(1500) - warming_up(300)), abs=0.4)


def test_a_heavy_minute_is_no_flow() -> None:
    course = flow_courses(speaker(pitch_median=heavy_minute))["pitch_median"]
    assert abs(course.at(630)) < 0.3


def test_ten_heavy_minutes_do_not_become_normal() -> None:
    course = flow_courses(speaker(pitch_median=turned_down))["pitch_median"]
    assert course.at(900) >= -8.0 * FLOW_SHARE - 0.5


def test_a_short_session_has_no_flow() -> None:
    assert flow_courses(speaker(session=FLOW_LEAST - EVERY, pitch_median=warming_up)) == {}
    assert flow_courses(Timed(np.zeros(0), {})) == {}


def test_what_was_not_measured_does_not_count() -> None:
    one = speaker(pitch_median=warming_up)
    holes = one.values["pitch_median"].copy()
    holes[::3] = np.nan
    whole, holed = (
        flow_courses(Timed(one.times, {"pitch_median": values}))["pitch_median"]
        for values in (one.values["pitch_median"], holes)
    )
    assert holed.offsets == pytest.approx(whole.offsets, abs=0.3)


def test_a_measure_that_is_never_known_has_no_course_but_zero() -> None:
    both = [
        Timed(times(), {"loudness": np.full(len(times()), np.nan)}),
        speaker(3.0, loudness=turned_down),
    ]
    assert set(recorder_courses(both)["loudness"].offsets) == {0.0}


def test_between_its_points_a_course_is_straight_and_beyond_them_level() -> None:
    course = Course((0.0, 10.0), (0.0, 2.0))
    assert [course.at(time) for time in (-5.0, 5.0, 20.0)] == [0.0, 1.0, 2.0]
