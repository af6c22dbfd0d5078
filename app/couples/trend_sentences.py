"""The trends of a couple as sentences, for the page and the terminal alike.

In: CoupleTrends or a part of them. Out: plain text of app/texts, nothing in it escaped yet. Whatever cannot be
told is said to be so: a sentence that claims a change stands only where the analysis does (analysis/trends.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.share_course import ShareCourse
from analysis.since_last import Departure, SinceLast
from analysis.trends import PartnerCourse
from app.couples.couple_trends import FEWEST, CoupleTrends
from app.texts import load_texts, said_date
from audio.conversation import REFERENCE_PITCH

LISTED = 3  # sessions without names that are told one by one
PERCENT = 100


def hertz(semitones: float) -> float:
    """Pitch in hertz, of semitones re REFERENCE_PITCH."""
    return float(REFERENCE_PITCH * 2 ** (semitones / 12))


def about_sentences(found: CoupleTrends) -> list[str]:
    """Which sessions these are, and what there is to know about their days."""
    texts, days = load_texts()["trends"], [session.day for session in found.sessions]
    if not days:
        none = texts["none"].format(couple=found.couple.name)
        return [none, *_number(found.waiting, "waiting"), *found.problems]
    name = "sessions" if len(days) > 1 else "session"
    said = [texts[name].format(n=len(days), first=said_date(days[0]), last=said_date(days[-1])) + "."]
    if len(days) < FEWEST:
        said.append(texts["single"])
    elif days[0] == days[-1]:
        said.append(texts["one_day"])
    return [*said, *_number(found.undated, "undated"), *_number(found.waiting, "waiting"), *found.problems]


def since_sentences(found: SinceLast) -> tuple[str, str, str]:
    """What the last session has that those before had not, in three sentences: what was met, the talk, the voices."""
    return _met_since(found), _departed(found.talk, "talk"), _departed(found.voices, "voices")


def share_sentences(figure: str, course: ShareCourse) -> list[str]:
    """How a share went; figure: "met" or "repaired"."""
    begin, end = (f"{PERCENT * at.middle:.0f}" for at in (course.line[0], course.line[-1]))
    return _course(figure, course.direction, begin, end)


def delay_sentences(found: PartnerCourse | None) -> list[str]:
    """How the time to the reply went."""
    if found is None:
        return [load_texts()["trends"]["delay"]["none"]]
    begin, end = (f"{at.middle:.1f}" for at in (found.course.line[0], found.course.line[-1]))
    return _course("delay", found.course.direction, begin, end)


def measure_sentence(measure: str, partners: Sequence[PartnerCourse]) -> str:
    """Where a measure of each partner lies by all sessions together, read at the last."""
    said = load_texts()["trends"][measure]["said"]
    return " · ".join(said.format(name=one.name, n=value_text(measure, one.course.line[-1].middle)) for one in partners)


def value_text(measure: str, value: float) -> str:
    """A value in the unit in which people read it: shares in per cent, pitch in hertz."""
    if measure == "talk":
        return f"{PERCENT * value:.0f}"
    if measure == "pitch":
        return f"{hertz(value):.0f}"
    return f"{value:.0f}" if measure == "loudness" else f"{value:.1f}"


def left_out_sentences(found: CoupleTrends) -> list[str]:
    """Which sessions do not count for one partner or both, and why."""
    trends = found.trends
    if trends is None:
        return []
    unnamed = [one for one in trends.left_out if not one.called]
    texts = load_texts()["trends"]
    said = [
        texts["misnamed"].format(
            day=said_date(found.sessions[one.session].day),
            names=_joined(one.called),
            missing=texts["either"].join(one.missing),
        )
        for one in trends.left_out
        if one.called
    ]
    if len(unnamed) > LISTED:
        return [*said, texts["unnamed_n"].format(n=len(unnamed))]
    return [*said, *(texts["unnamed"].format(day=said_date(found.sessions[one.session].day)) for one in unnamed)]


def _met_since(found: SinceLast) -> str:
    texts = load_texts()["trends"]["since"]
    now, before = found.now, found.before
    told, told_before = now.met + now.missed, before.met + before.missed
    if not told or not told_before:
        return str(texts["met_none"])
    counts = {"met": now.met, "told": told, "met_before": before.met, "told_before": told_before}
    return str(texts[f"met_{found.direction}"].format(**counts))


def _departed(found: Sequence[Departure] | None, what: str) -> str:
    texts = load_texts()["trends"]["since"]
    if found is None:
        return str(texts[f"{what}_few"])
    if not found:
        return str(texts[f"{what}_usual"])
    return str(texts["other"].format(list="; ".join(_departure(one) for one in found)))


def _departure(one: Departure) -> str:
    said = load_texts()["trends"]["since"][f"{one.measure}_{'more' if one.value > one.usual else 'less'}"]
    values = {"value": value_text(one.measure, one.value), "usual": value_text(one.measure, one.usual)}
    return str(said.format(name=one.name, **values))


def _course(figure: str, direction: str, begin: str, end: str) -> list[str]:
    texts: dict[str, Any] = load_texts()["trends"][figure]
    said = texts[direction].format(begin=begin, end=end)
    return [said] if direction == "untold" else [said, *([texts["chance"]] if "chance" in texts else [])]


def _joined(names: Sequence[str]) -> str:
    joined: str = load_texts()["start"]["partners_joined"]
    return joined.join(names)


def _number(n: int, of: str) -> list[str]:
    """A sentence that counts, in its singular or plural; none where there is nothing to count."""
    texts = load_texts()["trends"]
    return [texts[f"{of}_one" if n == 1 else f"{of}_n"].format(n=n)] if n else []
