"""The figures of a session as sentences, for the summary page and the printed pages alike.

In: a SessionOverview or a part of it. Out: plain text of app/texts, nothing in it escaped yet.
"""

from __future__ import annotations

from typing import Any

from analysis.taking_part import AnswerTimes, Proportion
from app.review.session_overview import SessionOverview
from app.texts import load_texts

FEW = 12  # moments; a half of these may truly be anything from three to seven tenths


def figure_lines(overview: SessionOverview) -> list[tuple[str, list[str]]]:
    """A title for each figure, and its value for each partner."""
    texts = load_texts()["summary"]
    figures = [partner.figures for partner in overview.partners]
    return [
        (texts["talk"]["title"], [f"{100 * one.share:.0f} %" for one in figures]),
        (texts["turns"]["title"], [str(one.turns) for one in figures]),
        (texts["interruptions"]["title"], [str(one.interruptions) for one in figures]),
        (texts["answers"]["title"], [_answers(one.answer_times) for one in figures]),
    ]


def moment_counts(overview: SessionOverview) -> str:
    """How many moments were met, passed by and unclear, and how many are not counted."""
    texts = load_texts()["summary"]
    if not overview.moments:
        return str(texts["moments"]["none"])
    counts = {verdict: len(overview.of_verdict(verdict)) for verdict in ("met", "missed", "unclear")}
    return " ".join([f"{texts['moments']['said'].format(**counts)}.", *_not_counted(overview.dismissed)])


def choice_sentence(overview: SessionOverview) -> str:
    """That more or fewer moments are shown than usual; "" where they are the usual ones."""
    shown = len(overview.moments)
    if shown == overview.usual:
        return ""
    texts = load_texts()["summary"]
    return str(texts["fainter" if shown > overview.usual else "clearest"].format(n=shown, usual=overview.usual))


def share_sentence(figure: str, share: Proportion) -> str:
    """A share in words; figure: "met" or "repairs", the section of the texts that says it."""
    texts: dict[str, Any] = load_texts()["summary"][figure]
    if not share.whole:
        return str(texts["said_none"])
    return f"{texts['said'].format(part=share.part, whole=share.whole)}."


def range_sentence(share: Proportion) -> str:
    """Where the true share may lie; "" where there is none to speak of."""
    if not share.whole:
        return ""
    texts = load_texts()["summary"]["met"]
    said = texts["range"] if share.whole <= FEW else texts["range_many"]
    return str(said.format(low=f"{100 * share.low:.0f}", high=f"{100 * share.high:.0f}"))


def _answers(times: AnswerTimes | None) -> str:
    texts = load_texts()["printed"]
    if times is None:
        return str(texts["too_few"])
    return str(texts["answer"].format(**{name: f"{getattr(times, name):.1f}" for name in ("median", "lower", "upper")}))


def _not_counted(dismissed: int) -> list[str]:
    texts = load_texts()["summary"]
    if not dismissed:
        return []
    return [texts["dismissed_one"] if dismissed == 1 else texts["dismissed_n"].format(n=dismissed)]
