"""How each speaker takes part: shares, turns, coming in over the other, time to answer, and ranges of shares."""

from __future__ import annotations

import pytest

from analysis.taking_part import FEWEST_ANSWERS, proportion, taking_part


def figures(talk):
    return {one.speaker: one for one in taking_part(talk.conversation())}


def test_who_speaks_three_times_as_long_has_three_quarters_of_the_talk(empty_talk) -> None:
    for _ in range(4):
        empty_talk.say("Maya", "I put the blue box on the shelf over there.", seconds=6.0)
        empty_talk.say("Jonas", "And where is the green one then?", seconds=2.0)
    shares = {speaker: one.share for speaker, one in figures(empty_talk).items()}
    assert shares == pytest.approx({"Maya": 0.75, "Jonas": 0.25})


def test_two_lines_of_one_voice_in_a_row_are_one_turn(empty_talk) -> None:
    empty_talk.say("Maya", "I put the blue box on the shelf.")
    empty_talk.say("Jonas", "The green one is still in the hall.")
    empty_talk.say("Jonas", "I can get it in a minute.", after=1.5)
    empty_talk.say("Maya", "Then we are nearly there with it.")
    assert {speaker: one.turns for speaker, one in figures(empty_talk).items()} == {"Maya": 2, "Jonas": 1}


def test_a_sign_of_listening_is_no_turn(empty_talk) -> None:
    empty_talk.say("Maya", "I put the blue box on the shelf and the green one.")
    empty_talk.say("Jonas", "Mm-hm.", seconds=0.4, after=0.1)
    empty_talk.say("Maya", "And the green one is still in the hall.")
    jonas = figures(empty_talk)["Jonas"]
    assert (jonas.turns, jonas.listening) == (0, 1)


def test_coming_in_a_second_before_the_end_is_an_interruption(empty_talk) -> None:
    empty_talk.say("Maya", "I put the blue box on the shelf over there.", seconds=4.0)
    empty_talk.say("Jonas", "But the green one is still out in the hall.", after=-1.0)
    found = figures(empty_talk)
    assert (found["Maya"].interruptions, found["Jonas"].interruptions) == (0, 1)


def test_coming_in_on_the_last_sound_is_none(empty_talk) -> None:
    empty_talk.say("Maya", "I put the blue box on the shelf over there.", seconds=4.0)
    empty_talk.say("Jonas", "But the green one is still out in the hall.", after=-0.2)
    assert figures(empty_talk)["Jonas"].interruptions == 0


def test_the_time_to_answer_is_the_median_of_each_ones_own(empty_talk) -> None:
    for _ in range(FEWEST_ANSWERS + 1):
        empty_talk.say("Maya", "I put the blue box on the shelf over there.", after=0.2)
        empty_talk.say("Jonas", "And the green one is still in the hall.", after=1.4)
    found = figures(empty_talk)
    assert found["Maya"].answer_times.median == pytest.approx(0.2)
    assert found["Jonas"].answer_times.median == pytest.approx(1.4)


def test_a_few_answers_tell_of_no_usual_time(empty_talk) -> None:
    empty_talk.chat(2 * FEWEST_ANSWERS - 2)
    assert figures(empty_talk)["Jonas"].answer_times is None


def test_what_is_said_after_a_long_silence_is_no_late_answer(empty_talk) -> None:
    empty_talk.chat(2 * FEWEST_ANSWERS)
    for _ in range(FEWEST_ANSWERS + 1):
        empty_talk.say("Maya", "I put the blue box on the shelf over there.")
        empty_talk.say("Jonas", "And the green one is still in the hall.", after=20.0)
    assert figures(empty_talk)["Jonas"].answer_times.median == pytest.approx(0.3)


def test_a_silent_recording_has_no_figures(empty_talk) -> None:
    assert taking_part(empty_talk.conversation()) == ()


def test_a_share_of_few_has_a_wide_range_and_one_of_many_a_narrow_one() -> None:
    few, many = proportion(2, 4), proportion(200, 400)
    assert (few.low, few.high) == pytest.approx((0.18, 0.82), abs=0.01)  # Wilson's, by hand
    assert many.high - many.low < 0.1


def test_none_of_none_may_be_anything() -> None:
    nothing = proportion(0, 0)
    assert (nothing.low, nothing.high) == (0.0, 1.0)


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="5 is no part of 4"):
        proportion(5, 4)
