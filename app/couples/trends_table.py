"""The trends of a couple in the terminal, and as JSON for other programs.

In: CoupleTrends. Out: what Rich prints, in 80 cells, and plain JSON values, documented in docs/trends.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.share_course import Direction, ShareCourse
from analysis.trends import PartnerCourse, Trends
from analysis.value_course import ValueCourse
from app.couples.couple_trends import CoupleTrends
from app.couples.trend_sentences import (
    PERCENT,
    about_sentences,
    delay_sentences,
    left_out_sentences,
    share_sentences,
    since_sentences,
    value_text,
)
from app.texts import load_texts, said_date
from audio.storage import to_json

SESSIONS = 12  # of the last, that the table lists
UNITS = {"talk": " %", "pitch": " Hz", "pace": "/s", "loudness": " dB", "delay": " s"}


def trends_table(found: CoupleTrends) -> RenderableType:
    """All that a person sees: what changed since last time, what all sessions say, and the last SESSIONS of them."""
    texts = load_texts()["trends"]
    about = [Text(one) for one in about_sentences(found)]
    parts: list[RenderableType] = [Text(found.couple.name, style="bold"), *about]
    if found.trends is None:
        return Group(*parts)
    if found.trends.since_last is not None:
        parts += _section(
            texts["since"]["title"], [Text(f"- {one}") for one in since_sentences(found.trends.since_last)]
        )
    said = [*share_sentences("met", found.trends.met), *share_sentences("repaired", found.trends.repaired)]
    said += delay_sentences(found.trends.delay)
    parts += _section(texts["over_time"], [*(Text(f"- {one}") for one in said), Text(), _courses(found.trends)])
    parts += _section(texts["list"], [_sessions(found)])
    notes = [*left_out_sentences(found), texts["ranges_table"], texts["marks"], texts["about"]]
    parts += [Padding(Text(one, style="dim"), (1 if place == 0 else 0, 0, 0, 0)) for place, one in enumerate(notes)]
    return Group(*parts)


def trends_json(found: CoupleTrends) -> dict[str, Any]:
    """Everything as plain JSON values: shares and probabilities 0 to 1, times in seconds, days as ISO 8601."""
    return {
        "couple": {"id": found.couple.id, "name": found.couple.name},
        "waiting": found.waiting,
        "undated": found.undated,
        "problems": list(found.problems),
        "sessions": [
            {"id": session.id, "title": session.title, "day": session.day.isoformat(), "figures": to_json(figures)}
            for session, figures in zip(found.sessions, found.figures, strict=True)
        ],
        "trends": _trends_json(found.trends) if found.trends else None,
        "sentences": list(since_sentences(found.trends.since_last)) if found.trends and found.trends.since_last else [],
    }


def _trends_json(trends: Trends) -> dict[str, Any]:
    plain: dict[str, Any] = to_json(trends)
    plain["days"] = [day.isoformat() for day in trends.days]
    plain["along"] = [day.isoformat() for day in trends.along]
    return plain


def _section(title: str, parts: list[RenderableType]) -> list[RenderableType]:
    return [Text(), Text(title, style="bold"), *(Padding(part, (0, 0, 0, 2)) for part in parts)]


def _courses(trends: Trends) -> Table:
    """A row a figure: where its line begins and ends, with the ranges, and what may be said of the way between."""
    texts = load_texts()["trends"]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for name in ("begin", "end", "change"):
        table.add_column(texts[name])
    for name, begin, end, direction in _rows(trends):
        table.add_row(name, begin, end, Text(texts[direction], style="dim" if direction == "untold" else "bold"))
    return table


def _rows(trends: Trends) -> Iterator[tuple[str, str, str, Direction]]:
    texts = load_texts()["trends"]
    for figure, share in (("met", trends.met), ("repaired", trends.repaired)):
        yield texts[figure]["short"], *_share_ends(share), share.direction
    if trends.delay is not None:
        yield texts["delay"]["short"], *_ends("delay", trends.delay.course), trends.delay.course.direction
    for measure, partners in trends.measures.items():
        for one in partners:
            yield _named(measure, one), *_ends(measure, one.course), one.course.direction


def _named(measure: str, one: PartnerCourse) -> str:
    return f"{load_texts()['trends'][measure]['short']}, {one.name}"


def _share_ends(course: ShareCourse) -> tuple[str, str]:
    begin, end = (
        f"{PERCENT * at.middle:.0f} % ({PERCENT * at.low:.0f} to {PERCENT * at.high:.0f})"
        for at in (course.line[0], course.line[-1])
    )
    return begin, end


def _ends(measure: str, course: ValueCourse) -> tuple[str, str]:
    begin, end = (
        f"{value_text(measure, at.middle)}{UNITS[measure]} "
        f"({value_text(measure, at.low)} to {value_text(measure, at.high)})"
        for at in (course.line[0], course.line[-1])
    )
    return begin, end


def _sessions(found: CoupleTrends) -> Table:
    texts = load_texts()["trends"]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(texts["list_day"], no_wrap=True)
    table.add_column(texts["list_session"], overflow="ellipsis", no_wrap=True, max_width=24)
    for name in ("met", "missed", "unclear", "looked_at"):
        table.add_column(texts[f"list_{name}"], justify="right", no_wrap=True)
    for session, figures in list(zip(found.sessions, found.figures, strict=True))[-SESSIONS:]:
        counts = [str(figures.of_verdict(verdict)) for verdict in ("met", "missed", "unclear")]
        looked_at = sum(moment.mark is not None for moment in figures.moments)
        counts.append(texts["looked_at"].format(n=looked_at, all=len(figures.moments)))
        table.add_row(said_date(session.day), Text(session.title), *counts)
    return table
