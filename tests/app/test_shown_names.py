"""Names on paper and in charts: no two alike, none longer than there is room, none that turns a sentence round."""

from __future__ import annotations

import pytest

from app.session.shown_names import ROOM, shortened, told_apart


def test_two_of_one_name_are_numbered_and_others_are_left_alone() -> None:
    names = told_apart({"Speaker_1": "Alex", "Speaker_2": "alex ", "Speaker_3": "Ruth"})
    assert names == {"Speaker_1": "Alex (1)", "Speaker_2": "alex (2)", "Speaker_3": "Ruth"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jonas", "Jonas"),
        ("Maximiliana-Theodora von und zu Hohenlohe", "Maximiliana…"),
        ("Anna Katharina Wolfeschlegelstein", "Anna Katharina…"),
        ("W" * 60, "W" * (ROOM - 1) + "…"),
    ],
)
def test_a_long_name_is_cut_at_a_word_where_there_is_one(name: str, shown: str) -> None:
    assert shortened(name) == shown
    assert len(shown) <= ROOM


def test_no_half_sign_is_left_where_a_name_is_cut() -> None:
    of_joined_signs = "x" * (ROOM - 3) + "👩\u200d❤\ufe0f\u200d👨"
    assert shortened(of_joined_signs) == "x" * (ROOM - 3) + "👩…"


def test_long_names_that_begin_alike_are_told_apart_once_they_are_short() -> None:
    names = {label: shortened(f"Maximiliana-Theodora von {label}") for label in ("Oben", "Unten")}
    assert set(told_apart(names).values()) == {"Maximiliana… (1)", "Maximiliana… (2)"}


def test_a_name_from_the_right_keeps_to_itself() -> None:
    assert told_apart({"one": "שרה", "other": "Jo"}) == {"one": "\u2068שרה\u2069", "other": "Jo"}
