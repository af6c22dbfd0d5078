"""Names and terms for the transcriber: a list as people write it, told in few words, and known again as an echo."""

from __future__ import annotations

import pytest

from audio.terms import MOST, is_echo, said_before, terms_in, told, too_many_note

NAMES = ("Anna", "Vojta", "Žižkov")


@pytest.mark.parametrize("written", ["Anna, Vojta,Žižkov", "Anna; Vojta; Žižkov", "Anna\nVojta\n\n Žižkov "])
def test_a_list_may_be_divided_as_people_do(written: str) -> None:
    assert terms_in(written) == NAMES


def test_an_empty_list_tells_nothing() -> None:
    assert terms_in(" , ") == ()
    assert said_before(()) is None
    assert too_many_note(()) == ()


def test_a_term_is_told_once_however_it_is_written() -> None:
    assert said_before(("Anna", "anna", " Vojta  Novák")) == "Anna, Vojta Novák"


def test_the_first_of_a_long_list_are_told_and_a_sentence_says_so() -> None:
    many = tuple(f"Name{number:03}" for number in range(100))
    assert len(said_before(many) or "") <= MOST
    assert told(many) == many[: len(told(many))]
    (note,) = too_many_note(many)
    assert note.startswith(f"Of 100 names and terms the transcriber was told the first {len(told(many))}:")
    assert too_many_note(NAMES) == ()


@pytest.mark.parametrize("heard", ["Anna, Vojta, Žižkov.", "so vojta žižkov", "Vojta, Vojta, Vojta,"])
def test_neighbours_of_the_list_on_end_are_an_echo(heard: str) -> None:
    assert is_echo(heard.split(), NAMES)


@pytest.mark.parametrize("heard", ["Anna and Vojta went home.", "Vojta, Anna!", "Annas Vojta", "", "Hi Anna, I know."])
def test_names_as_people_say_them_are_none(heard: str) -> None:
    assert not is_echo(heard.split(), NAMES)
    assert not is_echo(heard.split(), ())
