"""The summary page: every figure with how to read it and how not to, in words that judge nobody."""

from __future__ import annotations

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from analysis.moments import DEFAULT_SENSITIVITY
from app.library import Library
from app.review.session_overview import session_overview
from app.review.slider_memory import LEFT_AT
from app.review.summary_charts import talk_chart
from app.session.edits import MarkMoment, NameVoice, SetRole
from app.session.read_session import READER
from app.session.remarks import place_of
from app.texts import load_texts

FIGURES = ("talk", "turns", "interruptions", "answers", "moments", "met", "repairs")


@pytest.fixture
def session(library) -> tuple[Library, str]:
    return library, library.sessions()[0].id


def page_of(library: Library, session_id: str, left_at: object = None) -> AppTest:
    """The page, in a tab whose slider was left there."""

    def script(folder, session_id):
        from app.library import Library
        from app.review.summary_page import show_summary

        show_summary(Library(folder), session_id)

    drawn = AppTest.from_function(script, args=(library.folder, session_id), default_timeout=30)
    drawn.session_state[LEFT_AT.format(session=session_id)] = left_at
    drawn.run()
    assert not drawn.exception
    return drawn


def told(page: AppTest) -> str:
    """All that stands on the page, without tags."""
    written = " ".join(block.proto.body for block in page.get("html"))
    return html.unescape(re.sub(r"<[^>]+>", " ", written))


def test_every_figure_says_how_to_read_it_and_how_not_to(session) -> None:
    page, texts = page_of(*session), load_texts()["summary"]
    assert [one.value for one in page.subheader] == [texts[figure]["title"] for figure in FIGURES]
    for figure in FIGURES:
        assert texts[figure]["how"] in told(page)
        assert texts[figure]["how_not"] in told(page)


def test_two_pages_can_be_printed(session) -> None:
    labels = [button.proto.label for button in page_of(*session).get("download_button")]
    assert labels == [load_texts()["summary"][f"print_{whose}"] for whose in ("couple", "coach")]


def test_few_moments_are_said_to_prove_little(session) -> None:
    assert load_texts()["summary"]["few"] in told(page_of(*session))


def test_a_name_stands_beside_its_figures_and_is_no_html(session) -> None:
    library, session_id = session
    speaker = library.conversation(session_id).speakers[0]
    library.edit(session_id, NameVoice(speaker, "<b>Ines</b>"))
    page = page_of(library, session_id)
    assert "<b>Ines" not in " ".join(block.proto.body for block in page.get("html"))
    assert re.search(r"<b>Ines</b> \d+ %", told(page))


def test_a_dismissed_moment_is_not_counted(session) -> None:
    library, session_id = session
    first = READER.read(library, session_id, ()).reading.moments()[0]
    library.edit(session_id, MarkMoment(place_of(first), "dismiss"))
    assert load_texts()["summary"]["dismissed_one"] in told(page_of(library, session_id))


def test_a_coach_is_left_out_and_that_is_said(session) -> None:
    library, session_id = session
    coach, _ = library.conversation(session_id).speakers
    library.edit(session_id, SetRole(coach, "coach"))
    text = told(page_of(library, session_id))
    assert load_texts()["summary"]["coach_out"] in text
    assert "100 %" in text


def counted(page: AppTest) -> int:
    """How many moments the page counts."""
    met, missed, unclear = re.search(r"(\d+) met, (\d+) passed by, (\d+) unclear", told(page)).groups()
    return int(met) + int(missed) + int(unclear)


def test_the_moments_are_those_that_the_slider_showed_and_that_is_said(session) -> None:
    reading = READER.read(*session, ()).reading
    usual, faint, clear = (len(reading.moments(sensitivity)) for sensitivity in (DEFAULT_SENSITIVITY, 0.9, 0.05))
    assert clear < usual < faint
    said = "as chosen beside the moments"
    pages = [page_of(*session, left_at) for left_at in (0.9, 0.05, DEFAULT_SENSITIVITY)]
    assert [counted(page) for page in pages] == [faint, clear, usual]
    assert [said in told(page) for page in pages] == [True, True, False]


@pytest.mark.parametrize("left_at", ["much", 7, -1, float("nan")])
def test_a_sensitivity_that_is_none_is_the_usual_one(session, left_at) -> None:
    assert counted(page_of(*session, left_at)) == counted(page_of(*session))


def test_a_faint_moment_that_was_agreed_to_stays_as_it_does_beside_the_player(session) -> None:
    library, session_id = session
    reading = READER.read(library, session_id, ()).reading
    faint = next(one for one in reading.moments(0.9) if one not in reading.moments())
    library.edit(session_id, MarkMoment(place_of(faint), "agree"))
    assert counted(page_of(library, session_id)) == len(reading.moments()) + 1


def test_two_of_one_name_have_a_bar_each(session) -> None:
    library, session_id = session
    for speaker in library.conversation(session_id).speakers:
        library.edit(session_id, NameVoice(speaker, "Alex"))
    assert re.search(r"Alex \(1\) \d+ % · Alex \(2\) \d+ %", told(page_of(library, session_id)))
    edits = library.edits(session_id)
    partners = session_overview("An evening", None, READER.read(library, session_id, edits), edits).partners
    drawn = talk_chart(partners).to_dict()
    (rows,) = drawn["datasets"].values()
    assert [row["name"] for row in rows] == ["Alex (1)", "Alex (2)"]
    assert drawn["encoding"]["color"]["scale"]["domain"] == ["Alex (1)", "Alex (2)"]


def test_no_words_judge_a_person() -> None:
    texts = load_texts()
    written = str(texts["summary"]) + str(texts["printed"])
    assert not re.search(r"\b(good|bad|better|worse|score|fail\w*|winner|partner of)\b", written, re.IGNORECASE)
