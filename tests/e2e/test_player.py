"""The player in a real browser: stepping, playing, marking and writing, and that nothing leaves the machine."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="needs playwright")
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

READY = ".player[data-ready='true']"
SAVED = ".player[data-saved='true']"
LOADS_WITHIN = 30_000  # milliseconds


@pytest.fixture
def player(page: Page, app) -> Page:
    page.goto(f"{app.address}/?session={app.session}")
    page.wait_for_selector(READY, timeout=LOADS_WITHIN)
    return page


@pytest.fixture
def written(app):
    """What the library on the disk holds of the session, as another process would read it."""
    from app.library import Library

    library = Library(app.library)
    yield lambda: library.edits(app.session)
    library.close()


def heading(player: Page) -> str:
    return player.locator("h2").first.inner_text()


def reload(player: Page) -> None:
    player.wait_for_selector(SAVED)
    player.reload()
    player.wait_for_selector(READY, timeout=LOADS_WITHIN)


def go_to_first(player: Page) -> None:
    while not heading(player).startswith("Moment 1 "):
        player.keyboard.press("k")


def test_a_session_opens_at_its_first_moment(player: Page) -> None:
    expect(player.locator("h2").first).to_have_text(re.compile(r"Moment 1 of \d+"))
    assert player.locator(".mark").count() >= 2
    assert player.locator(".sentence").inner_text()


def test_keys_step_through_the_moments_and_stop_at_both_ends(player: Page) -> None:
    last = player.locator(".mark").count()
    for key in ("j", "ArrowRight"):
        player.keyboard.press(key)
    assert heading(player) == f"Moment 3 of {last}"
    player.keyboard.press("ArrowLeft")
    player.keyboard.press("k")
    player.keyboard.press("k")
    assert heading(player) == f"Moment 1 of {last}"
    for _ in range(last + 2):
        player.keyboard.press("j")
    assert heading(player) == f"Moment {last} of {last}"


def test_every_moment_has_lanes_and_a_card_of_its_own(player: Page) -> None:
    go_to_first(player)
    first = player.locator(".sentence").inner_text(), player.locator("canvas.lanes").evaluate("it => it.toDataURL()")
    player.keyboard.press("j")
    second = player.locator(".sentence").inner_text(), player.locator("canvas.lanes").evaluate("it => it.toDataURL()")
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_playback_moves_the_playhead_and_the_word_follows(player: Page) -> None:
    before = player.locator(".stage .playhead").evaluate("it => it.style.transform")
    player.keyboard.press("Space")
    player.wait_for_selector(".word.now")
    first = player.locator(".word.now").get_attribute("data-start")
    expect(player.locator(".word.now")).not_to_have_attribute("data-start", first or "", timeout=10_000)
    assert player.locator(".stage .playhead").evaluate("it => it.style.transform") != before
    player.keyboard.press("Space")
    expect(player.locator(".player")).to_have_attribute("data-playing", "false")


def test_a_click_on_a_word_plays_from_there(player: Page) -> None:
    word = player.locator(".word").nth(30)
    word.click()
    expect(player.locator(".player")).to_have_attribute("data-playing", "true")
    expect(player.locator(".word.now")).to_have_attribute("data-start", word.get_attribute("data-start") or "")


def test_a_mark_is_kept_over_a_reload_and_undone_by_z(player: Page, written) -> None:
    before = len(written())
    player.keyboard.press("a")
    agree = player.get_by_role("button", name="Agree")
    expect(agree).to_have_attribute("aria-pressed", "true")
    reload(player)
    expect(agree).to_have_attribute("aria-pressed", "true")
    assert written()[-1].mark == "agree"
    player.keyboard.press("z")
    expect(agree).to_have_attribute("aria-pressed", "false")
    assert len(written()) == before


def test_a_note_is_kept_over_a_reload_and_its_letters_are_no_keys(player: Page, written) -> None:
    player.keyboard.press("j")
    second = heading(player)
    note = player.get_by_label("Note")
    note.click()
    player.keyboard.type("a jug of kind words, and all", delay=15)
    assert heading(player) == second
    expect(player.get_by_role("button", name="Agree")).to_have_attribute("aria-pressed", "false")
    player.wait_for_selector(SAVED)
    reload(player)
    assert heading(player) == second
    expect(note).to_have_value("a jug of kind words, and all")
    assert written()[-1].text == "a jug of kind words, and all"


def test_fast_marks_on_several_moments_are_all_written(player: Page, written) -> None:
    go_to_first(player)
    for key in ("d", "j", "u", "j", "a"):
        player.keyboard.press(key)
    reload(player)
    assert [edit.mark for edit in written() if type(edit).__name__ == "MarkMoment"][-3:] == [
        "dismiss",
        "unsure",
        "agree",
    ]


def test_six_lines_of_the_transcript_are_seen_beside_the_lanes_without_scrolling(player: Page) -> None:
    player.set_viewport_size({"width": 1280, "height": 1000})
    seen = """it => [...it.querySelectorAll(".line")].filter((line) => {
        const [own, all] = [line.getBoundingClientRect(), it.getBoundingClientRect()];
        return own.top >= all.top && own.bottom <= Math.min(all.bottom, innerHeight);
    }).length"""
    assert player.locator(".transcript").evaluate(seen) >= 6


@pytest.mark.parametrize(("width", "size"), [(800, "100%"), (1280, "200%")])
def test_nothing_is_cut_off_in_a_narrow_window_or_with_large_letters(player: Page, width: int, size: str) -> None:
    player.set_viewport_size({"width": width, "height": 1000})
    player.add_style_tag(content=f"html {{ font-size: {size} !important; }}")
    for part in (".card", ".transcript", ".controls", ".overview"):
        assert player.locator(part).evaluate("it => it.scrollWidth <= it.clientWidth + 1"), part
    assert player.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_click_on_a_button_does_not_take_the_space_bar(player: Page) -> None:
    player.get_by_role("button", name="Next moment").click()
    title = heading(player)
    player.keyboard.press("Space")
    expect(player.locator(".player")).to_have_attribute("data-playing", "true")
    assert heading(player) == title


def test_the_keys_are_shown_on_demand(player: Page) -> None:
    player.keyboard.press("?")
    expect(player.get_by_role("dialog")).to_be_visible()
    player.keyboard.press("Escape")
    expect(player.get_by_role("dialog")).not_to_be_visible()


def test_sound_is_sent_in_ranges_and_kept_nowhere(page: Page, app) -> None:
    address = f"{app.address}/undertone/sessions/{app.session}/audio.webm"
    answer = page.request.get(address, headers={"Range": "bytes=100-199"})
    assert answer.status == 206
    assert len(answer.body()) == 100
    assert answer.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["sessions/nobody/audio.webm", "sessions/{session}/source.ogg", "sessions/{session}/..%2f..%2flibrary.sqlite"],
)
def test_nothing_else_of_the_library_can_be_fetched(page: Page, app, path: str) -> None:
    answer = page.request.get(f"{app.address}/undertone/{path.format(session=app.session)}")
    assert answer.status in (400, 404)


def test_another_name_for_this_machine_is_turned_away(page: Page, app) -> None:
    address = f"{app.address}/undertone/sessions/{app.session}/words.json"
    assert page.request.get(address, headers={"Host": "evil.example"}).status == 400
