"""The summary of a session: small charts, each with how to read it and how not to, and two pages to print.

In: the library and a session's id. Charts are told in words too, for whoever hears the page read out.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app.library import Library
from app.printed.printed_summary import coachs_file, couples_page
from app.review.figure_sentences import FEW, choice_sentence, moment_counts, range_sentence, share_sentence
from app.review.session_overview import Partner, SessionOverview, session_overview
from app.review.slider_memory import ask_where_the_slider_is, slider_left_at
from app.review.summary_charts import (
    Drawing,
    answers_chart,
    by_partner_chart,
    moments_chart,
    repairs_chart,
    talk_chart,
    verdicts_chart,
)
from app.session.read_session import READER
from app.texts import load_texts

# Of the page, in CSS: legible from two metres, at the reader's own size of text.
STYLE = """<style>
.summary p { font-size: 1.0625rem; line-height: 1.45; margin: 0.2rem 0 0; max-width: 46rem; overflow-wrap: anywhere; }
.summary .said { font-size: 1.25rem; font-weight: 650; }
.stDownloadButton button { min-height: 2.75rem; }
.stDownloadButton button p { font-size: 1.0625rem; }
</style>"""


def show_summary(library: Library, session_id: str) -> None:
    """Draw the summary of a session that was analysed. Raises LibraryError where it was not."""
    edits = library.edits(session_id)
    record, session = library.session(session_id), READER.read(library, session_id, edits)
    sensitivity = slider_left_at(session_id)
    overview = session_overview(record.title, record.recorded_on, session, edits, sensitivity=sensitivity)
    texts = load_texts()["summary"]
    st.html(STYLE)
    st.title(texts["title"], anchor=False)
    coach = [texts["coach_out"]] if len(session.analysed.speakers) < len(session.conversation.speakers) else []
    few = [texts["few"]] if len(overview.counted) <= FEW else []
    _say(record.title, [texts["about"], *coach, *filter(None, [choice_sentence(overview)]), *few])
    _show_printing(overview)
    if not overview.partners:
        st.info(texts["nobody"])
        return
    _show_partners(overview)
    _show_moments(overview)
    ask_where_the_slider_is(session_id, sensitivity)


def _show_printing(overview: SessionOverview) -> None:
    texts = load_texts()["summary"]
    pages = (("couple", couples_page(overview)), ("coach", coachs_file(overview)))
    for place, (whose, page) in zip(st.columns(2), pages, strict=True):
        place.download_button(
            texts[f"print_{whose}"],
            page,
            file_name=texts[f"file_{whose}"].format(title=overview.title),
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            width="stretch",
            key=f"print-{whose}",
        )
    _say("", [texts["print_hint"]])


def _show_partners(overview: SessionOverview) -> None:
    partners = overview.partners
    texts = load_texts()["summary"]
    first, second = st.columns(2, gap="large")
    with first:
        shares = [texts["talk"]["said"].format(name=one.name, n=f"{100 * one.figures.share:.0f}") for one in partners]
        _show_figure("talk", " · ".join(shares), talk_chart(partners))
    with second:
        turns = [one.figures.turns for one in partners]
        _show_figure("turns", _each("turns", partners, turns), by_partner_chart("turns", partners, turns))
    first, second = st.columns(2, gap="large")
    with first:
        times = [one.figures.interruptions for one in partners]
        said = _each("interruptions", partners, times)
        chart = by_partner_chart("interruptions", partners, times) if any(times) else None
        _show_figure("interruptions", said, chart)
    with second:
        _show_figure("answers", " · ".join(_answers(one) for one in partners), answers_chart(partners))


def _show_moments(overview: SessionOverview) -> None:
    _show_figure("moments", moment_counts(overview), moments_chart(overview) if overview.counted else None)
    first, second = st.columns(2, gap="large")
    with first:
        share = overview.met
        chart = verdicts_chart(overview) if overview.counted else None
        _show_figure("met", share_sentence("met", share), chart, range_sentence(share))
    with second:
        share = overview.repaired
        chart = repairs_chart(share) if share.whole else None
        _show_figure("repairs", share_sentence("repairs", share), chart, range_sentence(share))


def _show_figure(figure: str, said: str, chart: Drawing | None, doubt: str = "") -> None:
    """A figure in words, how sure it is, drawn where there is something to draw, and how to read it."""
    texts = load_texts()["summary"]
    st.subheader(texts[figure]["title"], anchor=False)
    _say(said, [doubt] if doubt else [])
    if chart is not None:
        st.altair_chart(chart.properties(description=f"{texts[figure]['title']}: {said}"), width="stretch")
    how, how_not = escape(texts[figure]["how"]), escape(texts[figure]["how_not"])
    read, not_read = escape(texts["read"]), escape(texts["not_read"])
    st.html(
        f'<div class="summary"><p><strong>{read}:</strong> {how}</p><p><strong>{not_read}:</strong> {how_not}</p></div>'
    )


def _say(strong: str, sentences: Sequence[str]) -> None:
    said = f'<p class="said">{escape(strong)}</p>' if strong else ""
    st.html(f'<div class="summary">{said}{"".join(f"<p>{escape(one)}</p>" for one in sentences)}</div>')


def _each(figure: str, partners: Sequence[Partner], counts: Sequence[int]) -> str:
    said = load_texts()["summary"][figure]["said"]
    return " · ".join(said.format(name=one.name, n=n) for one, n in zip(partners, counts, strict=True))


def _answers(partner: Partner) -> str:
    texts, times = load_texts()["summary"]["answers"], partner.figures.answer_times
    if times is None:
        return str(texts["said_few"].format(name=partner.name))
    return str(texts["said"].format(name=partner.name, median=f"{times.median:.1f}"))
