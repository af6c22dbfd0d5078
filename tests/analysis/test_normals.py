"""A speaker's own normal holds out against the very shifts that it is there to show."""

from __future__ import annotations

import pytest

from analysis.baseline import slow_courses, speaker_baseline
from analysis.moments import read_conversation
from analysis.normals import speakers_normals, steadied_baselines


def plain_baselines(speakers):
    """Everyone's normal with all phrases counting alike."""
    courses = slow_courses(speakers)
    return {name: speaker_baseline(name, phrases, None, courses[name]) for name, phrases in speakers.items()}


def spoken(talk) -> dict:
    """The phrases of everyone, by speaker."""
    found: dict = {}
    for utterance in talk.utterances:
        found.setdefault(utterance.speaker, []).extend(utterance.phrases)
    return found


def half_shifted(talk, tone: str) -> None:
    """As many phrases of Maya's again as there were, in another tone, with ordinary answers."""
    for _ in range(16):
        talk.say("Maya", "I don't know what to do about it.", tone)
        talk.say("Jonas", "I put the blue box on the shelf.")


@pytest.mark.parametrize("tone", ["heavy", "tearful"])
def test_half_of_the_phrases_shifted_leave_the_normal_with_the_other_half_mostly(new_talk, tone) -> None:
    """Which half is the normal one cannot be told for sure; a plain median takes neither."""
    moved = [moved_by_half(new_talk(draw), tone) for draw in range(6)]
    assert all(plain > 0.4 for plain, _ in moved)
    assert sum(steadied < 0.5 for _, steadied in moved) >= 4


def moved_by_half(talk, tone: str) -> tuple[float, float]:
    """Semitones by which a half in `tone` moves the plain normal, and the steadied one."""
    talk.chat()
    before = plain_baselines(spoken(talk))["Maya"].centre["pitch_median"]
    half_shifted(talk, tone)
    plain, steadied = (baselines(spoken(talk))["Maya"] for baselines in (plain_baselines, steadied_baselines))
    return abs(plain.centre["pitch_median"] - before), abs(steadied.centre["pitch_median"] - before)


def test_where_half_of_the_phrases_are_heavy_about_half_of_these_are_found_and_hardly_anything_else(new_talk) -> None:
    found = [moments_of_a_heavy_half(new_talk(draw)) for draw in range(6)]
    heavy, others = (sum(counts) for counts in zip(*found, strict=True))
    assert heavy > 0.4 * 6 * 16
    assert others < 0.1 * heavy


def moments_of_a_heavy_half(talk) -> tuple[int, int]:
    """How many of the 16 heavy lines are shown, and how many other moments."""
    talk.chat()
    began = talk.clock
    half_shifted(talk, "heavy")
    moments = read_conversation(talk.conversation()).moments()
    heavy = sum((one.speaker, one.kind) == ("Maya", "heavy") and one.start > began for one in moments)
    return heavy, len(moments) - heavy


def test_a_few_shifted_phrases_do_not_move_the_normal_by_a_quarter_of_a_semitone(talk) -> None:
    before = steadied_baselines(spoken(talk))["Maya"]
    for tone in ("heavy", "sharp", "tearful", "heavy"):
        talk.say("Maya", "I don't know what to do about it.", tone)
    after = steadied_baselines(spoken(talk))["Maya"]
    assert after.centre["pitch_median"] == pytest.approx(before.centre["pitch_median"], abs=0.25)


def test_the_partners_normal_is_not_moved_by_it(talk) -> None:
    half_shifted(talk, "heavy")
    plain, steadied = (baselines(spoken(talk))["Jonas"] for baselines in (plain_baselines, steadied_baselines))
    assert steadied.centre["pitch_median"] == pytest.approx(plain.centre["pitch_median"], abs=0.1)


def test_a_lively_half_of_the_conversation_is_no_shift(talk) -> None:
    half_shifted(talk, "bright")
    assert read_conversation(talk.conversation()).moments() == ()


def test_ordinary_talk_has_the_normal_that_it_had_without_the_rounds(talk) -> None:
    plain, steadied = plain_baselines(spoken(talk))["Maya"], steadied_baselines(spoken(talk))["Maya"]
    for name, spread in plain.spread.items():
        assert steadied.centre[name] == pytest.approx(plain.centre[name], abs=0.2 * spread), name


def test_a_recorder_that_turns_the_gain_down_makes_nobody_heavy(empty_talk) -> None:
    empty_talk.chat(60)
    empty_talk.chat(60, "turned down")
    assert read_conversation(empty_talk.conversation()).moments() == ()
    baseline = speakers_normals(empty_talk.conversation()).baselines["Maya"]
    early, late = 100.0, empty_talk.clock - 100
    assert baseline.normal("loudness", late) < baseline.normal("loudness", early) - 4


def test_who_speaks_too_little_is_told_so(talk) -> None:
    talk.say("Coach", "Let us begin.", seconds=2.0)
    (note,) = speakers_normals(talk.conversation()).notes
    assert note.startswith("Coach speaks for 2 s in all")
