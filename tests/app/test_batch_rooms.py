"""The rooms of a batch, each by itself: what is found, what is kept between two machines, what is said of the rest."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from rich.console import Console

from app.analysing.provenance import Figures, Provenance, provenance_of, write_provenance
from app.batch import disk_room
from app.batch.disk_room import DiskRoom
from app.batch.estimates import GIGABYTE, HOUR, Pace, Work, kept_bytes, memory_of, spoken_time, workers_for
from app.batch.finished_results import finished_keys, forget_result, open_storage, put_result, unpack_result
from app.batch.found_recordings import FoundRecording, at_hand, find_recordings
from app.batch.intake import Intake
from app.batch.outcomes import Row
from app.batch.report import forget_session, report_table, write_csv
from app.batch.run import Request, run_batch
from app.batch.worker_tasks import Order
from app.library import Library
from app.library.lock import exclusive_if_free
from app.session.edits import WriteNote
from audio.conversation import Conversation, Turn
from audio.errors import UndertoneError
from audio.listen import ListenSettings
from audio.whole_files import checksum

FIGURES = Figures(
    length=3000.0,
    partners=("Nora", "Ben"),
    moments={"heavy": {"missed": 2, "met": 1}, "quiet": {"unclear": 1}},
    engines={"speakers": "built-in", "words": "given"},
    notes=("The file breaks off in the middle.",),
    seconds=50.0,
)


def order(key: str, length: float = HOUR, size: int = 0) -> Order:
    recording = FoundRecording(f"/{key}.ogg", f"{key}.ogg", size)
    return Order(recording, key, length, False, key, ListenSettings(), "/storage", "topic")


def folder_with(place: Path, *names: str) -> Path:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(name)
    return place


# What is found


def test_recordings_are_found_in_folders_within_folders_with_what_lies_beside_them(tmp_path: Path) -> None:
    folder_with(tmp_path, "week/a.ogg", "week/a.en.vtt", "week/a.rttm", "week/ab.srt", "week/late/b.MP4", "week/b.txt")
    first, second = find_recordings([str(tmp_path / "week")])
    assert [Path(path).name for path in first.beside] == ["a.en.vtt", "a.rttm"]
    assert (second.name, second.beside) == ("b.MP4", ())
    assert second.shown == f"{tmp_path}/week/late/b.MP4"


def test_hidden_files_are_no_recordings(tmp_path: Path) -> None:
    folder_with(tmp_path, "talk.ogg", "._talk.ogg", ".trash/old.ogg")
    assert [found.name for found in find_recordings([str(tmp_path)])] == ["talk.ogg"]


def test_a_recording_that_is_named_twice_is_found_once(tmp_path: Path) -> None:
    folder_with(tmp_path, "talk.ogg", "talk.vtt")
    (found,) = find_recordings([str(tmp_path / "talk.ogg"), str(tmp_path)])
    assert [Path(path).name for path in found.beside] == ["talk.vtt"]


def test_a_folder_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UndertoneError, match="nowhere cannot be looked into"):
        find_recordings([str(tmp_path / "nowhere")])


def test_recordings_elsewhere_are_fetched_with_what_belongs_to_them(tmp_path: Path) -> None:
    import fsspec

    elsewhere = fsspec.filesystem("memory")
    for name in ("/practice/a.ogg", "/practice/a.vtt", "/practice/b.vtt"):
        elsewhere.pipe(name, name.encode())
    (found,) = find_recordings(["memory://practice"])
    assert found.shown == "memory://practice/a.ogg"
    with at_hand(found, tmp_path) as path:
        assert path.read_bytes() == b"/practice/a.ogg"
        assert sorted(beside.name for beside in path.parent.iterdir()) == ["a.ogg", "a.vtt"]
    assert not list(tmp_path.iterdir())


# What is kept between the worker and the library


def test_a_result_comes_out_of_the_storage_as_it_went_in(tmp_path: Path) -> None:
    storage = str(tmp_path / "results")
    open_storage(storage)
    prepared = folder_with(tmp_path / "prepared", "audio.webm", "computed-1/words.json")
    put_result(storage, "key", prepared)
    assert finished_keys(storage) == {"key"}
    (tmp_path / "back").mkdir()
    unpack_result(storage, "key", tmp_path / "back")
    assert (tmp_path / "back" / "computed-1" / "words.json").read_text() == "computed-1/words.json"
    forget_result(storage, "key")
    assert finished_keys(storage) == set()


def test_what_a_killed_worker_left_half_way_is_no_result_and_goes(tmp_path: Path) -> None:
    folder_with(tmp_path / "results", "key.123.part")
    assert finished_keys(str(tmp_path / "results")) == set()
    open_storage(str(tmp_path / "results"))
    assert not list((tmp_path / "results").iterdir())


def test_a_damaged_result_is_thrown_away_so_that_it_is_made_again(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    folder_with(tmp_path / "results", "key.zip")
    intake = Intake(library, str(tmp_path / "results"))
    assert intake.is_finished("key")
    assert intake.take_in(FoundRecording("/a.ogg", "a.ogg", 1), "hash", "key") is None
    assert not list((tmp_path / "results").iterdir())
    assert not library.sessions()


def test_a_result_that_would_be_written_elsewhere_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "key.zip", "w") as packed:
        packed.writestr("../outside", "x")
    (tmp_path / "target").mkdir()
    with pytest.raises(zipfile.BadZipFile):
        unpack_result(str(tmp_path), "key", tmp_path / "target")
    assert not (tmp_path / "outside").exists()


# What is done already, and what must not be touched


@pytest.fixture
def spoken(tmp_path: Path) -> tuple[Library, FoundRecording, str, str]:
    """A library with a session that was analysed: the recording, its checksum, and the key of the analysis."""
    library = Library(tmp_path / "library")
    source = folder_with(tmp_path, "talk.ogg") / "talk.ogg"
    session = library.add(source)
    library.keep(session.id, Conversation("talk.ogg", 10.0, ("A", "B"), (Turn(0.0, 5.0, "A"),), (), None, {}))
    library.set_counts(session.id, {"missed": 0})
    analysis = library.files(session.id).computed
    assert analysis is not None
    known = provenance_of(ListenSettings(), {})
    write_provenance(known, analysis.conversation.parent)
    content = checksum(source)
    return library, FoundRecording(str(source), "talk.ogg", 8), content, known.key(content)


def outcome(spoken: tuple[Library, FoundRecording, str, str], tmp_path: Path, key: str) -> str | None:
    library, recording, content, _ = spoken
    (tmp_path / "results").mkdir(exist_ok=True)
    row = Intake(library, str(tmp_path / "results")).known(recording, content, key)
    return row.outcome if row else None


def test_what_was_analysed_with_the_same_settings_is_there_already(spoken, tmp_path: Path) -> None:
    assert outcome(spoken, tmp_path, spoken[3]) == "there"


def test_other_settings_are_a_reason_to_analyse_again(spoken, tmp_path: Path) -> None:
    other = provenance_of(ListenSettings(language="de"), {}).key(spoken[2])
    assert outcome(spoken, tmp_path, other) is None


def test_a_session_that_somebody_wrote_in_keeps_its_analysis(spoken, tmp_path: Path) -> None:
    library, *_ = spoken
    library.edit(library.sessions()[0].id, WriteNote("They laughed a lot."))
    assert outcome(spoken, tmp_path, "other") == "written_in"
    assert outcome(spoken, tmp_path, spoken[3]) == "there"


def test_a_session_that_waits_in_the_app_is_left_to_it(spoken, tmp_path: Path) -> None:
    library, *_ = spoken
    library.set_state(library.sessions()[0].id, "waiting")
    assert outcome(spoken, tmp_path, spoken[3]) == "busy"


@pytest.mark.parametrize(
    "other",
    [
        Provenance("0.0.1", provenance_of(ListenSettings(), {}).settings, {}),
        provenance_of(ListenSettings(speakers=3), {}),
        provenance_of(ListenSettings(), {".vtt": "1f"}),
    ],
    ids=["version", "settings", "words beside it"],
)
def test_an_analysis_is_another_one_by_its(other: Provenance) -> None:
    usual = provenance_of(ListenSettings(rttm=Path("/some/where.rttm")), {})
    assert usual.key("recording") == provenance_of(ListenSettings(), {}).key("recording")
    assert usual.key("recording") != other.key("recording")
    assert usual.key("recording") != usual.key("another recording")


# What it will need


def test_the_memory_of_one_hour_and_of_six_is_what_was_measured() -> None:
    assert memory_of(HOUR, False) == pytest.approx(0.82 * GIGABYTE)
    assert memory_of(6 * HOUR, False) == pytest.approx(2.6 * GIGABYTE, rel=0.02)


def test_there_are_as_many_workers_as_have_cores_and_memory_for_the_longest_recordings() -> None:
    hour, six = memory_of(HOUR, False), memory_of(6 * HOUR, False)
    assert workers_for([hour] * 20, cores=8, memory=32 * GIGABYTE) == 8
    assert workers_for([hour] * 20, cores=8, memory=4 * GIGABYTE) == 3
    assert workers_for([six] * 3 + [hour] * 20, cores=8, memory=8 * GIGABYTE) == 2
    assert workers_for([six], cores=8, memory=1 * GIGABYTE) == 1, "somebody has to try"


def test_nothing_is_said_of_the_time_left_before_anything_was_seen_of_it() -> None:
    pace, hour = Pace(), Work(HOUR, hears_words=False)
    assert pace.left([hour], [], workers=1) is None
    pace.note(hour, 60.0)
    assert pace.left([hour, hour], [(hour, 45.0)], workers=1) == pytest.approx(135.0)
    assert pace.left([Work(HOUR, hears_words=True)], [], workers=1) is None, "words take many times as long"


def test_more_workers_than_recordings_do_not_make_the_last_one_faster() -> None:
    pace, hour = Pace(), Work(HOUR, hears_words=False)
    pace.note(hour, 60.0)
    assert pace.left([hour, Work(HOUR / 6, False)], [], workers=10) == pytest.approx(60.0)


@pytest.mark.parametrize(("seconds", "said"), [(20, "less than a minute"), (400, "about 7 min"),
                                               (7900, "about 2 h 10 min"), (40000, "about 11 h")])  # fmt: skip
def test_the_time_left_is_said_no_more_exactly_than_it_is_known(seconds: float, said: str) -> None:
    assert spoken_time(seconds) == said


def test_a_disk_that_fills_up_is_told_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    hour = kept_bytes(100_000_000, HOUR) + kept_bytes(0, HOUR)
    free = GIGABYTE + 2.5 * hour
    monkeypatch.setattr(disk_room.shutil, "disk_usage", lambda _: usage(free, 0, free))
    room = DiskRoom(tmp_path)
    assert room.warning([order(str(number), size=100_000_000) for number in range(2)]) is None
    assert "make room" in str(room.warning([order(str(number), size=100_000_000) for number in range(20)]))
    assert room.may_begin(order("first", size=100_000_000))
    assert room.may_begin(order("second", size=100_000_000))
    assert not room.may_begin(order("third", size=100_000_000))
    room.ended(order("first"))
    assert room.may_begin(order("third", size=100_000_000))


# Where it cannot begin


def test_two_batches_do_not_work_in_one_library_at_once(tmp_path: Path) -> None:
    folder_with(tmp_path, "week/a.ogg", "library/batch/batch.log")
    with exclusive_if_free(tmp_path / "library" / "batch" / "batch.lock") as alone:
        assert alone
        with pytest.raises(UndertoneError, match="Another batch is at work in the library"):
            run_batch(Request((str(tmp_path / "week"),), tmp_path / "library", ListenSettings()), lambda _: None)


def test_a_scheduler_that_does_not_answer_is_told_by_its_address(tmp_path: Path) -> None:
    folder_with(tmp_path, "week/a.ogg")
    request = Request((str(tmp_path / "week"),), tmp_path / "library", ListenSettings(), scheduler="tcp://127.0.0.1:1")
    with pytest.raises(UndertoneError, match="No scheduler answers at tcp://127"):
        run_batch(request, lambda _: None)


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    folder_with(tmp_path, "week/notes.txt")
    with pytest.raises(UndertoneError, match="There are no recordings in"):
        run_batch(Request((str(tmp_path / "week"),), tmp_path / "library", ListenSettings()), lambda _: None)


# What is said at the end


def test_the_file_has_a_line_a_recording_with_its_moments_by_kind_and_verdict(tmp_path: Path) -> None:
    rows = [Row("a.ogg", "analysed", session="1", figures=FIGURES), Row("b.ogg", "failed", "b.ogg is empty.")]
    write_csv(rows, tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["heavy_missed"], first["heavy_met"], first["quiet_unclear"], first["sharp_met"]) == (
        "2",
        "1",
        "1",
        "0",
    )
    assert (first["partners"], first["words_engine"]) == ("Nora, Ben", "given")
    assert (second["outcome"], second["why"], second["heavy_missed"]) == ("failed", "b.ogg is empty.", "")


def test_a_name_that_a_spreadsheet_would_compute_is_only_a_name(tmp_path: Path) -> None:
    write_csv([Row("=1+1.ogg", "failed", "It is empty.")], tmp_path / "report.csv")
    assert "'=1+1.ogg" in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")


def test_no_report_in_the_library_tells_of_a_deleted_session(tmp_path: Path) -> None:
    kept, gone = Row("kept.ogg", "there", session="1"), Row("gone, they said.ogg", "there", session="2")
    report = tmp_path / "batch" / "report 1.csv"
    write_csv([kept, gone], report)
    forget_session(tmp_path, "2")
    alone = tmp_path / "alone.csv"
    write_csv([kept], alone)
    assert report.read_bytes() == alone.read_bytes()


def test_the_table_says_why_a_recording_is_not_there_and_which_one() -> None:
    console = Console(width=100, record=True)
    rows = [Row("week/a.ogg", "analysed", session="1", figures=FIGURES),
            Row("week/b.ogg", "failed", "week/b.ogg is empty: copy it again."),
            Row("week/c.ogg", "busy", "The review app is about to analyse it.")]  # fmt: skip
    console.print(report_table(rows))
    shown = console.export_text()
    assert "heavy: 2 missed, 1 met" in shown
    assert "Failed\n  week/b.ogg is empty: copy it again." in "\n".join(line.rstrip() for line in shown.splitlines())
    assert "week/c.ogg: The review app is about to analyse it." in shown
    assert "3 recordings: 1 failed, 1 left to the app, 1 analysed." in shown


def test_no_other_command_waits_for_dask_to_be_loaded() -> None:
    script = "import sys, app.cli; print(*[name for name in ('dask', 'distributed', 'bokeh') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""
