"""The summary of a session in a real browser: the way there and back, and the pages to print."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_summary_is_a_click_away_and_leads_back_to_the_moments(page, app) -> None:
    page.goto(f"{app.address}/?session={app.session}")
    page.locator(".player[data-ready='true']").wait_for()
    page.get_by_role("button", name="Summary").click()
    page.get_by_role("heading", name="Share of the talk").wait_for()
    assert "view=summary" in page.url
    page.get_by_role("button", name="The moments").click()
    page.locator(".player[data-ready='true']").wait_for()


def test_the_summary_counts_the_moments_that_the_slider_shows(page, app) -> None:
    page.goto(f"{app.address}/?session={app.session}")
    page.locator(".player[data-ready='true']").wait_for()
    page.get_by_text("Which moments", exact=True).click()
    page.locator("#sensitivity").fill("0.9")
    shown = int(page.locator("#how-many").inner_text().split()[0])
    page.get_by_role("button", name="Summary").click()
    page.get_by_text(f"as chosen beside the moments: {shown} instead of").wait_for()
    page.reload()
    page.get_by_text(f"as chosen beside the moments: {shown} instead of").wait_for()
    page.get_by_role("button", name="The moments").click()
    page.locator(".player[data-ready='true']").wait_for()
    page.get_by_text("Which moments", exact=True).click()
    page.locator("#sensitivity").fill("0.4")
    page.get_by_role("button", name="Summary").click()
    page.get_by_role("heading", name="Moments over time").wait_for()
    page.get_by_text("as chosen beside the moments").wait_for(state="detached")


def test_the_page_for_the_couple_is_one_file_without_notes_that_loads_nothing(page, app, tmp_path) -> None:
    page.goto(f"{app.address}/?session={app.session}&view=summary")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="One page for the couple").click()
    printed = tmp_path / "couple.html"
    waiting.value.save_as(printed)
    text = printed.read_text(encoding="utf-8")
    assert "An evening" in text
    assert "<script" not in text
    assert "src=" not in text
