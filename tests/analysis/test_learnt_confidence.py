"""What marks teach: nothing from few or from chance, something from many that agree; and never what was not seen."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from analysis.deviations import Deviation
from analysis.learnt_confidence import (
    FEWEST_MARKS,
    LearntConfidence,
    MarkedEvidence,
    can_learn,
    learn,
)
from analysis.moment_evidence import EVIDENCE, moment_evidence
from analysis.moments import DEFAULT_SENSITIVITY, Moment
from analysis.shifts import ToneShift

SHOWN = 1 - DEFAULT_SENSITIVITY
SHARP, HEAVY = EVIDENCE.index("sharp"), EVIDENCE.index("heavy")


def evidence(**known: float) -> tuple[float, ...]:
    return tuple({"always": 1.0, **known}.get(name, 0.0) for name in EVIDENCE)


def marked(count: int, agrees: Callable[[str, np.random.Generator], bool], seed: int = 1) -> list[MarkedEvidence]:
    """Marks on moments of two kinds in turn, of strengths that are shown, over sessions of six."""
    chance = np.random.default_rng(seed)
    kinds = ["sharp" if place % 2 else "heavy" for place in range(count)]
    return [
        MarkedEvidence(
            float(chance.uniform(SHOWN, 0.95)), evidence(**{kind: 1.0}), agrees(kind, chance), f"session {place // 6}"
        )
        for place, kind in enumerate(kinds)
    ]


def no_sharp_one(kind: str, chance: np.random.Generator) -> bool:
    """Agrees with heavy moments and dismisses sharp ones, wrong in 1 of 20."""
    return (kind == "heavy") != (chance.random() < 0.05)


def by_the_coin(_: str, chance: np.random.Generator) -> bool:
    return bool(chance.random() < 0.5)


def moment(kind: str, strength: float, *moved: Deviation, end: float = 2.5) -> Moment:
    return Moment(ToneShift(0.0, end, "Speaker_1", kind, strength, "I see.", None, moved), strength, None)


def test_what_a_coach_keeps_dismissing_becomes_less_likely() -> None:
    learnt, lesson = learn(marked(120, no_sharp_one))
    assert lesson.helps
    assert learnt.strength_of(0.8, evidence(sharp=1.0)) < SHOWN <= learnt.strength_of(0.8, evidence(heavy=1.0))
    assert learnt.weights[SHARP] < 0 < learnt.weights[HEAVY]


def test_precision_is_judged_by_marks_that_were_not_learnt_from() -> None:
    _, lesson = learn(marked(120, no_sharp_one))
    assert lesson.before.whole == 120
    assert lesson.after.part / lesson.after.whole > lesson.before.part / lesson.before.whole + 0.1
    assert lesson.hidden.part >= 0.9 * lesson.hidden.whole


@pytest.mark.parametrize("seed", range(8))
def test_marks_by_the_coin_teach_nothing(seed: int) -> None:
    _, lesson = learn(marked(120, by_the_coin, seed))
    assert not lesson.helps


@pytest.mark.parametrize("seed", range(4))
def test_a_coach_who_dismisses_often_and_without_pattern_does_not_hide_everything(seed: int) -> None:
    _, lesson = learn(marked(120, lambda _, chance: bool(chance.random() < 0.3), seed))
    assert not lesson.helps


def test_nearly_all_that_the_coach_agrees_with_stays_shown() -> None:
    _, lesson = learn(marked(200, no_sharp_one))
    assert lesson.kept.part >= 0.99 * lesson.kept.whole


def test_too_few_marks_teach_nothing() -> None:
    assert not can_learn(marked(FEWEST_MARKS - 1, no_sharp_one))
    assert can_learn(marked(FEWEST_MARKS, no_sharp_one))


def test_marks_of_one_kind_only_teach_nothing() -> None:
    assert not can_learn(marked(200, lambda *_: True))


def test_one_slip_on_a_sure_moment_changes_little() -> None:
    sure = [MarkedEvidence(0.999, evidence(heavy=1.0), True, "one")] * 60
    doubted = [MarkedEvidence(0.7, evidence(sharp=1.0), place % 2 == 0, "two") for place in range(20)]
    slip = MarkedEvidence(0.999, evidence(heavy=1.0), False, "one")
    learnt, _ = learn([*sure, *doubted, slip])
    assert learnt.strength_of(0.99, evidence(heavy=1.0)) > 0.9


def test_few_marks_change_less_than_many() -> None:
    few, _ = learn(marked(30, no_sharp_one))
    many, _ = learn(marked(300, no_sharp_one))
    assert abs(few.weights[SHARP]) < abs(many.weights[SHARP])


def test_what_is_fainter_than_anything_marked_is_never_made_likelier() -> None:
    weights = tuple(2.0 if name == "heavy" else 0.0 for name in EVIDENCE)
    learnt = LearntConfidence(weights, (1.0,) * len(EVIDENCE), weakest=math.log(0.6 / 0.4))
    assert learnt.strength_of(0.59, evidence(heavy=1.0)) == 0.59
    assert learnt.strength_of(0.61, evidence(heavy=1.0)) > 0.61


def test_what_speaks_against_a_moment_counts_beyond_the_allowance_only() -> None:
    weights = tuple(-1.0 if name == "sharp" else 0.0 for name in EVIDENCE)
    deviations = (1.0,) * len(EVIDENCE)
    allowed = LearntConfidence(weights, deviations, weakest=0.0, allowance=1.5)
    beyond = LearntConfidence(weights, deviations, weakest=0.0, allowance=0.5)
    assert allowed.strength_of(0.8, evidence(sharp=1.0)) == 0.8
    assert beyond.strength_of(0.8, evidence(sharp=1.0)) == pytest.approx(1 / (1 + math.exp(0.5) / 4))


def test_the_same_marks_teach_the_same() -> None:
    assert learn(marked(60, no_sharp_one)) == learn(marked(60, no_sharp_one))


def test_the_evidence_of_a_moment_is_its_kind_and_what_moved() -> None:
    higher = Deviation("pitch_median", 3.0, 0.0, 3.0, "semitones", 2.0)
    sniffs = Deviation("sniffs", 1.0, 0.0, 1.0, "", math.nan)
    found = dict(zip(EVIDENCE, moment_evidence(moment("sharp", 0.7, higher, sniffs)), strict=True))
    assert (found["sharp"], found["heavy"], found["higher"], found["lower"]) == (1.0, 0.0, 1.0, 0.0)
    assert found["long"] == 0.0
    assert all(math.isfinite(value) for value in found.values())


def test_a_moment_as_sure_as_the_line_has_no_certainty_beyond_it() -> None:
    found = dict(zip(EVIDENCE, moment_evidence(moment("heavy", SHOWN)), strict=True))
    assert found["certainty"] == pytest.approx(0.0)
