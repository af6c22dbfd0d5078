"""Putting a session right in a real browser: voices, words, lines, moments by hand, and which of them are shown."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="needs playwright")
from playwright.sync_api import Locator, Page, expect

from app.session.edits import (
    AddMoment,
    CorrectWord,
    GiveSpeech,
    NameVoice,
    RemoveMoment,
    SetRole,
    SwapVoices,
    TagMoment,
    WriteNote,
)

pytestmark = pytest.mark.browser

READY = ".player[data-ready='true']"
SAVED = ".player[data-saved='true']"
LOADS_WITHIN = 30_000  # milliseconds
SEEN_WITHIN = 15_000  # milliseconds; a second tab looks every two seconds, on a busy machine later


@pytest.fixture
def library(app):
    """The library on the disk, as another process would read it; what a test wrote is taken back after it."""
    from app.library import Library

    library = Library(app.library)
    yield library
    while library.undo(app.session):
        pass
    for term in library.terms():
        library.remove_term(term)
    library.close()


@pytest.fixture
def player(page: Page, app, library) -> Page:
    while library.undo(app.session):
        pass
    open_session(page, app)
    return page


def open_session(page: Page, app) -> None:
    page.goto(f"{app.address}/?session={app.session}")
    page.wait_for_selector(READY, timeout=LOADS_WITHIN)


def reload(player: Page) -> None:
    player.wait_for_selector(SAVED)
    player.reload()
    player.wait_for_selector(READY, timeout=LOADS_WITHIN)


def last_edit(player: Page, library, app):
    player.wait_for_selector(SAVED)
    return library.edits(app.session)[-1]


def edits_of(player: Page, library, app):
    player.wait_for_selector(SAVED)
    return library.edits(app.session)


def tag_field(player: Page) -> Locator:
    return player.get_by_role("combobox", name="Tags")


def with_a_copy(library, app, folder, title: str) -> str:
    """A second session of the same conversation, without what voices are compared by; its id."""
    from app.analysing.review_media import write_review_media

    copy = folder / "copy.ogg"
    copy.write_bytes(library.files(app.session).source.read_bytes() + title.encode())
    session = library.add(copy, title)
    conversation = library.conversation(app.session)
    library.keep(session.id, conversation)
    write_review_media(library.files(session.id), conversation)
    return session.id


def names(player: Page) -> list[str]:
    return list(dict.fromkeys(player.locator(".line .name").all_inner_texts()))


def all_moments(player: Page) -> int:
    return int(player.locator("h2").first.inner_text().rsplit(" ", 1)[1])


def sensitivity(player: Page, value: float) -> None:
    player.get_by_label("Show", exact=True).evaluate(
        "(it, value) => { it.value = value; it.dispatchEvent(new Event('input')); }", value
    )


def expect_moments(player: Page, count: int) -> None:
    expect(player.locator("h2").first).to_have_text(re.compile(rf"of {count}$"))
    expect(player.locator(".mark")).to_have_count(count)


def line_of(player: Page, place: int) -> Locator:
    return player.locator(".line").nth(place)


def test_a_voice_is_named_and_called_so_everywhere_after_a_reload(player: Page, library, app) -> None:
    player.get_by_role("button", name="Voices").click()
    field = player.get_by_label("Name of Nora")
    field.fill("Ines")
    field.press("Enter")
    expect(player.locator(".line .name", has_text="Ines").first).to_be_visible()
    assert "Nora" not in names(player)
    assert last_edit(player, library, app) == NameVoice("Nora", "Ines")
    reload(player)
    assert set(names(player)) == {"Ben", "Ines"}


def test_two_voices_that_were_taken_for_each_other_are_swapped(player: Page, library, app) -> None:
    before = player.locator(".line .name").all_inner_texts()
    player.get_by_role("button", name="Voices").click()
    player.get_by_role("button", name="Swap Ben and Nora").click()
    other = {"Ben": "Nora", "Nora": "Ben"}
    expect(player.locator(".line .name")).to_have_text([other[name] for name in before])
    assert last_edit(player, library, app) == SwapVoices("Ben", "Nora")
    player.keyboard.press("z")
    expect(player.locator(".line .name")).to_have_text(before)


def test_a_sample_of_a_voice_is_heard_and_ends(player: Page) -> None:
    player.get_by_role("button", name="Voices").click()
    player.get_by_role("button", name="Hear the voice of Ben").click()
    expect(player.locator(".player")).to_have_attribute("data-playing", "true")
    expect(player.locator(".player")).to_have_attribute("data-playing", "false", timeout=12_000)


def test_a_coach_has_no_moments(player: Page, library, app) -> None:
    before = all_moments(player)
    player.get_by_role("button", name="Voices").click()
    player.locator(".voice-row").nth(1).get_by_label("is the coach").check()
    expect(player.locator(".mark")).not_to_have_count(before)
    assert last_edit(player, library, app) == SetRole("Nora", "coach")
    assert "Nora" not in player.locator(".subtitle").inner_text()


def test_a_corrected_word_stands_after_a_reload_and_is_remembered(player: Page, library, app) -> None:
    word = player.locator(".word").nth(5)
    before = word.inner_text()
    word.dblclick()
    field = player.get_by_label("This word reads")
    expect(field).to_have_value(before)
    field.fill("Marlene,")
    player.get_by_label("remember it as a name").check()
    field.press("Enter")
    expect(word).to_have_text("Marlene,")
    edit = last_edit(player, library, app)
    assert isinstance(edit, CorrectWord)
    assert edit.text == "Marlene,"
    assert library.terms() == ("Marlene",)
    reload(player)
    expect(word).to_have_text("Marlene,")
    player.keyboard.press("z")
    expect(word).to_have_text(before)


def test_the_word_one_is_at_is_corrected_by_keys_and_left_by_escape(player: Page, library, app) -> None:
    player.keyboard.press("e")
    field = player.get_by_label("This word reads")
    expect(field).to_be_focused()
    field.fill("jazz")
    field.press("Escape")
    expect(field).not_to_be_attached()
    assert library.edits(app.session) == ()


def test_a_line_is_given_to_the_other_voice_with_its_words(player: Page, library, app) -> None:
    line = line_of(player, 3)
    giver, words = line.locator(".name").inner_text(), line.locator(".words").inner_text()
    taker = {"Ben": "Nora", "Nora": "Ben"}[giver]
    line.hover()
    line.locator(".give").click()
    player.get_by_role("menuitem", name=f"This line is {taker}'s").click()
    given = player.locator(".line", has_text=words).first
    expect(given.locator(".name")).to_have_text(taker)
    edit = last_edit(player, library, app)
    assert isinstance(edit, GiveSpeech)
    assert edit.speaker == taker
    reload(player)
    expect(player.locator(".line", has_text=words).first.locator(".name")).to_have_text(taker)
    player.keyboard.press("z")
    expect(line_of(player, 3).locator(".name")).to_have_text(giver)


def test_all_that_a_voice_says_from_here_on_is_given_by_keys(player: Page, library, app) -> None:
    player.locator(".transcript").focus()
    while "chosen" not in (line_of(player, 20).get_attribute("class") or ""):
        player.keyboard.press("ArrowDown")
    giver = line_of(player, 20).locator(".name").inner_text()
    player.keyboard.press("g")
    player.keyboard.press("ArrowDown")
    player.keyboard.press("Enter")
    expect(line_of(player, 20).locator(".name")).not_to_have_text(giver)
    rest = player.locator(".line .name").all_inner_texts()
    assert giver not in rest[20:]
    assert giver in rest[:20]
    assert isinstance(last_edit(player, library, app), GiveSpeech)


@pytest.fixture
def mistaken(page: Page, app, library) -> Page:
    """The player of a session in which some of Ben's lines and some of Nora's were taken for a third voice's."""
    while library.undo(app.session):
        pass
    lines = library.conversation(app.session).utterances
    taken = [lines[place] for place in (0, 2, 5, 7, 10, 12, 15, 17)]
    library.edit(app.session, GiveSpeech(tuple(span for line in taken for span in line.spans), "Speaker_3"))
    open_session(page, app)
    return page


def ask_for_lines_like(player: Page, place: int, taker: str) -> None:
    line_of(player, place).hover()
    line_of(player, place).locator(".give").click()
    player.get_by_role("menuitem", name=re.compile(f"lines that sound like this one are {taker}'s")).click()


def test_all_lines_that_sound_alike_are_shown_and_then_given_in_one_go(mistaken: Page, library, app) -> None:
    ask_for_lines_like(mistaken, 2, "Ben")
    asked = mistaken.locator(".line.asked")
    expect(asked).not_to_have_count(0)
    words = asked.locator(".words").all_inner_texts()
    assert words
    expect(
        mistaken.get_by_role("status").filter(has_text=f"{len(words) - 1} other lines sound like it")
    ).to_be_visible()
    before = library.edits(app.session)
    mistaken.get_by_role("button", name="Give", exact=True).click()
    for said in words:
        expect(mistaken.locator(".line", has_text=said).first.locator(".name")).to_have_text("Ben")
    edit = last_edit(mistaken, library, app)
    assert isinstance(edit, GiveSpeech)
    assert (edit.speaker, len(library.edits(app.session))) == ("Ben", len(before) + 1)
    assert "Speaker 3" in names(mistaken)
    mistaken.keyboard.press("z")
    expect(line_of(mistaken, 2).locator(".name")).to_have_text("Speaker 3")
    assert library.edits(app.session) == before


def test_lines_that_sound_alike_stay_where_they_are_unless_somebody_says_so(mistaken: Page, library, app) -> None:
    before = library.edits(app.session)
    ask_for_lines_like(mistaken, 2, "Ben")
    expect(mistaken.locator(".line.asked")).not_to_have_count(0)
    mistaken.keyboard.press("Escape")
    expect(mistaken.locator(".line.asked")).to_have_count(0)
    expect(mistaken.locator(".alike-question")).to_be_hidden()
    assert library.edits(app.session) == before


def test_where_nothing_is_kept_to_compare_voices_by_that_is_said_in_a_sentence(
    page: Page, app, library, tmp_path
) -> None:
    older = with_a_copy(library, app, tmp_path, "Analysed long ago")
    page.goto(f"{app.address}/?session={older}")
    page.wait_for_selector(READY, timeout=LOADS_WITHIN)
    ask_for_lines_like(page, 2, "Nora")
    expect(page.get_by_text("cannot be told")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".alike-question")).to_be_hidden()
    library.delete(older)


def test_more_sensitivity_shows_more_moments_and_says_how_many(player: Page) -> None:
    usual = all_moments(player)
    player.get_by_role("button", name="Which moments").click()
    expect(player.get_by_text(f"{usual} moments, as usual")).to_be_visible()
    sensitivity(player, 0.9)
    more = all_moments(player)
    assert more > usual
    expect(player.get_by_text(f"{more} moments, {more - usual} more than usual")).to_be_visible()
    expect_moments(player, more)
    reload(player)
    expect_moments(player, more)
    player.get_by_role("button", name="Which moments").click()
    player.get_by_role("button", name="As usual").click()
    expect_moments(player, usual)


def test_moving_the_sensitivity_redraws_without_asking_the_server(player: Page) -> None:
    player.get_by_role("button", name="Which moments").click()
    player.context.set_offline(True)
    usual = all_moments(player)
    sensitivity(player, 0.9)
    assert all_moments(player) > usual
    player.context.set_offline(False)


def test_the_keys_go_on_working_beside_the_slider_which_keeps_its_arrows(player: Page) -> None:
    player.get_by_role("button", name="Which moments").click()
    slider = player.get_by_label("Show", exact=True)
    slider.focus()
    before, first = slider.input_value(), player.locator("h2").first.inner_text()
    player.keyboard.press("j")
    assert player.locator("h2").first.inner_text() != first
    player.keyboard.press("ArrowRight")
    assert slider.input_value() > before


def test_the_count_follows_a_filter_and_comes_back(player: Page) -> None:
    before = all_moments(player)
    player.get_by_role("button", name="Which moments").click()
    player.get_by_label("Voice", exact=True).select_option(label="Ben")
    few = all_moments(player)
    assert few < before
    assert "Ben" in player.locator(".subtitle").inner_text()
    expect(player.get_by_role("button", name=f"Which moments: {few} of {before}")).to_be_visible()
    player.get_by_label("Looked at", exact=True).select_option(label="dismissed")
    expect(player.locator("h2").first).to_have_text("No moment is left")
    player.get_by_role("button", name="As usual").click()
    expect_moments(player, before)


def test_a_moment_is_added_over_a_stretch_and_is_there_after_a_reload(player: Page, library, app) -> None:
    before = all_moments(player)
    line_of(player, 1).locator(".word").first.click()
    player.keyboard.press("Space")
    player.locator(".stage").scroll_into_view_if_needed()
    box = player.locator(".stage").bounding_box()
    assert box is not None
    player.keyboard.down("Shift")
    player.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    player.mouse.down()
    player.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.25 * box["height"], steps=4)
    player.mouse.up()
    player.keyboard.up("Shift")
    player.get_by_role("menuitem", name="heavy").click()
    expect_moments(player, before + 1)
    expect(player.get_by_text("Added by you")).to_be_visible()
    expect(player.locator(".sentence")).to_contain_text("You heard Ben's voice get heavy.")
    edit = last_edit(player, library, app)
    assert isinstance(edit, AddMoment)
    assert (edit.moment.speaker, edit.moment.kind) == ("Ben", "heavy")
    reload(player)
    expect_moments(player, before + 1)


def test_a_moment_is_added_by_keys_where_one_is(player: Page, library, app) -> None:
    before = all_moments(player)
    player.locator(".transcript").focus()
    while "chosen" not in (line_of(player, 2).get_attribute("class") or ""):
        player.keyboard.press("ArrowUp")
    player.keyboard.press("n")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        player.keyboard.press(key)
    expect_moments(player, before + 1)
    assert last_edit(player, library, app).moment.kind == "sharp"
    player.keyboard.press("z")
    expect_moments(player, before)


def test_a_removed_moment_stays_away_and_z_brings_it_back_into_view(player: Page, library, app) -> None:
    before = all_moments(player)
    player.keyboard.press("j")
    removed = player.locator(".subtitle").inner_text()
    player.keyboard.press("Delete")
    expect_moments(player, before - 1)
    assert player.locator(".subtitle").inner_text() != removed
    assert isinstance(last_edit(player, library, app), RemoveMoment)
    reload(player)
    expect_moments(player, before - 1)
    player.keyboard.press("z")
    expect_moments(player, before)
    expect(player.locator(".subtitle")).to_have_text(removed)


def test_what_one_keeps_of_the_session_is_there_after_a_reload(player: Page, library, app) -> None:
    player.get_by_role("button", name="On the session").click()
    field = player.get_by_label("What you want to keep of the session as a whole")
    field.fill("They spoke of the move for the first time.")
    field.blur()
    assert last_edit(player, library, app) == WriteNote("They spoke of the move for the first time.", None)
    reload(player)
    player.get_by_role("button", name="On the session").click()
    expect(field).to_have_value("They spoke of the move for the first time.")


def test_tags_are_typed_one_after_another_and_are_there_after_a_reload(player: Page, library, app) -> None:
    player.keyboard.press("t")
    expect(tag_field(player)).to_be_focused()
    player.keyboard.type("money,  the  move ", delay=15)
    player.keyboard.press("Enter")
    player.keyboard.type("Money", delay=15)
    player.keyboard.press("Enter")
    expect(player.locator(".tag")).to_have_text(["money×", "the move×"])
    assert last_edit(player, library, app).tags == ("money", "the move")
    reload(player)
    expect(player.locator(".tag")).to_have_text(["money×", "the move×"])
    player.keyboard.press("z")
    expect(player.locator(".tag")).to_have_text(["money×"])


def test_a_tag_is_removed_by_keys_and_by_a_click_and_comes_back_by_z(player: Page, library, app) -> None:
    player.keyboard.press("t")
    player.keyboard.type("money,bedtime,")
    player.keyboard.press("Shift+Tab")
    player.keyboard.press("Enter")
    expect(player.locator(".tag")).to_have_text(["money×"])
    expect(tag_field(player)).to_be_focused()
    player.keyboard.press("Escape")
    player.get_by_role("button", name="Remove the tag money").click()
    expect(player.locator(".tag")).to_have_count(0)
    assert last_edit(player, library, app).tags == ()
    player.keyboard.press("z")
    expect(player.locator(".tag")).to_have_text(["money×"])


def test_what_was_typed_for_a_tag_is_kept_when_the_field_is_left_and_not_by_escape(player: Page, library, app) -> None:
    tag_field(player).fill("money")
    player.get_by_role("button", name="Next moment").click()
    expect(player.locator(".tag")).to_have_count(0)
    edit = last_edit(player, library, app)
    assert isinstance(edit, TagMoment)
    assert edit.tags == ("money",)
    tag_field(player).fill("never mind")
    tag_field(player).press("Escape")
    player.keyboard.press("k")
    expect(player.locator(".tag")).to_have_text(["money×"])
    assert last_edit(player, library, app) == edit


def test_a_tag_is_suggested_for_other_moments_and_finds_its_own(player: Page) -> None:
    before = all_moments(player)
    player.get_by_role("button", name="Which moments").click()
    expect(player.get_by_label("Tag", exact=True)).to_be_hidden()
    player.keyboard.press("j")
    second = player.locator(".subtitle").inner_text()
    tag_field(player).fill("money,")
    expect(player.get_by_label("Tag", exact=True)).to_be_visible()
    player.keyboard.press("Escape")
    player.keyboard.press("j")
    expect(player.locator("#known-tags option")).to_have_attribute("value", "money")
    player.get_by_label("Tag", exact=True).select_option("money")
    expect(player.get_by_role("button", name=f"Which moments: 1 of {before}")).to_be_visible()
    expect(player.locator(".subtitle")).to_have_text(second)
    player.get_by_role("button", name="As usual").click()
    expect_moments(player, before)


def test_z_takes_back_a_whole_note_and_not_its_last_letters(player: Page, library, app) -> None:
    player.keyboard.press("a")
    note = player.get_by_label("Note")
    note.click()
    player.keyboard.type("she waits", delay=200)
    note.blur()
    assert len([edit for edit in edits_of(player, library, app) if isinstance(edit, WriteNote)]) > 2
    player.keyboard.press("z")
    expect(note).to_have_value("")
    expect(player.get_by_role("button", name="Agree")).to_have_attribute("aria-pressed", "true")
    assert [type(edit).__name__ for edit in edits_of(player, library, app)] == ["MarkMoment"]


def test_a_second_tab_shows_what_the_first_wrote_by_itself(player: Page, app) -> None:
    other = player.context.new_page()
    open_session(other, app)
    player.keyboard.press("a")
    expect(other.locator(".mark").nth(0)).to_have_class(re.compile("agree"), timeout=SEEN_WITHIN)
    player.get_by_label("Note").fill("Ask her.")
    player.keyboard.press("Escape")
    tag_field(player).fill("money,")
    expect(other.get_by_label("Note")).to_have_value("Ask her.", timeout=SEEN_WITHIN)
    expect(other.locator(".tag")).to_have_text(["money×"], timeout=SEEN_WITHIN)
    word = player.locator(".word").nth(5)
    word.dblclick()
    player.get_by_label("This word reads").fill("Marlene,")
    player.get_by_label("This word reads").press("Enter")
    expect(other.locator(".word").nth(5)).to_have_text("Marlene,", timeout=SEEN_WITHIN)
    other.keyboard.press("z")
    expect(player.locator(".word").nth(5)).not_to_have_text("Marlene,", timeout=SEEN_WITHIN)


def test_another_tab_takes_no_note_away_from_under_ones_hands(player: Page, app) -> None:
    other = player.context.new_page()
    open_session(other, app)
    mine = other.get_by_label("Note")
    mine.click()
    other.keyboard.type("what I think")
    other.wait_for_selector(SAVED)
    expect(player.get_by_label("Note")).to_have_value("what I think", timeout=SEEN_WITHIN)
    player.get_by_label("Note").fill("what I think, and you")
    player.get_by_label("Note").blur()
    player.keyboard.press("d")
    expect(other.locator(".mark").nth(0)).to_have_class(re.compile("dismiss"), timeout=SEEN_WITHIN)
    expect(mine).to_have_value("what I think")
    mine.blur()
    expect(mine).to_have_value("what I think, and you")


def test_two_tabs_see_what_the_other_wrote_after_a_reload(player: Page, app) -> None:
    other = player.context.new_page()
    open_session(other, app)
    player.keyboard.press("a")
    other.keyboard.press("j")
    other.keyboard.press("d")
    for tab in (player, other):
        tab.wait_for_selector(SAVED)
    for tab in (player, other):
        reload(tab)
        expect(tab.locator(".mark").nth(0)).to_have_class(re.compile("agree"))
        expect(tab.locator(".mark").nth(1)).to_have_class(re.compile("dismiss"))


def test_a_session_that_was_deleted_elsewhere_is_told_of_in_a_sentence(page: Page, app, library, tmp_path) -> None:
    doomed = with_a_copy(library, app, tmp_path, "Soon gone")
    page.goto(f"{app.address}/?session={doomed}")
    page.wait_for_selector(READY, timeout=LOADS_WITHIN)
    library.delete(doomed)
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_be_visible()
    assert "Traceback" not in page.locator("body").inner_text()
