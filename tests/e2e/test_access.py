"""Whether everyone can use the pages: axe's rules of WCAG 2.2 A and AA, the keyboard alone, and text of twice the size.

The pages are looked at whole, with what Streamlit draws; no rule and no part of a page is left out.
"""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
PAGES = {
    "the recordings": ("", ".recording h3"),
    "the moments": ("/?session={session}", ".player[data-ready='true']"),
    "the summary": ("/?session={session}&view=summary", ".vega-embed canvas, .vega-embed svg"),
}
CONTROLS = 60  # more than the first page has with one recording


def open_page(page, app, name: str) -> None:
    address, drawn = PAGES[name]
    page.goto(app.address + address.format(session=app.session))
    page.locator(drawn).first.wait_for()
    page.wait_for_selector(AT_REST)


def press_tab_until(page, wanted: str) -> None:
    for _ in range(CONTROLS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == wanted:
            return
    pytest.fail(f"Tab never came to {wanted!r}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_wcag_is_broken(page, app, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    open_page(page, app, name)
    found = Axe().run(page, options={"runOnly": RULES}).response
    assert {"color-contrast", "button-name"} & {rule["id"] for rule in found["passes"]}, "axe saw nothing of the page"
    assert not [(rule["id"], [part["html"] for part in rule["nodes"]]) for rule in found["violations"]]


def test_the_keyboard_alone_opens_a_session_and_comes_back(page, app) -> None:
    open_page(page, app, "the recordings")
    press_tab_until(page, "Open")
    page.keyboard.press("Enter")
    page.locator(".player[data-ready='true']").wait_for()
    press_tab_until(page, "← All recordings")
    page.keyboard.press("Enter")
    page.locator(".recording h3").first.wait_for()


def test_the_keyboard_alone_is_asked_before_it_deletes(page, app) -> None:
    open_page(page, app, "the recordings")
    press_tab_until(page, "Delete")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete for good").wait_for()
    press_tab_until(page, "Keep it")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Open").wait_for()


@pytest.mark.parametrize("name", PAGES)
def test_text_of_twice_the_size_needs_no_scrolling_sideways(page, app, name: str) -> None:
    open_page(page, app, name)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(500)  # the page is laid out anew
    wider = (
        "[document.documentElement, document.querySelector('.stMain')].map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert page.evaluate(wider) == [0, 0]
