"""The library keeps what it was given, whatever happens to the processes that write."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from app import library as library_module
from app.library import Library, default_folder, session_files
from app.library.records import Consent, LibraryError
from app.library.tables import VERSION, Table
from app.session.edits import MarkMoment, MomentPlace, NameVoice, TagMoment, WriteNote, edit_to_json
from audio.conversation import BAND_EDGES, Conversation, ProsodyTrack, Turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed as on Unix")
SECRET = "what nobody may find again"
WATCHED = {library_module.__file__, session_files.__file__}
EVERY = 9  # at every so-many-th line of the library's own a process is killed; all of them were tried when written


def conversation(duration: float = 12.5) -> Conversation:
    track = ProsodyTrack(*(np.full(50, 7, np.float32) for _ in range(4)),
                         np.ones((50, len(BAND_EDGES) - 1), np.float32), np.zeros(50, np.float32))  # fmt: skip
    return Conversation("evening.ogg", duration, ("Ann",), (Turn(1.0, 2.0, "Ann"),), (), tracks={"Ann": track})


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "Our evening.OGG"
    path.write_bytes(SECRET.encode() * 100)
    return path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def forked(work: Callable[..., object], *arguments: Any) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    return process


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_recording_is_copied_whole_and_listed(library: Library, recording: Path) -> None:
    session = library.add(recording, recorded_on=date(2026, 5, 1), settings={"speakers": 3})
    assert (session.title, session.original_name, session.state) == ("Our evening", "Our evening.OGG", "waiting")
    assert session.recorded_on == date(2026, 5, 1)
    assert session.settings == {"speakers": 3}
    source = library.files(session.id).source
    assert source.name == "source.ogg"
    assert source.read_bytes() == recording.read_bytes()
    assert library.sessions() == (session,)


def test_the_same_recording_is_there_only_once(library: Library, recording: Path) -> None:
    assert library.find_by_content(recording) is None
    first = library.add(recording)
    again = library.add(recording, "another title")
    assert again == first == library.find_by_content(recording)
    assert len(library.sessions()) == 1
    assert [entry.name for entry in (library.folder / "sessions").iterdir()] == [first.id]


def test_the_newest_session_comes_first(library: Library, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)
        library.add(tmp_path / name)
    assert [session.title for session in library.sessions()] == ["c", "b", "a"]


def test_a_recording_that_is_not_there_leaves_nothing_behind(library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="No such file"):
        library.add(tmp_path / "gone.wav")
    assert not list((library.folder / "sessions").iterdir())


def test_what_was_computed_is_read_back_and_the_session_is_done(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    with pytest.raises(LibraryError, match="not been analysed yet"):
        library.conversation(id)
    library.set_state(id, "failed", "It was too quiet.")
    assert library.session(id).error == "It was too quiet."
    library.keep(id, conversation())
    session = library.session(id)
    assert (session.state, session.error, session.length) == ("done", None, 12.5)
    assert library.conversation(id) == conversation()
    assert list(library.conversation(id).tracks) == ["Ann"]
    assert not library.conversation(id, tracks=False).tracks


def test_a_later_analysis_takes_the_place_of_the_first(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.keep(id, conversation(10))
    library.keep(id, conversation(20))
    assert library.conversation(id).duration == 20
    Library(library.folder).close()
    assert [file.name.split("/")[-1] for file in library.delete(id).files] == [
        "conversation.json", "tracks.npz", "source.ogg"
    ]  # fmt: skip


def test_an_analysis_that_cannot_be_read_says_what_to_do(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.keep(id, conversation())
    computed = library.files(id).computed
    assert computed is not None
    computed.conversation.write_text(json.dumps({"format": 0}))
    with pytest.raises(LibraryError, match="analyse it again"):
        library.conversation(id)


def test_edits_are_a_log_that_can_be_undone_and_redone(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    place = MomentPlace(1.0, 2.5, "Ann", "heavy")
    written = (NameVoice("Ann", "Maya"), MarkMoment(place, "agree"), WriteNote("ask her", place))
    numbers = [library.edit(id, edit) for edit in written]
    assert numbers == sorted(set(numbers))
    assert library.edits(id) == written
    assert (library.undo(id), library.undo(id)) == (written[2], written[1])
    assert library.edits(id) == written[:1]
    assert (library.redo(id), library.redo(id), library.redo(id)) == (written[1], written[2], None)
    assert library.edit_count(id) == 3


def test_what_was_undone_does_not_come_back_behind_a_newer_edit(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    first, second, third = (NameVoice("Ann", text) for text in ("first", "second", "third"))
    library.edit(id, first)
    library.edit(id, second)
    library.undo(id)
    library.edit(id, third)
    assert library.redo(id) is None
    assert library.undo(id) == third
    assert library.redo(id) == third
    assert library.edits(id) == (first, third)


def test_a_note_that_was_written_in_pieces_is_taken_back_whole_and_brought_back_whole(
    library: Library, recording: Path
) -> None:
    id = library.add(recording).id
    place = MomentPlace(1.0, 2.5, "Ann", "heavy")
    named, marked = NameVoice("Ann", "Maya"), MarkMoment(place, "agree")
    pieces = tuple(WriteNote("ask her"[:count], place) for count in range(1, 8))
    more = (WriteNote("ask her how", place), WriteNote("ask her how it was", place))
    for edit in (named, *pieces, marked, *more):
        library.edit(id, edit)
    assert library.undo(id) == more[1]
    assert library.edits(id) == (named, *pieces, marked)
    assert library.undo(id) == marked
    assert library.undo(id) == pieces[-1]
    assert library.edits(id) == (named,)
    assert [library.redo(id) for _ in range(4)] == [pieces[-1], marked, more[1], None]
    assert library.edits(id) == (named, *pieces, marked, *more)


def test_notes_on_two_moments_and_on_the_session_are_taken_back_one_by_one(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    one, other = MomentPlace(1.0, 2.5, "Ann", "heavy"), MomentPlace(4.0, 5.0, "Ann", "sharp")
    notes = [WriteNote("ask her", one), WriteNote("and him", other), WriteNote("a hard week")]
    for note in notes:
        library.edit(id, WriteNote(note.text[:3], note.moment))
        library.edit(id, note)
    assert [library.undo(id) for _ in range(4)] == [*reversed(notes), None]


def test_a_long_note_is_taken_back_whole(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.edit(id, NameVoice("Ann", "Maya"))
    for letter in range(130):
        library.edit(id, WriteNote("x" * (letter + 1)))
    library.undo(id)
    assert library.edits(id) == (NameVoice("Ann", "Maya"),)


def test_the_state_of_the_edits_is_another_after_whatever_is_written(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    states = [library.state_of_edits(id)]
    for write in (
        lambda: library.edit(id, NameVoice("Ann", "Maya")),
        lambda: library.edit(id, WriteNote("ask her")),
        lambda: library.undo(id),
        lambda: library.edit(id, WriteNote("ask him")),
        lambda: library.keep(id, conversation()),
    ):
        write()
        states.append(library.state_of_edits(id))
    assert len(set(states)) == 5
    assert states[1] == states[3], "what was taken back leaves what was there before"
    library.delete(id)
    with pytest.raises(LibraryError):
        library.state_of_edits(id)


def test_the_tags_in_use_are_those_that_moments_of_any_session_have_now(
    library: Library, recording: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.wav").write_text("other")
    id, other = library.add(recording).id, library.add(tmp_path / "other.wav").id
    one, two = MomentPlace(1.0, 2.5, "Ann", "heavy"), MomentPlace(4.0, 5.0, "Ann", "sharp")
    library.edit(id, TagMoment(one, ("money", "mony")))
    library.edit(id, TagMoment(one, ("money",)))
    library.edit(id, TagMoment(two, ("Bedtime",)))
    library.edit(other, TagMoment(one, ("work", "money")))
    assert library.tags() == ("Bedtime", "money", "work")
    library.undo(id)
    assert library.tags() == ("money", "work")
    library.delete(other)
    assert library.tags() == ("money",)


def test_undo_takes_back_nothing_of_another_session(library: Library, recording: Path, tmp_path: Path) -> None:
    (tmp_path / "other.wav").write_text("other")
    one, other = library.add(recording).id, library.add(tmp_path / "other.wav").id
    library.edit(one, WriteNote("mine"))
    assert library.undo(other) is None
    assert library.edit_count(one) == 1


def test_a_session_keeps_who_consented_whose_it_is_and_its_counts(library: Library, recording: Path) -> None:
    couple = library.add_couple("M. & J.")
    consent = Consent("both", datetime(2026, 5, 1, 18, 30, tzinfo=UTC))
    id = library.add(recording, consent=consent).id
    library.set_couple(id, couple)
    library.rename_couple(couple, "Maya & Jonas")
    library.rename(id, "First evening")
    library.set_date(id, date(2026, 5, 2))
    library.set_counts(id, {"missed": 4})
    library.set_settings(id, {"language": "de"})
    (session,) = library.sessions()
    assert session.couple == replace(couple, name="Maya & Jonas") == library.couples()[0]
    assert (session.title, session.consent, session.counts) == ("First evening", consent, {"missed": 4})
    assert (session.recorded_on, session.settings) == (date(2026, 5, 2), {"language": "de"})


def test_names_for_the_transcriber_are_kept_once(library: Library) -> None:
    for term in ("Siobhán", "EMDR", "EMDR"):
        library.add_term(term)
    assert library.terms() == ("EMDR", "Siobhán")
    library.remove_term("EMDR")
    assert library.terms() == ("Siobhán",)


def test_a_deleted_session_leaves_no_trace_and_says_what_went(library: Library, recording: Path) -> None:
    session = library.add(recording, SECRET, couple=library.add_couple(SECRET))
    library.keep(session.id, conversation())
    library.edit(session.id, WriteNote(SECRET))
    library.edit(session.id, WriteNote(SECRET))
    library.undo(session.id)
    removed = library.delete(session.id)
    assert (removed.title, removed.edits, removed.couple) == (SECRET, 2, SECRET)
    assert [file.name.split("/")[-1] for file in removed.files] == ["conversation.json", "tracks.npz", "source.ogg"]
    assert removed.files[-1].bytes == recording.stat().st_size
    assert not list((library.folder / "sessions").iterdir())
    assert SECRET.encode() not in everything_in(library.folder)
    assert session.id.encode() not in everything_in(library.folder)


def test_a_couple_stays_while_it_has_another_session(library: Library, recording: Path, tmp_path: Path) -> None:
    couple = library.add_couple("M. & J.")
    (tmp_path / "other.wav").write_text("other")
    one, other = library.add(recording, couple=couple).id, library.add(tmp_path / "other.wav", couple=couple).id
    assert library.delete(one).couple is None
    assert library.couples() == (couple,)
    assert library.delete(other).couple == "M. & J."


def test_a_deleted_session_can_no_longer_be_written(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.delete(id)
    writes: list[Callable[[], object]] = [
        lambda: library.edit(id, WriteNote("x")), lambda: library.keep(id, conversation()), lambda: library.delete(id),
        lambda: library.set_state(id, "done"), lambda: library.files(id),
    ]  # fmt: skip
    for write in writes:
        with pytest.raises(LibraryError, match="no session"):
            write()
    assert not list((library.folder / "sessions").iterdir())


def test_a_session_can_be_deleted_whose_folder_somebody_removed(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.files(id).source.unlink()
    library.files(id).folder.rmdir()
    assert library.delete(id).files == ()
    assert library.sessions() == ()


def test_the_list_of_sessions_is_one_query_and_touches_no_file(library: Library, tmp_path: Path) -> None:
    from sqlalchemy import event

    for number in range(3):
        (tmp_path / f"{number}.wav").write_text(str(number))
        library.add(tmp_path / f"{number}.wav", couple=library.add_couple(str(number)))
    (library.folder / "sessions").rename(tmp_path / "elsewhere")
    queries: list[str] = []
    event.listen(library._engine, "before_cursor_execute", lambda *arguments: queries.append(arguments[2]))
    assert len(library.sessions()) == 3
    assert len([query for query in queries if query != "BEGIN"]) == 1


def test_a_library_of_a_newer_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    Library(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LibraryError, match="newer version of Undertone"):
        Library(tmp_path)


def test_a_file_that_is_no_library_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_text("no database " * 100)
    with pytest.raises(LibraryError, match="cannot be opened"):
        Library(tmp_path)


def test_the_migrations_make_the_tables_that_the_code_expects(library: Library) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with library._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == VERSION
        assert compare_metadata(context, Table.metadata) == []


def test_the_default_folder_is_the_user_s_own_unless_the_environment_names_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("UNDERTONE_LIBRARY", raising=False)
    assert default_folder().name == "undertone"
    monkeypatch.setenv("UNDERTONE_LIBRARY", str(tmp_path))
    assert default_folder() == tmp_path


def open_when_told(folder: Path, told: Any) -> None:
    told.wait()
    Library(folder).close()


def test_several_processes_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    told = multiprocessing.get_context("fork").Event()
    processes = [forked(open_when_told, tmp_path, told) for _ in range(4)]
    told.set()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert Library(tmp_path).sessions() == ()


def write_notes(folder: Path, id: str, name: str, count: int) -> None:
    library = Library(folder)
    for number in range(count):
        library.edit(id, WriteNote(f"{name} {number}"))


def test_two_processes_write_at_once_and_no_edit_is_lost_or_doubled(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    processes = [forked(write_notes, library.folder, id, name, 50) for name in ("tab", "batch")]
    for process in processes:
        process.join()
    notes = [edit.text for edit in library.edits(id) if isinstance(edit, WriteNote)]
    for name in ("tab", "batch"):
        assert [note for note in notes if note.startswith(name)] == [f"{name} {number}" for number in range(50)]
    assert len(notes) == 100


def write_and_tell(folder: Path, id: str, teller: Connection) -> None:
    library = Library(folder)
    for number in range(100_000):
        library.edit(id, WriteNote(str(number)))
        teller.send(number)


def test_every_edit_that_was_reported_survives_kill_9(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    library.close()
    listener, teller = multiprocessing.Pipe(duplex=False)
    process = forked(write_and_tell, library.folder, id, teller)
    teller.close()
    reported = [listener.recv() for _ in range(20)]
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    while listener.poll():
        try:
            reported.append(listener.recv())
        except EOFError:
            break
    notes = [edit_to_json(edit)["text"] for edit in Library(library.folder).edits(id)]
    assert notes[: len(reported)] == [str(number) for number in reported]
    assert len(notes) <= len(reported) + 1


def killed_at_line(number: int, work: Callable[[Library], object], folder: Path) -> None:
    """Do the work in an open library, and die as by kill -9 before the so-many-th line of its own code."""
    library = Library(folder)
    left = number

    def watch(frame: FrameType, happening: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in WATCHED:
            return None
        if happening == "line":
            left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return watch

    sys.settrace(watch)
    work(library)
    sys.settrace(None)
    os._exit(0)


def after_each_kill(folder: Path, work: Callable[[Library], object]) -> Iterator[Library]:
    """The library reopened after the work was killed at one line after another, until it came to its end."""
    number, code = 1, -signal.SIGKILL
    while code:
        process = forked(killed_at_line, number, work, folder)
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        code, number = process.exitcode, number + EVERY
        library = Library(folder)
        yield library
        library.close()


def folders_of(library: Library) -> list[str]:
    return sorted(entry.name for entry in (library.folder / "sessions").iterdir())


def test_adding_that_is_killed_adds_all_or_nothing(tmp_path: Path, recording: Path) -> None:
    outcomes = set()
    for library in after_each_kill(tmp_path / "library", lambda library: library.add(recording)):
        sessions = library.sessions()
        assert folders_of(library) == [session.id for session in sessions]
        for session in sessions:
            files = library.files(session.id)
            assert files.source.read_bytes() == recording.read_bytes()
            assert [path.name for path in files.folder.iterdir()] == ["source.ogg"]
            library.delete(session.id)
        outcomes.add(len(sessions))
    assert outcomes == {0, 1}


def test_keeping_that_is_killed_keeps_all_or_what_was_there(tmp_path: Path, recording: Path) -> None:
    with_one = Library(tmp_path / "library")
    id = with_one.add(recording).id
    with_one.keep(id, conversation(10))
    with_one.close()
    outcomes = set()
    for library in after_each_kill(with_one.folder, lambda library: library.keep(id, conversation(20))):
        kept = library.conversation(id)
        assert library.session(id).length == kept.duration
        assert list(kept.tracks) == ["Ann"]
        assert len(list(library.files(id).folder.iterdir())) == 2
        assert folders_of(library) == [id]
        library.keep(id, conversation(10))
        outcomes.add(kept.duration)
    assert outcomes == {10, 20}


def test_deleting_that_is_killed_is_finished_or_was_never_begun(tmp_path: Path, recording: Path) -> None:
    folder = tmp_path / "library"
    outcomes = set()

    def filled(library: Library) -> None:
        session = library.add(recording)
        library.keep(session.id, conversation())
        library.edit(session.id, WriteNote(SECRET))

    first = Library(folder)
    filled(first)
    first.close()
    for library in after_each_kill(folder, lambda library: library.delete(library.sessions()[0].id)):
        sessions = library.sessions()
        assert folders_of(library) == [session.id for session in sessions]
        for session in sessions:
            assert library.files(session.id).source.read_bytes() == recording.read_bytes()
            assert library.conversation(session.id) == conversation()
            assert library.edit_count(session.id) == 1
        if not sessions:
            assert SECRET.encode() not in everything_in(folder)
            filled(library)
        outcomes.add(len(sessions))
    assert outcomes == {0, 1}


def test_nobody_tidies_up_while_another_process_adds(library: Library, recording: Path) -> None:
    with library._moving():
        part = library.folder / "sessions" / ".part-of-another"
        part.mkdir()
        Library(library.folder).close()
        assert part.exists()
    Library(library.folder).close()
    assert not part.exists()


def test_a_folder_that_the_database_does_not_know_is_left_alone(library: Library, recording: Path) -> None:
    id = library.add(recording).id
    (library.folder / "library.sqlite").unlink()
    fresh = Library(library.folder)
    assert fresh.sessions() == ()
    assert (library.folder / "sessions" / id / "source.ogg").exists()
