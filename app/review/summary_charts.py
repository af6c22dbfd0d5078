"""The small charts of the summary page, drawn by Altair.

In: partners or a whole session. Out: charts in the partners' colours, which colour-blind people tell apart; verdicts
are told by shape and by shades of one grey, never by red and green. Times in charts are minutes or seconds, as said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from analysis.taking_part import Proportion
from analysis.verdict import Verdict
from app.review.chart_style import AXIS, LEGEND, MARK, SHADES, legible_config, page_theme
from app.review.session_overview import Partner, SessionOverview
from app.texts import load_texts

ROW = 44  # pixels a partner
Drawing = alt.Chart | alt.LayerChart

SHAPES = {"met": "circle", "missed": "diamond", "unclear": "square"}
VERDICTS: tuple[Verdict, ...] = ("met", "unclear", "missed")


def talk_chart(partners: Sequence[Partner]) -> Drawing:
    """One bar, the partners' shares of the talk side by side."""
    rows = [{"name": one.short, "n": 100 * one.figures.share, "place": place} for place, one in enumerate(partners)]
    return _one_bar(rows, load_texts()["summary"]["talk"]["axis"], _partners_scale(partners))


def by_partner_chart(figure: str, partners: Sequence[Partner], counts: Sequence[int]) -> Drawing:
    """A bar a partner; figure: the section of the texts that names the axis."""
    rows = [{"name": one.short, "n": n} for one, n in zip(partners, counts, strict=True)]
    axis = load_texts()["summary"][figure]["axis"]
    scale = alt.Scale(domain=[0, max(1, *counts)])
    return _legible(
        _chart(rows, ROW * len(partners) + AXIS)
        .mark_bar()
        .encode(
            alt.X("n:Q", title=axis, scale=scale, axis=alt.Axis(tickMinStep=1, format="d", tickCount=5)),
            _names(partners),
            alt.Color("name:N", scale=_partners_scale(partners), legend=None),
        )
    )


def answers_chart(partners: Sequence[Partner]) -> Drawing | None:
    """Half of each one's answers as a bar, the middle one as a line; None where nobody's can be told."""
    times = [(one.short, one.figures.answer_times) for one in partners if one.figures.answer_times]
    if not times:
        return None
    rows = [{"name": name, "lower": one.lower, "median": one.median, "upper": one.upper} for name, one in times]
    base = _chart(rows, ROW * len(partners) + AXIS).encode(_names(partners))
    axis = load_texts()["summary"]["answers"]["axis"]
    colour = alt.Color("name:N", scale=_partners_scale(partners), legend=None)
    bars = base.mark_bar(size=16, opacity=0.55).encode(alt.X("lower:Q", title=axis), alt.X2("upper:Q"), colour)
    return _legible(bars + base.mark_tick(thickness=4, size=30).encode(alt.X("median:Q"), colour))


def moments_chart(overview: SessionOverview) -> Drawing:
    """Each counted moment by time and kind; its shape is the verdict, its colour whose tone changed."""
    texts = load_texts()
    rows = [
        {
            "minutes": one.moment.start / 60,
            "kind": texts["kinds"][one.moment.kind],
            "verdict": texts["verdicts"][one.moment.verdict],
            "name": one.name,
        }
        for one in overview.counted
    ]
    verdicts = [texts["verdicts"][verdict] for verdict in SHAPES]
    time = alt.Scale(domain=[0, overview.length / 60], nice=False)
    return _legible(
        _chart(rows, ROW * len(texts["kinds"]) + AXIS + LEGEND)
        .mark_point(size=MARK, filled=False, strokeWidth=3, opacity=1)
        .encode(
            alt.X(
                "minutes:Q",
                title=texts["summary"]["moments"]["axis"],
                scale=time,
                axis=alt.Axis(format="~r", tickCount=6),
            ),
            alt.Y("kind:N", title=None, scale=alt.Scale(domain=list(texts["kinds"].values()))),
            alt.Shape("verdict:N", title=None, scale=alt.Scale(domain=verdicts, range=list(SHAPES.values()))),
            alt.Color("name:N", title=None, scale=_partners_scale(overview.partners)),
            tooltip=["name:N", "kind:N", "verdict:N"],
        )
    )


def verdicts_chart(overview: SessionOverview) -> Drawing:
    """One bar of all counted moments: met, unclear, passed by."""
    said = load_texts()["verdicts"]
    counts = [len(overview.of_verdict(verdict)) for verdict in VERDICTS]
    return _shaded_bar([said[verdict] for verdict in VERDICTS], counts)


def repairs_chart(share: Proportion) -> Drawing:
    """One bar of the moments that were passed by: come back to, or not."""
    texts = load_texts()["summary"]["repairs"]
    return _shaded_bar([texts["yes"], texts["no"]], [share.part, share.whole - share.part])


def _shaded_bar(names: list[str], counts: Sequence[int]) -> Drawing:
    shades = SHADES[page_theme()]
    ends = shades if len(names) == len(shades) else [shades[0], shades[-1]]
    rows = [{"name": name, "n": n, "place": place} for place, (name, n) in enumerate(zip(names, counts, strict=True))]
    return _one_bar(rows, "", alt.Scale(domain=names, range=ends))


def _one_bar(rows: list[dict[str, Any]], axis: str, scale: alt.Scale) -> Drawing:
    whole = alt.Scale(domain=[0, sum(row["n"] for row in rows) or 1], nice=False)
    return _legible(
        _chart(rows, ROW + LEGEND + (AXIS if axis else AXIS // 2))
        .mark_bar(size=30)
        .encode(
            alt.X("n:Q", stack="zero", title=axis or None, scale=whole, axis=alt.Axis(tickMinStep=1, tickCount=5)),
            alt.Color("name:N", title=None, scale=scale),
            alt.Order("place:Q"),
        )
    )


def _chart(rows: list[dict[str, Any]], height: int) -> alt.Chart:
    return alt.Chart({"values": rows}, height=height)


def _legible(chart: Drawing) -> Drawing:
    """A chart with text as large as the page's own."""
    legible: Drawing = chart.configure(**legible_config())
    return legible


def _names(partners: Sequence[Partner]) -> alt.Y:
    return alt.Y("name:N", title=None, scale=alt.Scale(domain=[one.short for one in partners]))


def _partners_scale(partners: Sequence[Partner]) -> alt.Scale:
    theme = page_theme()
    return alt.Scale(domain=[one.short for one in partners], range=[one.colour[theme] for one in partners])
