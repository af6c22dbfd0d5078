"""What the transcriber is told of for a session: its people, then the library's list, and nobody else's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.analysing import analysis_job
from app.library import Library
from app.library.records import Session
from app.session.edits import NameVoice
from app.session.session_terms import session_terms
from audio.listen import ListenSettings

EVENING = Path(__file__).parents[2] / "sample_data" / "evening.ogg"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def add(library: Library, tmp_path: Path):
    def add(content: str, couple=None, *names: str) -> Session:
        recording = tmp_path / f"{content}.wav"
        recording.write_text(content)
        session = library.add(recording, couple=couple)
        for number, name in enumerate(names, start=1):
            library.edit(session.id, NameVoice(f"Speaker_{number}", name))
        return session

    return add


def test_names_of_voices_come_before_the_list(library: Library, add) -> None:
    library.add_term("Žižkov")
    session = add("first", None, "Maya", "Jonas")
    assert session_terms(library, session) == ("Maya", "Jonas", "Žižkov")


def test_the_couples_other_sessions_tell_their_names_too_each_once(library: Library, add) -> None:
    couple = library.add_couple("M. & J.")
    add("first", couple, "Maya", "Jonas")
    second = add("second", couple, "Maya")
    assert sorted(session_terms(library, second)) == ["Jonas", "Maya"]


def test_nobody_is_told_of_another_couples_names(library: Library, add) -> None:
    add("first", library.add_couple("M. & J."), "Maya", "Jonas")
    add("second", None, "Ines")
    assert session_terms(library, add("third", library.add_couple("A. & B."))) == ()
    assert session_terms(library, add("fourth")) == ()


def test_a_name_that_was_taken_back_is_told_no_more(library: Library, add) -> None:
    session = add("first", None, "Maya")
    library.undo(session.id)
    assert session_terms(library, session) == ()


def test_the_analysis_is_told_of_them_and_keeps_them_nowhere(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, ...]] = []
    hear = analysis_job.hear

    def hears(source: Path, audio: Path, settings: ListenSettings, tell):
        told.append(settings.terms)
        return hear(source, audio, settings, tell)

    monkeypatch.setattr(analysis_job, "hear", hears)
    library.add_term("Hippopotamus")
    session = library.add(EVENING, settings={"transcriber": "none"})
    analysis_job._analyse_alone(library, session.id)
    assert told == [("Hippopotamus",)]
    assert library.session(session.id).state == "done"
    kept = [path for path in library.files(session.id).folder.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"Hippopotamus" in path.read_bytes()]
