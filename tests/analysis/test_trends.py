"""A couple over their sessions: a change is said where there is one, and only there."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.figures import Measured, MomentFigures, PartnerFigures, SessionFigures
from analysis.share_course import FEWEST_SESSIONS, rises_between, share_course, share_range
from analysis.taking_part import proportion
from analysis.trends import SURE, DatedSession, session_delays, trends
from analysis.value_course import FEWEST_BEFORE, Usual, is_unusual, value_course

FIRST = date(2026, 1, 6)
MET = MomentFigures("heavy", "Ann", "met", 0.95, 0.9, 1.0, False)
MISSED = replace(MET, verdict="missed", met=0.05)


def partner(name: str, pitch: float = 4.0, share: float = 0.5, named: bool = True) -> PartnerFigures:
    return PartnerFigures(name, named, share, 90, Measured(pitch, 0.1), Measured(4.0, 0.05), Measured(-25.0, 0.3))


def session(met: int, missed: int, *partners: PartnerFigures, mark: str | None = "agree") -> SessionFigures:
    moments = [replace(MET, mark=mark)] * met + [replace(MISSED, mark=mark)] * missed
    return SessionFigures(3000.0, partners or (partner("Ann"), partner("Ben")), tuple(moments))


def weekly(*sessions: SessionFigures) -> list[DatedSession]:
    return [DatedSession(FIRST + place * timedelta(days=7), one) for place, one in enumerate(sessions)]


def drawn(shares: list[float], moments: int, chance: random.Random) -> list[SessionFigures]:
    met = [sum(chance.random() < share for _ in range(moments)) for share in shares]
    return [session(count, moments - count) for count in met]


def test_certain_moments_give_the_usual_range_of_a_share() -> None:
    told = share_range([1.0] * 40 + [0.0] * 60)
    usual = proportion(40, 100)
    assert (told.low, told.middle, told.high) == pytest.approx((usual.low, 0.4, usual.high), abs=0.01)


def test_a_moment_that_is_half_certain_says_nothing() -> None:
    assert share_range([0.5] * 50) == replace(share_range([]), cases=0)


def test_what_the_machine_is_less_sure_of_says_less() -> None:
    sure, unsure = share_range([0.95] * 8 + [0.05] * 2), share_range([0.7] * 8 + [0.3] * 2)
    assert unsure.high - unsure.low > 1.2 * (sure.high - sure.low)


def test_what_may_be_no_moment_at_all_says_less() -> None:
    assert replace(MET, strength=0.6).chance_met < MET.chance_met


def test_a_moment_that_was_agreed_to_is_certain() -> None:
    assert (replace(MET, mark="agree").chance_met, replace(MISSED, mark="agree").chance_met) == (1.0, 0.0)


def test_agreeing_that_it_is_unclear_says_nothing() -> None:
    assert replace(MET, verdict="unclear", met=0.55, mark="agree").chance_met == 0.5


def test_a_dismissed_moment_is_none() -> None:
    left = session(3, 2, mark="dismiss")
    assert (left.counted, left.chances_met, left.of_verdict("met")) == ((), (), 0)


def test_an_unsure_mark_leaves_the_machine_as_it_is() -> None:
    assert replace(MET, mark="unsure").chance_met == MET.chance_met


def test_a_miss_that_was_come_back_to_speaks_for_repairs_and_one_that_was_met_for_nothing() -> None:
    repaired, not_repaired = replace(MISSED, mark="agree", repaired=True), replace(MISSED, mark="agree")
    assert (repaired.chance_repaired, not_repaired.chance_repaired) == (1.0, 0.0)
    assert replace(MET, mark="agree").chance_repaired == 0.5


def test_a_clear_rise_is_found() -> None:
    found = trends(weekly(*[session(3, 9)] * 4, *[session(9, 3)] * 4))
    assert found.met.direction == "more"
    assert found.met.line[0].middle < 0.45 < 0.55 < found.met.line[-1].middle


def test_a_clear_fall_is_found_as_well() -> None:
    assert trends(weekly(*[session(9, 3)] * 4, *[session(3, 9)] * 4)).met.direction == "less"


def test_the_same_in_every_session_is_no_change() -> None:
    found = trends(weekly(*[session(5, 5)] * 10))
    assert found.met.direction == "untold"
    assert found.met.rises == pytest.approx(0.5, abs=0.01)


def test_few_moments_are_no_change_however_they_fall() -> None:
    found = trends(weekly(session(0, 1), session(0, 1), session(1, 0), session(1, 0)))
    assert found.met.direction == "untold"


def test_too_few_sessions_are_no_course() -> None:
    found = share_course([[0.0] * 20, [0.5], [1.0] * 20], [-0.5, 0.0, 0.5], [], SURE)
    assert FEWEST_SESSIONS > 2
    assert found.rises > SURE
    assert found.direction == "untold"


def test_sessions_of_one_day_are_no_course() -> None:
    of_one_day = [DatedSession(FIRST, session(2, 9)), *[DatedSession(FIRST, session(9, 2))] * 5]
    assert trends(of_one_day).met.direction == "untold"


def test_where_nothing_changed_more_is_seldom_said_and_where_it_did_mostly() -> None:
    chance = random.Random(4)
    runs, sessions = 60, 10
    rise = [0.25 + 0.5 * place / (sessions - 1) for place in range(sessions)]
    said = {
        name: [trends(weekly(*drawn(shares, 12, chance))).met.direction for _ in range(runs)]
        for name, shares in (("same", [0.5] * sessions), ("rise", rise))
    }
    assert said["same"].count("more") <= 0.1 * runs
    assert said["same"].count("less") <= 0.1 * runs
    assert said["rise"].count("more") >= 0.7 * runs
    assert said["rise"].count("less") == 0


def test_a_voice_that_rises_for_good_is_found_and_one_that_varies_is_not() -> None:
    usual = Usual(departure=0.8, change=1.2)
    places = [place / 9 - 0.5 for place in range(10)]
    rising = [Measured(4.0 + 3.0 * place, 0.1) for place in places]
    varying = [Measured(4.0 + offset, 0.1) for offset in (0.9, -0.6, 0.2, -0.8, 0.5, 0.7, -0.9, 0.1, -0.3, 0.6)]
    assert value_course(rising, places, [-0.5, 0.5], usual, 0.97).direction == "more"
    assert value_course(varying, places, [-0.5, 0.5], usual, 0.97).direction == "untold"


def test_a_session_that_tells_little_moves_the_line_little() -> None:
    usual = Usual(departure=0.8, change=1.2)
    places = [-0.5, -0.2, 0.2, 0.5]
    at = [Measured(4.0, 0.1)] * 3
    doubtful = value_course([*at, Measured(14.0, 5.0)], places, [0.0], usual, 0.97)
    certain = value_course([*at, Measured(14.0, 0.1)], places, [0.0], usual, 0.97)
    assert abs(doubtful.line[0].middle - 4.0) < 0.3 < abs(certain.line[0].middle - 4.0)


def test_a_partner_is_known_by_name_whatever_the_case_of_the_letters() -> None:
    found = trends(weekly(session(1, 1), session(1, 1, partner("ann "), partner("Ben"))))
    assert found.left_out == ()
    assert sorted(one.name for one in found.measures["pitch"]) == ["Ben", "ann"]


def test_a_session_without_names_counts_for_its_moments_but_for_neither_partner() -> None:
    unnamed = session(2, 3, partner("Speaker 1", named=False), partner("Speaker 2", named=False))
    found = trends(weekly(session(1, 1), unnamed, session(1, 1)))
    (left_out,) = found.left_out
    assert (left_out.session, left_out.called, left_out.missing) == (1, (), ("Ann", "Ben"))
    assert found.met.sessions[1].cases == 5
    assert all(one.sessions == (0, 2) for one in found.measures["pitch"])


def test_a_session_in_which_one_is_called_otherwise_counts_for_the_other() -> None:
    other = session(1, 1, partner("Anna"), partner("Ben"))
    found = trends(weekly(session(1, 1), session(1, 1), other))
    (left_out,) = found.left_out
    assert (left_out.called, left_out.missing) == (("Anna", "Ben"), ("Ann",))
    by_name = {one.name: one.sessions for one in found.measures["pace"]}
    assert by_name == {"Ann": (0, 1), "Ben": (0, 1, 2)}


def test_two_voices_of_one_name_are_nobodys() -> None:
    twice = session(1, 1, partner("Ann"), partner("Ann"))
    found = trends(weekly(session(1, 1), session(1, 1), twice))
    assert found.left_out[0].missing == ("Ann", "Ben")


def test_moments_are_counted_an_hour_and_those_dismissed_are_not() -> None:
    half_an_hour = replace(session(3, 1), length=1800.0)
    often, never = trends(weekly(half_an_hour, session(5, 5, mark="dismiss"))).kinds["heavy"]
    assert often.middle == pytest.approx(8.0)
    assert often.low < 8.0 < often.high
    assert (never.low, never.middle) == (0.0, 0.0)
    assert never.high > 0


def test_a_reply_in_a_session_of_many_is_known_better() -> None:
    few, many = session_delays([session(1, 0), session(20, 0)])
    assert few.middle == many.middle == 1.0
    assert few.error > 3 * many.error


def test_a_session_without_any_reply_has_no_time_to_it() -> None:
    silent = replace(session(0, 0), moments=(replace(MISSED, delay=None),))
    assert session_delays([silent, session(1, 0)])[0] is None
    assert trends(weekly(silent, session(1, 0))).delay.sessions == (1,)


def test_the_last_two_sessions_differ_only_where_they_clearly_do() -> None:
    assert trends(weekly(session(3, 4), session(4, 3))).since_last.direction == "untold"
    assert trends(weekly(session(1, 9), session(9, 1))).since_last.direction == "more"
    assert trends(weekly(session(9, 1), session(1, 9))).since_last.direction == "less"


def test_nothing_is_unusual_before_anything_is_usual() -> None:
    last = session(1, 1, partner("Ann", pitch=12.0), partner("Ben"))
    found = trends(weekly(*[session(1, 1)] * (FEWEST_BEFORE - 1), last)).since_last
    assert (found.talk, found.voices) == (None, None)


def test_a_voice_far_from_where_it_was_in_all_sessions_before_is_told() -> None:
    before = [session(1, 1, partner("Ann", pitch=4.0 + offset), partner("Ben")) for offset in (0.3, -0.2, 0.1, 0, -0.3)]
    last = session(1, 1, partner("Ann", pitch=9.0), partner("Ben"))
    (voice,) = trends(weekly(*before, last)).since_last.voices
    assert (voice.measure, voice.name, voice.value) == ("pitch", "Ann", 9.0)
    assert voice.usual == pytest.approx(4.0, abs=0.05)


def test_one_session_has_nothing_before_it() -> None:
    assert trends(weekly(session(1, 1))).since_last is None


def test_of_ordinary_values_as_many_are_unusual_as_the_chance_says() -> None:
    chance = random.Random(2)
    runs = 2000
    unusual = sum(is_unusual(chance.gauss(0, 1), [chance.gauss(0, 1) for _ in range(6)], 0.05) for _ in range(runs))
    assert 0.035 * runs < unusual < 0.065 * runs


def test_the_probability_of_a_rise_is_even_between_equals() -> None:
    assert rises_between([1.0, 0.0], [1.0, 0.0]) == pytest.approx(0.5, abs=0.001)
    assert rises_between([], [1.0] * 5) > 0.8


def test_a_couple_that_always_meets_is_near_all_and_never_beyond() -> None:
    found = trends(weekly(*[session(12, 0)] * 30))
    assert all(0.95 < at.middle < 1.0 and at.high <= 1.0 for at in found.met.line)


def test_every_session_needs_its_place_in_time() -> None:
    with pytest.raises(ValueError, match="2 sessions have 1 places"):
        share_course([[1.0], [0.0]], [0.0], [], SURE)
    with pytest.raises(ValueError, match="1 sessions have 0 places"):
        value_course([Measured(4.0, 0.1)], [], [], Usual(0.8, 1.2), 0.99)


def test_sessions_must_stand_in_order_of_time() -> None:
    late, early = DatedSession(FIRST + timedelta(days=1), session(1, 1)), DatedSession(FIRST, session(1, 1))
    with pytest.raises(ValueError, match="in order of time"):
        trends([late, early])
    with pytest.raises(ValueError, match="in order of time"):
        trends([])
