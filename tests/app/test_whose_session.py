"""The line above the moments: answered with a click, taken back with another; silent where it knows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.library import Library
from tests.app.known_couples import ANNA, BEN, CARA, DAN, add, add_named, heard


def page(folder: str, session: str) -> None:
    from pathlib import Path

    from app.library import Library
    from app.review.whose_session import choose_couple, show_whose

    library = Library(Path(folder))
    choose_couple(library, session)
    show_whose(library, session)


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    couple = opened.add_couple("Anna & <b>Ben</b>")
    add_named(opened, couple, heard(ANNA, BEN, seed=1, lines=15), "Anna", "Ben")
    yield opened
    opened.close()


def opened_page(library: Library, session: str) -> AppTest:
    return AppTest.from_function(page, kwargs={"folder": str(library.folder), "session": session}).run(timeout=30)


def click(shown: AppTest, label: str) -> None:
    next(button for button in shown.button if button.label == label).click().run(timeout=30)


def labels(shown: AppTest) -> list[str]:
    assert not shown.exception
    return [button.label for button in shown.button]


def line(shown: AppTest) -> str:
    return "".join(str(part.proto.body) for part in shown.get("html"))


def test_a_suggestion_is_a_question_with_two_answers_and_names_are_no_markup(library: Library) -> None:
    shown = opened_page(library, add(library, heard(ANNA, BEN, seed=2, lines=15)))
    assert "These voices sound like Anna and Ben, of whom there is one session." in line(shown)
    assert labels(shown) == ["Add", "It is them", "No"]
    click(shown, "It is them")
    assert "Anna &amp; &lt;b&gt;Ben&lt;/b&gt;" in line(shown)


def test_yes_can_be_taken_back(library: Library) -> None:
    session = add(library, heard(ANNA, BEN, seed=2, lines=15))
    shown = opened_page(library, session)
    click(shown, "It is them")
    assert library.session(session).couple is not None
    click(shown, "Undo")
    assert library.session(session).couple is None
    assert labels(shown) == ["Add", "It is them", "No"]


def test_after_no_it_is_not_asked_again_unless_that_is_taken_back(library: Library) -> None:
    session = add(library, heard(ANNA, BEN, seed=2, lines=15))
    shown = opened_page(library, session)
    click(shown, "No")
    assert labels(shown) == ["Add", "Undo"]
    assert labels(opened_page(library, session)) == ["Add"]
    click(shown, "Undo")
    assert labels(opened_page(library, session)) == ["Add", "It is them", "No"]


def test_of_strangers_nothing_is_said(library: Library) -> None:
    shown = opened_page(library, add(library, heard(CARA, DAN, seed=3, lines=15)))
    assert line(shown) == ""
    assert labels(shown) == ["Add"]


def test_a_new_couple_is_named_and_an_old_one_chosen(library: Library) -> None:
    session = add(library, heard(CARA, DAN, seed=3, lines=15))
    shown = opened_page(library, session)
    shown.text_input[0].set_value("Cara and Dan")
    click(shown, "Add")
    assert library.session(session).couple.name == "Cara and Dan"
    shown.selectbox[0].select("Anna & <b>Ben</b>").run(timeout=30)
    assert library.session(session).couple.name == "Anna & <b>Ben</b>"
    click(shown, "Undo")
    assert library.session(session).couple.name == "Cara and Dan"
