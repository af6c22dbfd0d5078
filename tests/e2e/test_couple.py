"""A couple over their sessions in a real browser: the way there by keys, the charts, and the way to a session."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def couple(app, tmp_path_factory):
    """Two more sessions in the library, of a couple: what was heard in the sample, on two days."""
    from app.analysing.review_media import write_review_media
    from app.library import Library
    from app.session.edits import NameVoice

    library = Library(app.library)
    made = library.add_couple("Ines & Tom")
    conversation = library.conversation(app.session)
    added = []
    for place in range(2):
        recording = tmp_path_factory.mktemp("recordings") / "recording.ogg"
        recording.write_bytes(library.files(app.session).source.read_bytes() + bytes([place]))
        day = date(2026, 5, 5) + place * timedelta(days=14)
        session = library.add(recording, f"Talk {place + 1}", recorded_on=day, couple=made)
        library.keep(session.id, conversation)
        added.append(session.id)
        shutil.copy(library.files(app.session).audio, library.files(session.id).audio)
        write_review_media(library.files(session.id), conversation)
        for speaker, name in zip(conversation.speakers, ("Ines", "Tom"), strict=True):
            library.edit(session.id, NameVoice(speaker, name))
        library.set_counts(session.id, {"met": 1})
    yield made
    for session_id in added:
        library.delete(session_id)
    library.close()


def test_the_name_of_a_couple_leads_to_their_trends_and_from_there_to_a_session(page, app, couple) -> None:
    page.goto(app.address)
    link = page.get_by_role("link", name=couple.name).first
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Over time", exact=True).wait_for()
    assert page.url == f"{app.address}/?couple={couple.id}"
    page.locator("[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg").first.wait_for()
    assert page.get_by_text("2 sessions from 5 May 2026 to 19 May 2026.").is_visible()
    page.get_by_role("link", name="Talk 2").click()
    page.get_by_role("button", name="Over time").click()
    page.get_by_role("heading", name="Since last time").wait_for()
    page.get_by_role("button", name="All recordings").click()
    page.get_by_role("heading", name="Recordings").wait_for()
    assert page.url.rstrip("/") == app.address


def test_nothing_is_wider_than_a_small_window(page, app, couple) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(f"{app.address}/?couple={couple.id}")
    page.get_by_role("heading", name="The sessions").wait_for()
    page.locator("[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg").nth(5).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
