"""What is printed of a session: one page for the couple without the coach's notes, a file for the coach with all."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from analysis.moments import read_conversation
from app.printed.printed_summary import MOST_ON_A_PAGE, coachs_file, couples_page
from app.review.session_overview import session_overview
from app.session.edits import MarkMoment, NameVoice, RemoveMoment, TagMoment, WriteNote
from app.session.read_session import ReadSession
from app.session.remarks import place_of

CHROMIUM = Path("/usr/bin/chromium")
PAGES = pytest.mark.parametrize("page", [couples_page, coachs_file])
FETCHING = {"src", "href", "srcset", "data", "action"}


@pytest.fixture(scope="session")
def session(evening) -> ReadSession:
    return ReadSession("1", evening, (), {}, evening, evening, read_conversation(evening))


@pytest.fixture(scope="session")
def places(session):
    return [place_of(moment) for moment in session.reading.moments()]


def overview_of(session, *edits):
    return session_overview("An evening", date(2026, 3, 1), session, edits)


class Parts(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@PAGES
def test_a_page_runs_nothing_and_fetches_nothing(session, page) -> None:
    made = page(overview_of(session))
    parts = Parts(made)
    assert not parts.tags & {"script", "link", "img", "iframe", "object"}
    assert not parts.attributes & FETCHING
    assert not {name for name in parts.attributes if name.startswith("on")}
    assert "url(" not in made
    assert "@import" not in made


@PAGES
def test_names_are_shown_as_they_were_written_and_never_as_html(session, page) -> None:
    speaker = session.conversation.speakers[0]
    made = page(overview_of(session, NameVoice(speaker, '<script>alert("x")</script> {0}')))
    assert "<script" not in made
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; {0}" in made


@PAGES
def test_a_title_is_escaped_too(session, page) -> None:
    made = page(session_overview("<img src=x>", None, session, ()))
    assert "<img" not in made
    assert "&lt;img src=x&gt;" in made


def test_the_coachs_file_has_every_moment_with_mark_note_and_tags(session, places) -> None:
    edits = [MarkMoment(places[0], "agree"), WriteNote("Ask about <her> mother.", places[1]), WriteNote("Calm.")]
    made = coachs_file(overview_of(session, *edits, TagMoment(places[0], ("grief", "work"))))
    assert [int(n) for n in re.findall(r"<h3>Moment (\d+)", made)] == list(range(1, len(places) + 1))
    for written in ("agreed", "Ask about &lt;her&gt; mother.", "Calm.", "grief, work"):
        assert written in made


def test_the_couples_page_has_no_notes_in_it(session, places) -> None:
    made = couples_page(overview_of(session, WriteNote("Ask about her mother.", places[1]), WriteNote("Calm.")))
    assert "Ask about her mother." not in made
    assert "Calm." not in made


def test_the_couples_page_shows_a_few_and_says_how_many_more(session) -> None:
    overview = overview_of(session)
    missed = len(overview.of_verdict("missed"))
    assert missed > MOST_ON_A_PAGE, "the sample has more than fit"
    made = couples_page(overview)
    assert f"And {missed - MOST_ON_A_PAGE} more in the recording." in made
    assert made.count("What could be said instead") == MOST_ON_A_PAGE


def test_what_the_coach_agreed_with_comes_first_on_the_couples_page(session) -> None:
    lightest = min(overview_of(session).of_verdict("missed"), key=lambda one: one.moment.weight)
    told = escape(lightest.card["sentence"])
    before = couples_page(overview_of(session))
    after = couples_page(overview_of(session, MarkMoment(place_of(lightest.moment), "agree")))
    assert (told in before, told in after) == (False, True)


def test_a_dismissed_moment_is_not_counted_but_stays_in_the_coachs_file(session, places) -> None:
    before, after = overview_of(session), overview_of(session, MarkMoment(places[0], "dismiss"))
    assert len(after.counted) == len(before.counted) - 1
    assert "One moment was dismissed and is not counted." in coachs_file(after)
    assert coachs_file(after).count("<h3>") == len(places)


def test_a_removed_moment_is_nowhere(session, places) -> None:
    assert coachs_file(overview_of(session, RemoveMoment(places[0]))).count("<h3>") == len(places) - 1


def test_met_of_those_of_which_it_can_be_told_comes_with_its_range(session) -> None:
    met = overview_of(session).met
    made = coachs_file(overview_of(session))
    assert f"{met.part} of {met.whole}." in made
    assert f"between {100 * met.low:.0f} and {100 * met.high:.0f} %" in made


@PAGES
def test_a_session_without_moments_says_so(session, places, page) -> None:
    made = page(overview_of(session, *(RemoveMoment(place) for place in places)))
    assert "No moment" in made
    assert "<svg" not in made


def test_more_moments_than_usual_are_told_on_both_pages(session) -> None:
    overview = session_overview("An evening", None, session, (), sensitivity=0.9)
    for made in (couples_page(overview), coachs_file(overview)):
        assert f"{len(overview.moments)} instead of {len(overview_of(session).moments)}" in made
    assert "instead of" not in couples_page(overview_of(session))


def test_a_long_title_and_long_names_leave_room_for_one_moment_of_each_verdict(session) -> None:
    made = couples_page(of_long_names(session))
    assert made.count('<div class="moment">') < couples_page(overview_of(session)).count('<div class="moment">')
    assert made.count("more in the recording.") == 2
    assert "No moment was" not in made


def test_a_name_from_the_right_does_not_turn_the_line_round(session) -> None:
    speaker = session.conversation.speakers[0]
    assert "\u2068שרה כהן\u2069" in couples_page(overview_of(session, NameVoice(speaker, "שרה כהן")))


def of_long_names(session):
    named = (
        NameVoice(speaker, 60 * letter) for speaker, letter in zip(session.conversation.speakers, "WM", strict=True)
    )
    return session_overview(200 * "T", date(2026, 3, 1), session, tuple(named))


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("overview", [overview_of, of_long_names])
def test_the_couples_page_is_one_page_whatever_the_names_and_the_paper(session, overview, paper) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_content(couples_page(overview(session)))
        printed = page.pdf(format=paper)
        chromium.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
