"""A couple over their sessions: what changed since last time, small charts with ranges, and the way to each session.

In: the library and a couple. Every chart is told in words too, for whoever hears the page read out, with how to read it
and how not to. What people wrote is shown through html.escape.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from analysis.trends import Trends
from app.couples.couple_trends import FEWEST, CoupleTrends, couple_trends
from app.couples.trend_sentences import (
    about_sentences,
    delay_sentences,
    left_out_sentences,
    measure_sentence,
    share_sentences,
    since_sentences,
)
from app.library import Library
from app.library.records import Couple
from app.report import clock
from app.review.player_data import partner_colours
from app.review.trends_charts import Chart, Colours, delay_chart, kind_chart, measure_chart, share_chart
from app.texts import load_texts, said_date

VOICE = ("pitch", "pace", "loudness")
HEADROOM = 1.15  # of the most frequent kind, over its highest mark

# Of the page, in CSS: as the summary's, and a table that scrolls by itself where the window is narrow.
STYLE = """<style>
.trends p, .trends li, .trends table { font-size: 1.0625rem; line-height: 1.45; overflow-wrap: anywhere; }
.trends p { margin: 0.2rem 0 0; max-width: 46rem; }
.trends ul { margin: 0; padding-left: 1.2rem; max-width: 46rem; }
.trends .said { font-size: 1.25rem; font-weight: 650; }
.trends .wide { overflow-x: auto; }
.trends table { border-collapse: collapse; }
.trends th, .trends td { text-align: left; padding: 0.45rem 1rem 0.45rem 0; border-bottom: 1px solid #8886; }
.trends td.n, .trends th.n { text-align: right; white-space: nowrap; }
.trends a { color: inherit; text-decoration: underline; }
</style>"""


def show_trends(library: Library, couple: Couple) -> None:
    """Draw the page of a couple."""
    texts = load_texts()
    st.html(STYLE)
    st.button(f"← {texts['start']['back']}", type="tertiary", on_click=st.query_params.clear)
    st.title(texts["trends"]["title"], anchor=False)
    _say(couple.name, [])
    found = _asked(library, couple)
    _say("", [*about_sentences(found), texts["trends"]["about"], *left_out_sentences(found)])
    if found.trends is None:
        return
    if found.trends.since_last is not None:
        st.subheader(texts["trends"]["since"]["title"], anchor=False)
        _list(since_sentences(found.trends.since_last))
    st.subheader(texts["trends"]["over_time"], anchor=False)
    _say("", [texts["trends"]["marks"], texts["trends"]["ranges"]])
    colours = dict(zip(found.trends.partners, partner_colours(len(found.trends.partners)), strict=True))
    _show_moments(found.trends)
    _show_talk(found.trends, colours)
    _show_kinds(found.trends)
    _show_voices(found.trends, colours)
    _show_sessions(found)


def _asked(library: Library, couple: Couple) -> CoupleTrends:
    """The trends from the day on that the person chose, of those on which there were sessions."""
    texts = load_texts()["trends"]
    days = sorted({session.day for session in library.sessions_of(couple)})
    since: date | None = None
    if len(days) > FEWEST:
        since = st.selectbox(texts["from"], days[: 1 - FEWEST], format_func=said_date)
    place = st.empty()
    found = couple_trends(library, couple, since=since, tell=lambda share: place.progress(share, texts["reading"]))
    place.empty()
    return found


def _show_moments(trends: Trends) -> None:
    first, second = st.columns(2, gap="large")
    with first:
        chart = share_chart("met", trends, trends.met) if any(one.cases for one in trends.met.sessions) else None
        _show_figure("met", share_sentences("met", trends.met), chart)
    with second:
        told = any(one.cases for one in trends.repaired.sessions)
        chart = share_chart("repaired", trends, trends.repaired) if told else None
        _show_figure("repaired", share_sentences("repaired", trends.repaired), chart)


def _show_talk(trends: Trends, colours: Colours) -> None:
    first, second = st.columns(2, gap="large")
    with first:
        chart = delay_chart(trends, trends.delay) if trends.delay else None
        _show_figure("delay", delay_sentences(trends.delay), chart)
    with second:
        _show_measure("talk", trends, colours)


def _show_kinds(trends: Trends) -> None:
    texts = load_texts()
    kinds = [kind for kind in texts["kinds"] if kind in trends.kinds]
    usual = {kind: sum(one.middle for one in trends.kinds[kind]) / len(trends.days) for kind in kinds}
    said = [
        texts["trends"]["kinds"]["said"].format(kind=texts["kinds"][kind], n=f"{usual[kind]:.0f}") for kind in kinds
    ]
    st.subheader(texts["trends"]["kinds"]["title"], anchor=False)
    _say(" · ".join(said) or texts["trends"]["kinds"]["none"], [])
    most = HEADROOM * max((one.middle for kind in kinds for one in trends.kinds[kind]), default=1.0)
    for row in (kinds[:2], kinds[2:]):
        for kind, place in zip(row, st.columns(2, gap="large"), strict=False):
            with place:
                _say("", [texts["kinds"][kind]])
                _draw(kind_chart(trends, kind, most), f"{texts['trends']['kinds']['title']}: {texts['kinds'][kind]}")
    _how("kinds")


def _show_voices(trends: Trends, colours: Colours) -> None:
    for row in (VOICE[:2], VOICE[2:]):
        for measure, place in zip(row, st.columns(2, gap="large"), strict=False):
            with place:
                _show_measure(measure, trends, colours)


def _show_measure(measure: str, trends: Trends, colours: Colours) -> None:
    """A measure of those partners who have it; nothing where nobody has."""
    if trends.measures[measure]:
        said = measure_sentence(measure, trends.measures[measure])
        _show_figure(measure, [said], measure_chart(measure, trends, colours))


def _show_sessions(found: CoupleTrends) -> None:
    texts = load_texts()["trends"]
    st.subheader(texts["list"], anchor=False)
    heads = [(texts["list_day"], ""), (texts["list_session"], "")]
    heads += [(texts[f"list_{name}"], "n") for name in ("met", "missed", "unclear", "looked_at")]
    head = "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in heads)
    rows = []
    for session, figures in reversed(list(zip(found.sessions, found.figures, strict=True))):
        looked_at = sum(moment.mark is not None for moment in figures.moments)
        counts = [str(figures.of_verdict(verdict)) for verdict in ("met", "missed", "unclear")]
        counts.append(texts["looked_at"].format(n=looked_at, all=len(figures.moments)))
        title = f'<a href="?session={escape(session.id)}">{escape(session.title)}</a>'
        length = f" · {clock(session.length)}" if session.length else ""
        cells = "".join(f'<td class="n">{escape(one)}</td>' for one in counts)
        rows.append(f"<tr><td>{escape(said_date(session.day))}</td><td>{title}{length}</td>{cells}</tr>")
    body = "".join(rows)
    st.html(f'<div class="trends wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def _show_figure(figure: str, said: Sequence[str], chart: Chart | None) -> None:
    """A figure in words, drawn where there is something to draw, and how to read it."""
    title = load_texts()["trends"][figure]["title"]
    st.subheader(title, anchor=False)
    _say(said[0], said[1:])
    if chart is not None:
        _draw(chart, f"{title}: {said[0]}")
    _how(figure)


def _draw(chart: Chart, description: str) -> None:
    st.vega_lite_chart({**chart, "description": description}, width="stretch")


def _how(figure: str) -> None:
    texts = load_texts()
    both = (("read", "how"), ("not_read", "how_not"))
    said = "".join(
        f"<p><strong>{escape(texts['summary'][label])}:</strong> {escape(texts['trends'][figure][name])}</p>"
        for label, name in both
    )
    st.html(f'<div class="trends">{said}</div>')


def _say(strong: str, sentences: Sequence[str]) -> None:
    said = f'<p class="said">{escape(strong)}</p>' if strong else ""
    st.html(f'<div class="trends">{said}{"".join(f"<p>{escape(one)}</p>" for one in sentences)}</div>')


def _list(sentences: Sequence[str]) -> None:
    st.html(f'<div class="trends"><ul>{"".join(f"<li>{escape(one)}</li>" for one in sentences)}</ul></div>')
