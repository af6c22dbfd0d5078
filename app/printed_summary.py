"""A session on paper: one page for the couple, and a fuller one for the coach's file.

In: a SessionOverview. Out: HTML in one piece each, for A4: no script, nothing fetched, everything that people wrote
escaped by the templates in app/printed. The couple's page has no marks and no notes in it: those are the coach's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.figure_sentences import figure_lines, moment_counts, range_sentence, share_sentence
from app.report import clock
from app.review.texts import load_texts, said_date
from app.session_overview import SeenMoment, SessionOverview

TEMPLATES = Path(__file__).with_name("printed")
MOST_ON_A_PAGE = 2  # moments of a verdict; with long sentences and suggestions, more would not fit on one
EXPLAINED = ("talk", "turns", "interruptions", "answers", "moments", "met", "repairs")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Moments that are shown, in order of time, and how many more there are."""

    shown: tuple[SeenMoment, ...]
    more: int


def couples_page(overview: SessionOverview) -> str:
    """What was met, what is worth hearing again, and how they talked, on one page."""
    met = sorted(overview.of_verdict("met"), key=lambda one: -one.moment.strength * one.moment.confidence)
    missed = sorted(overview.of_verdict("missed"), key=lambda one: (one.remarks.mark != "agree", -one.moment.weight))
    return _written(
        "couple.html",
        overview,
        heading=load_texts()["printed"]["for_couple"],
        met=_first(met),
        missed=_first(missed),
        lines=figure_lines(overview),
    )


def coachs_file(overview: SessionOverview) -> str:
    """All figures with how to read them, and every moment with its evidence, marks and notes."""
    texts = load_texts()
    shares = [
        (texts["summary"][figure]["title"], share_sentence(figure, share), range_sentence(share))
        for figure, share in (("met", overview.met), ("repairs", overview.repaired))
    ]
    return _written(
        "coach.html",
        overview,
        heading=texts["printed"]["for_coach"],
        lines=figure_lines(overview),
        shares=shares,
        figures=[texts["summary"][figure] for figure in EXPLAINED],
        counts=moment_counts(overview),
    )


def _first(moments: Sequence[SeenMoment]) -> Chosen:
    shown = sorted(moments[:MOST_ON_A_PAGE], key=lambda one: one.number)
    return Chosen(tuple(shown), max(0, len(moments) - MOST_ON_A_PAGE))


def _written(template: str, overview: SessionOverview, **parts: Any) -> str:
    return _templates().get_template(template).render(overview=overview, texts=load_texts(), **parts)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clock=clock, said_date=said_date)
    return environment
