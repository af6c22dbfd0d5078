"""Whose session it is, in a real browser: suggested from the voices, said with one click, taken back with another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysing.review_media import write_review_media
from app.couples.known_voices import Assignment, assign
from app.library import Library

pytestmark = pytest.mark.browser
SUGGESTED = "These voices sound like Maya and Jonas, of whom there is one session."


@pytest.fixture
def next_session(app, tmp_path: Path) -> Iterator[str]:
    """The session after one in which somebody said that the same two voices are Maya and Jonas."""
    library = Library(app.library)
    heard = replace(library.conversation(app.session), voices=library.voices(app.session))
    source = library.files(app.session).source
    first, second = (add(library, source, tmp_path / f"{name}.ogg") for name in ("first", "second"))
    for session in (first, second):
        library.keep(session, heard)
    names = dict(zip(heard.speakers, ("Maya", "Jonas"), strict=True))
    assign(library, first, Assignment(library.add_couple("Maya and Jonas"), names))
    write_review_media(library.files(second), heard)
    yield second
    for session in (first, second):
        library.delete(session)
    library.close()


def add(library: Library, source: Path, copy: Path) -> str:
    copy.write_bytes(source.read_bytes() + copy.name.encode())  # the same bytes would be the same session
    return library.add(copy).id


def test_a_couple_known_by_voice_is_said_with_one_click_and_taken_back_with_another(page, app, next_session) -> None:
    page.goto(f"{app.address}/?session={next_session}")
    page.locator(".player[data-ready='true']").wait_for()
    page.get_by_text(SUGGESTED).wait_for()
    page.get_by_role("button", name="It is them").click()
    page.get_by_text('This is a session of "Maya and Jonas".').wait_for()
    page.get_by_text("Maya's voice").locator("visible=true").first.wait_for()
    library = Library(app.library)
    couple = library.session(next_session).couple
    assert couple is not None
    assert couple.name == "Maya and Jonas"
    page.get_by_role("button", name="Undo", exact=True).first.click()
    page.get_by_text(SUGGESTED).wait_for()
    assert library.session(next_session).couple is None
    library.close()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_text("will not be suggested").wait_for()
    page.reload()
    page.locator(".player[data-ready='true']").wait_for()
    page.get_by_role("button", name="Whose session is this?").wait_for()
    assert page.get_by_text(SUGGESTED).count() == 0
