"""The list of names and terms on the first page: seen, added to, taken off, whatever other tabs do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path)
    opened.add_term("Vojta")
    yield opened
    opened.close()


@pytest.fixture
def page(library: Library) -> AppTest:
    def script(folder):
        from app.library import Library
        from app.review.terms_list import show_terms

        show_terms(Library(folder))

    return AppTest.from_function(script, args=(library.folder,)).run()


def test_the_terms_of_the_library_are_shown(page: AppTest) -> None:
    assert page.multiselect[0].value == ["Vojta"]


def test_what_is_typed_is_in_the_library_also_a_list(library: Library, page: AppTest) -> None:
    page.multiselect[0].set_value(["Vojta", "Anna, Žižkov"]).run()
    assert library.terms() == ("Anna", "Vojta", "Žižkov")
    assert page.multiselect[0].value == ["Anna", "Vojta", "Žižkov"]


def test_what_is_taken_off_is_gone_from_the_library(library: Library, page: AppTest) -> None:
    page.multiselect[0].set_value([]).run()
    assert library.terms() == ()


def test_what_another_tab_added_meanwhile_stays(library: Library, page: AppTest) -> None:
    library.add_term("Novák")
    page.multiselect[0].set_value(["Vojta", "Anna"]).run()
    assert library.terms() == ("Anna", "Novák", "Vojta")
