"""A session on paper: one page for the couple, and a fuller one for the coach's file.

In: a SessionOverview. Out: HTML in one piece each, for A4 or Letter: no script, nothing fetched, everything that people
wrote escaped by the templates in app/printed. The couple's page has no marks and no notes in it: those are the coach's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.report import clock
from app.review.figure_sentences import choice_sentence, figure_lines, moment_counts, range_sentence, share_sentence
from app.review.session_overview import SeenMoment, SessionOverview
from app.texts import load_texts, said_date

TEMPLATES = Path(__file__).parent
MOST_ON_A_PAGE = 2  # moments of a verdict; with long sentences and suggestions, more would not fit on one
LINES = 24  # of text that one page of Letter, the shorter paper, has for the moments of two people
LINE = 80  # letters in a line of it, as a rule some more
LINES_OF_A_PARTNER = 3  # that each partner beyond the second takes, in the drawing and in the table
LETTERS_ABOVE = 40  # of a long title, or of long names in full, that take a line more
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
    fitting = _fitting(met, missed, _lines_for_moments(overview))
    return _written(
        "couple.html",
        overview,
        heading=load_texts()["printed"]["for_couple"],
        met=_chosen(met, fitting),
        missed=_chosen(missed, fitting),
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


def _fitting(met: Sequence[SeenMoment], missed: Sequence[SeenMoment], lines: int) -> list[SeenMoment]:
    """The moments that so many lines have room for, one of each verdict first; these are shown whatever they take."""
    by_rank = [one for rank in zip_longest(missed[:MOST_ON_A_PAGE], met[:MOST_ON_A_PAGE]) for one in rank if one]
    fitting: list[SeenMoment] = []
    for one in by_rank:
        is_first = all(other.moment.verdict != one.moment.verdict for other in fitting)
        lines -= _lines_of(one)
        if lines >= 0 or is_first:
            fitting.append(one)
    return fitting


def _lines_for_moments(overview: SessionOverview) -> int:
    above = len(overview.title) // LETTERS_ABOVE + sum(len(one.name) for one in overview.partners) // LETTERS_ABOVE
    return LINES - above - LINES_OF_A_PARTNER * max(0, len(overview.partners) - 2)


def _lines_of(one: SeenMoment) -> int:
    """The lines that a moment takes on the couple's page, with the room around it."""
    paragraphs = [one.card["sentence"]]
    if one.moment.verdict == "missed":
        instead = load_texts()["printed"]["could_say"]
        paragraphs += [f"{instead} {suggestion}" for suggestion in one.card["suggestions"][:1]]
        paragraphs += ["came back"] if one.card["repair"] else []
    return 1 + sum(-(-len(paragraph) // LINE) for paragraph in paragraphs)


def _chosen(moments: Sequence[SeenMoment], fitting: Sequence[SeenMoment]) -> Chosen:
    shown = sorted((one for one in moments if one in fitting), key=lambda one: one.number)
    return Chosen(tuple(shown), len(moments) - len(shown))


def _written(template: str, overview: SessionOverview, **parts: Any) -> str:
    choice = choice_sentence(overview)
    return _templates().get_template(template).render(overview=overview, texts=load_texts(), choice=choice, **parts)


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
