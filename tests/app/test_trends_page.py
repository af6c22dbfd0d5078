"""The trends page: three sentences, charts with their ranges, how to read them and how not to, no verdict on anyone."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest
from couple_sessions import add_sessions, figures
from streamlit.testing.v1 import AppTest

from app.library import Library
from app.review.trends_link import couples_with_trends, link_to_trends
from app.texts import load_texts

FIGURES = ("met", "repaired", "delay", "kinds", "talk", "pitch", "pace", "loudness")
RISING = [figures(3, 9)] * 4 + [figures(9, 3)] * 4


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def page_of(library: Library, couple_id: int) -> AppTest:
    def script(folder, couple_id):
        from app.library import Library
        from app.review.trends_page import show_trends

        library = Library(folder)
        show_trends(library, next(one for one in library.couples() if one.id == couple_id))

    drawn = AppTest.from_function(script, args=(library.folder, couple_id), default_timeout=30).run()
    assert not drawn.exception
    return drawn


def written(page: AppTest) -> str:
    return " ".join(block.proto.body for block in page.get("html"))


def told(page: AppTest) -> str:
    """All that stands on the page, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", written(page)))


def charts(page: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in page.get("vega_lite_chart")]


@pytest.fixture
def rising(library: Library, tmp_path: Path) -> AppTest:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, RISING, tmp_path)
    return page_of(library, couple.id)


def test_every_figure_says_how_to_read_it_and_how_not_to(rising: AppTest) -> None:
    texts = load_texts()["trends"]
    assert {texts[figure]["title"] for figure in FIGURES} <= {one.value for one in rising.subheader}
    for figure in FIGURES:
        assert texts[figure]["how"] in told(rising)
        assert texts[figure]["how_not"] in told(rising)


def test_what_changed_since_last_time_is_said_in_three_sentences(rising: AppTest) -> None:
    assert len(re.findall(r"<li>", written(rising))) == 3


def test_a_rise_is_said_with_its_doubt(rising: AppTest) -> None:
    assert "More seem to be met than at first" in told(rising)
    assert load_texts()["trends"]["met"]["chance"] in told(rising)


def test_every_chart_is_told_in_words_and_has_its_ranges(rising: AppTest) -> None:
    drawn = charts(rising)
    assert len(drawn) == 9  # of eight figures, one with a chart for each of two kinds
    for spec in drawn:
        assert spec["description"]
        assert [layer["mark"]["type"] for layer in spec["layer"]] == ["area", "line", "rule", "point"]
        sessions = spec["layer"][-1]["data"]["values"]
        assert len(sessions) >= len(RISING)
        assert all(one["low"] < one["middle"] < one["high"] for one in sessions if one["middle"])


def test_each_session_is_a_link(rising: AppTest, library: Library) -> None:
    for session in library.sessions():
        assert f'<a href="?session={session.id}">{session.title}</a>' in written(rising)


def test_few_sessions_make_nothing_usual(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, [figures(2, 2)] * 2, tmp_path)
    page = page_of(library, couple.id)
    assert told(page).count("Too little to say") == 2
    assert load_texts()["trends"]["met"]["untold"] in told(page)


def test_one_session_has_nothing_to_be_compared_with(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, [figures(2, 2)], tmp_path)
    assert load_texts()["trends"]["single"] in told(page_of(library, couple.id))


def test_sessions_without_moments_are_no_error(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, [figures(0, 0)] * 3, tmp_path)
    page = page_of(library, couple.id)
    assert load_texts()["trends"]["kinds"]["none"] in told(page)
    assert load_texts()["trends"]["delay"]["none"] in told(page)


def test_names_are_no_html(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("<b>Ann</b> and Ben")
    ids = add_sessions(library, couple, [figures(1, 1)] * 2, tmp_path)
    library.rename(ids[0], "<i>First</i>")
    page = page_of(library, couple.id)
    assert "<b>Ann" not in written(page)
    assert "<i>First" not in written(page)
    assert "<b>Ann</b> and Ben" in told(page)


def test_sessions_can_be_looked_at_from_a_day_on(rising: AppTest) -> None:
    rising.selectbox[0].select(date(2026, 4, 7)).run()
    assert "3 sessions from 7 Apr 2026" in told(rising)


def test_a_couple_is_a_link_once_there_are_two_sessions(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann & Ben")
    add_sessions(library, couple, [figures(1, 1)], tmp_path)
    assert link_to_trends(couple, couples_with_trends(library.sessions())) == "Ann &amp; Ben"
    add_sessions(library, couple, [figures(1, 1)] * 2, tmp_path)
    assert f'href="?couple={couple.id}"' in link_to_trends(couple, couples_with_trends(library.sessions()))


def test_no_words_judge_a_person() -> None:
    said = str(load_texts()["trends"])
    assert not re.search(r"\b(good|bad|better|worse|score|fail\w*|winner|improv\w*|partner of)\b", said, re.IGNORECASE)
