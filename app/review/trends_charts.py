"""The small charts of the trends page: a mark a session with its range, a line through all of them with its own.

In: days and ranges (shares as 0 to 1, shown as per cent). Out: charts as large as a column, as specifications of
Vega-Lite; what belongs to both partners is grey, what belongs to one is in that one's colour. Days are days of no time
zone. The charts are plain values, since Altair takes a tenth of a second to make one, and the page has ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.share_course import ShareCourse, ShareRange
from analysis.trends import PartnerCourse, Trends
from analysis.value_course import ValueRange
from app.review.chart_style import AXIS, LEGEND, SHADES, legible_config, page_theme
from app.texts import load_texts, said_date

HEIGHT = 180  # pixels of the drawing itself
POINT = 70  # square pixels
BAND, STROKE = 0.16, 0.55  # opacities: the band is behind, the strokes are no points
MANY = 24  # sessions from which on their strokes are thin
TICKS = 5
LONG = 300  # days from which on the year says more than the day
IN_DAYS, IN_MONTHS = "%-d %b", "%b %Y"  # as said_date writes days
ALL = [0, 100]  # per cent
Range = ShareRange | ValueRange
Colours = Mapping[str, Mapping[str, str]]  # by partner, then by theme
Chart = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Series:
    """What is drawn in one colour. name: of a partner, "" for both. scale: what values are multiplied by."""

    name: str
    days: Sequence[date]
    sessions: Sequence[Range]
    along: Sequence[date]
    line: Sequence[Range]
    scale: float = 1.0


def share_chart(figure: str, trends: Trends, course: ShareCourse) -> Chart:
    """A share over time; figure: the section of the texts that names its axis. Sessions without cases are left out."""
    told = [(day, one) for day, one in zip(trends.days, course.sessions, strict=True) if one.cases]
    days, ranges = [day for day, _ in told], [one for _, one in told]
    series = _Series("", days, ranges, trends.along, course.line, scale=100.0)
    return _drawn(figure, [series], {"domain": ALL}, None)


def delay_chart(trends: Trends, found: PartnerCourse) -> Chart:
    """The time to the reply over time."""
    return _drawn("delay", [_of(trends, found, 1.0)], {"zero": True}, None)


def measure_chart(measure: str, trends: Trends, colours: Colours) -> Chart:
    """A measure of each partner over time."""
    of_whole = measure == "talk"
    series = [_of(trends, one, 100.0 if of_whole else 1.0) for one in trends.measures[measure]]
    return _drawn(measure, series, {"domain": ALL} if of_whole else {"zero": False}, colours)


def kind_chart(trends: Trends, kind: str, most: float) -> Chart:
    """The moments of one kind an hour, up to `most`, so that all kinds have one scale; no line goes through them."""
    series = _Series("", trends.days, trends.kinds[kind], (), ())
    return _drawn("kinds", [series], {"domain": [0, most], "clamp": True}, None)


def _of(trends: Trends, found: PartnerCourse, scale: float) -> _Series:
    days = [trends.days[place] for place in found.sessions]
    return _Series(found.name, days, found.course.sessions, trends.along, found.course.line, scale)


def _drawn(figure: str, series: Sequence[_Series], scale: dict[str, Any], colours: Colours | None) -> Chart:
    """The band and the line of each series, then the strokes and the points of its sessions."""
    title = load_texts()["trends"][figure]["axis"]
    middle, low = (
        {"field": end, "type": "quantitative", "title": title, "scale": scale, "axis": {"tickCount": TICKS}}
        for end in ("middle", "low")
    )
    between = {"y": low, "y2": {"field": "high"}}
    days = [day for one in series for day in one.days]
    is_long = bool(days) and (max(days) - min(days)).days >= LONG
    across = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"tickCount": TICKS, "labelOverlap": True, "format": IN_MONTHS if is_long else IN_DAYS},
    }
    seen = [row for one in series for row in _rows(one, one.days, one.sessions)]
    line = [row for one in series for row in _rows(one, one.along, one.line)]
    told = [{"field": "date", "title": " "}, *([{"field": "name", "title": "  "}] if colours else [])]
    told += [{"field": "middle", "type": "quantitative", "format": ".1f", "title": title}]
    return {
        "height": HEIGHT + AXIS + (LEGEND if colours else 0),
        "config": legible_config(),
        "encoding": {"x": across, "color": _colour(series, colours)},
        "layer": [
            {"data": {"values": line}, "mark": {"type": "area", "opacity": BAND}, "encoding": between},
            {"data": {"values": line}, "mark": {"type": "line", "strokeWidth": 3}, "encoding": {"y": middle}},
            {
                "data": {"values": seen},
                "mark": {"type": "rule", "strokeWidth": 1 if len(seen) >= MANY else 2, "opacity": STROKE},
                "encoding": between,
            },
            {
                "data": {"values": seen},
                "mark": {"type": "point", "filled": True, "opacity": 1, "size": POINT},
                "encoding": {"y": middle, "tooltip": told},
            },
        ],
    }


def _rows(series: _Series, days: Sequence[date], ranges: Sequence[Range]) -> list[dict[str, Any]]:
    return [
        {
            "day": day.isoformat(),
            "date": said_date(day),
            "name": series.name,
            "low": round(series.scale * one.low, 3),
            "middle": round(series.scale * one.middle, 3),
            "high": round(series.scale * one.high, 3),
        }
        for day, one in zip(days, ranges, strict=True)
    ]


def _colour(series: Sequence[_Series], colours: Colours | None) -> dict[str, Any]:
    theme = page_theme()
    if colours is None:
        return {"value": SHADES[theme][0]}
    names = [one.name for one in series]
    scale = {"domain": names, "range": [colours[name][theme] for name in names]}
    return {"field": "name", "type": "nominal", "title": None, "scale": scale, "legend": {"symbolOpacity": 1}}
