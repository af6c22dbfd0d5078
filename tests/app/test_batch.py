"""A batch as a practice runs it overnight: all that can be analysed is, and of the rest it is said why not."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.library import Library
from app.session.session_summary import session_summary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended as on Unix")

SAMPLE = Path(__file__).parents[2] / "sample_data" / "evening.ogg"
PATIENCE = 240.0  # seconds after which a test gives up

# Loaded into each worker by Dask itself: a decoder that crashes, and a lack of memory that passes.
FAULTS = """
import os, signal
from pathlib import Path
from app.analysing import session_analysis

hear = getattr(session_analysis.hear, "unharmed", session_analysis.hear)  # Dask loads this twice

def hear_or_fail(source, audio, settings, tell):
    if source.stem == "surprises everybody":
        return hear_or_fail(source, audio, settings, tell)  # without end
    if source.stem == "crashes its decoder":
        os.kill(os.getpid(), signal.SIGSEGV)
    short = source.with_suffix(".was_short")
    if source.stem == "short of memory" and not short.exists():
        short.touch()
        raise MemoryError
    return hear(source, audio, settings, tell)

hear_or_fail.unharmed = hear
session_analysis.hear = hear_or_fail
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch left: its exit code, the lines it told, its report by name of the recording, its library."""

    code: int
    told: list[dict]
    errors: str
    report: Mapping[str, dict[str, str]]
    library: Path


def murmur(path: Path, seed: int = 1) -> Path:
    """A recording of 15 s in which a voice-like tone comes and goes."""
    rate = 16_000
    time = np.arange(15 * rate) / rate
    phase = 2 * np.pi * np.cumsum(150 + 30 * np.sin(2 * np.pi * 0.4 * time) + 5 * seed) / rate
    voice = sum(np.sin(n * phase) / n for n in range(1, 12)) * (np.sin(2 * np.pi * 0.25 * time) > -0.3)
    soundfile.write(path, 0.1 * voice + np.random.default_rng(seed).normal(0, 0.002, len(time)), rate)
    return path


def begun(folder: Path, library: Path, *options: object, **surroundings: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "app.cli", "batch", folder, "--library", library, "--json", *options]
    return subprocess.Popen(
        [str(part) for part in command],
        env=os.environ | surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str], library: Path, report: Path) -> Batch:
    told, errors = process.communicate(timeout=PATIENCE)
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = {Path(row["recording"]).name: row for row in csv.DictReader(file)}
    return Batch(process.returncode, [json.loads(line) for line in told.splitlines()], errors, rows, library)


def until_one_is_analysed(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert any(json.loads(line).get("outcome") == "analysed" for line in process.stdout)


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Batch:
    """A night's batch: two recordings, one of them twice, and five with which something goes wrong."""
    place = tmp_path_factory.mktemp("night")
    week = place / "week"
    (week / "the copies").mkdir(parents=True)
    for suffix in (".ogg", ".vtt"):
        shutil.copy(SAMPLE.with_suffix(suffix), week)
    shutil.copy(SAMPLE, week / "the copies" / "evening again.ogg")
    murmur(week / "short of memory.wav", 2)
    murmur(week / "crashes its decoder.wav", 3)
    murmur(week / "surprises everybody.wav", 4)
    (week / "broken.mp3").write_bytes(b"no sound at all" * 100)
    (week / "empty.wav").touch()
    (week / "._broken.mp3").write_bytes(b"what macOS leaves")
    (week / "notes.txt").write_text("no recording")
    (place / "faults.py").write_text(FAULTS)
    library, report = place / "library", place / "report.csv"
    preload = {"DASK_DISTRIBUTED__WORKER__PRELOAD": str(place / "faults.py")}
    return ended(begun(week, library, "--report", report, "--workers", 2, **preload), library, report)


@pytest.fixture
def filled(night: Batch) -> Iterator[Library]:
    library = Library(night.library)
    yield library
    library.close()


def test_each_recording_is_reported_once(night: Batch) -> None:
    assert {name: row["outcome"] for name, row in night.report.items()} == {
        "evening.ogg": "analysed",
        "evening again.ogg": "the same again",
        "short of memory.wav": "analysed",
        "crashes its decoder.wav": "failed",
        "surprises everybody.wav": "failed",
        "broken.mp3": "failed",
        "empty.wav": "failed",
    }


def test_a_file_that_is_no_recording_has_its_sentence_and_stops_nobody(night: Batch) -> None:
    why = night.report["broken.mp3"]["why"]
    assert why.endswith("is no sound or video file that can be read: "
                        "copy or export the recording again, or choose another file.")  # fmt: skip
    assert why.startswith("/")
    assert night.report["empty.wav"]["why"].endswith("is empty: copy or export the recording again.")
    assert night.code == 2


def test_a_decoder_that_crashes_takes_its_worker_only(night: Batch) -> None:
    assert "was given up after 3 workers died of it" in night.report["crashes its decoder.wav"]["why"]


def test_what_nobody_foresaw_is_told_in_a_line_and_written_to_a_log(night: Batch) -> None:
    log = night.library / "batch" / "batch.log"
    why = night.report["surprises everybody.wav"]["why"]
    assert "(RecursionError: maximum recursion depth exceeded" in why
    assert why.endswith(f"what is known of it is in {log}.")
    assert "hear_or_fail" in log.read_text()


def test_what_had_no_memory_is_tried_again(night: Batch) -> None:
    assert night.report["short of memory.wav"]["outcome"] == "analysed"


def test_the_library_has_each_recording_once_and_whole(night: Batch, filled: Library) -> None:
    assert len(filled.sessions()) == 2
    for session in filled.sessions():
        files = filled.files(session.id)
        assert session.state == "done"
        assert files.computed is not None
        assert all(path.exists() for path in (files.source, files.audio, files.computed.review_tracks))
        assert filled.conversation(session.id).tracks
    assert not [path for path in filled.folder.rglob("*") if ".part" in path.name]
    assert not list((filled.folder / "batch" / "results").iterdir())


def test_the_words_beside_a_recording_are_read_and_kept(filled: Library) -> None:
    (evening,) = [session for session in filled.sessions() if session.title == "evening"]
    assert filled.conversation(evening.id).has_words
    assert filled.files(evening.id).source.with_suffix(".vtt").read_bytes() == SAMPLE.with_suffix(".vtt").read_bytes()


def test_the_list_of_sessions_says_what_it_would_say_if_the_app_had_analysed_it(filled: Library) -> None:
    for session in filled.sessions():
        kept = session_summary(filled, session.id)
        (filled.files(session.id).folder / "summary.json").unlink()
        assert session_summary(filled, session.id) == kept
        assert kept is not None
        assert session.counts == kept.counts


def test_the_report_counts_moments_by_kind_and_verdict(night: Batch, filled: Library) -> None:
    row = night.report["evening.ogg"]
    (evening,) = [session for session in filled.sessions() if session.title == "evening"]
    counted = {verdict: sum(int(row[f"{kind}_{verdict}"]) for kind in ("heavy", "tearful", "sharp", "quiet"))
               for verdict in ("missed", "met", "unclear")}  # fmt: skip
    assert counted == {verdict: evening.counts[verdict] for verdict in counted}
    assert float(row["length_s"]) == pytest.approx(evening.length, abs=0.1)
    assert row["words_engine"] == "given"


def test_what_is_told_to_other_programs_is_one_line_of_json_each(night: Batch) -> None:
    events = [line["event"] for line in night.told]
    assert (events[0], events[-1]) == ("begun", "over")
    assert night.told[0]["dashboard"].startswith("http://127.0.0.1:")
    assert {"looked", "planned", "underway", "standing", "row"} <= set(events)
    assert [line for line in night.told if line["event"] == "standing"][-1]["done"] == 6
    assert night.errors == ""


def test_the_same_command_goes_on_where_it_was_stopped_or_killed(tmp_path: Path) -> None:
    week, library, report = tmp_path / "week", tmp_path / "library", tmp_path / "report.csv"
    week.mkdir()
    for seed in range(3):
        murmur(week / f"{seed}.wav", seed)
    again: Callable[[], subprocess.Popen[str]] = lambda: begun(week, library, "--report", report, "--workers", 1)  # noqa: E731
    stopped = again()
    until_one_is_analysed(stopped)
    stopped.send_signal(signal.SIGINT)
    after = ended(stopped, library, report)
    assert after.code == 130
    assert {row["outcome"] for row in after.report.values()} == {"analysed", "not done"}
    killed = again()
    until_one_is_analysed(killed)
    killed.kill()
    killed.communicate()
    done = ended(again(), library, report)
    assert done.code == 0
    assert [row["outcome"] for row in done.report.values()].count("there already") >= 2
    kept = Library(library)
    assert sorted(session.title for session in kept.sessions()) == ["0", "1", "2"]
    assert {session.state for session in kept.sessions()} == {"done"}
    kept.close()
    assert not [path for path in library.rglob("*") if ".part" in path.name]
