"""The analysis in a process of its own: it ends whatever happens to it, stops when it is told to, and says why not."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from analysis.moments import read_conversation
from app.analysing import analysis_job
from app.analysing.analysis_status import AnalysisStatus, StatusFile, process_of, read_status
from app.library import Library
from app.session.edits import MarkMoment, SetRole
from app.session.remarks import place_of
from app.session.session_summary import session_summary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended as on Unix")

SAMPLE = Path(__file__).parents[2] / "sample_data" / "evening.ogg"
PATIENCE = 120.0  # seconds after which a test gives up
PLAIN = {"transcriber": "none"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    for session in opened.sessions():
        analysis_job.cancel(opened, session.id)
    opened.close()


@pytest.fixture(scope="module")
def analysed(tmp_path_factory) -> Iterator[tuple[Library, str]]:
    """A library in which the sample was analysed, its words beside it."""
    opened = Library(tmp_path_factory.mktemp("analysed"))
    session = opened.add(SAMPLE)
    shutil.copy(SAMPLE.with_suffix(".vtt"), opened.files(session.id).folder / "source.vtt")
    analysis_job.start(opened, session.id)
    wait_until_over(opened, session.id)
    yield opened, session.id
    opened.close()


@pytest.fixture
def murmur(tmp_path: Path) -> Callable[[int], Path]:
    """Recordings of 15 s in which a voice-like tone comes and goes; no two are the same."""

    def recording(seed: int) -> Path:
        rate = 16_000
        time = np.arange(15 * rate) / rate
        pitch = 150 + 30 * np.sin(2 * np.pi * 0.4 * time) + 5 * seed
        phase = 2 * np.pi * np.cumsum(pitch) / rate
        voice = sum(np.sin(n * phase) / n for n in range(1, 12)) * (np.sin(2 * np.pi * 0.25 * time) > -0.3)
        path = tmp_path / f"murmur {seed}.wav"
        noise = np.random.default_rng(seed).normal(0, 0.002, len(time))
        soundfile.write(path, 0.1 * voice + noise, rate)
        return path

    return recording


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def wait_until_over(library: Library, *sessions: str) -> None:
    wait_until(lambda: not any(analysis_job.is_unfinished(library.session(id)) for id in sessions))


def wait_until_begun(library: Library, session: str) -> AnalysisStatus:
    wait_until(lambda: library.session(session).state == "running" and analysis_job.is_running(library))
    begun = analysis_job.status(library, session)
    assert begun is not None
    return begun


def folders_of_parts(library: Library) -> list[Path]:
    return [path for path in library.folder.rglob("*") if ".part" in path.name]


def test_a_recording_is_analysed_and_ready_to_be_reviewed(analysed: tuple[Library, str]) -> None:
    library, session = analysed
    done, files = library.session(session), library.files(session)
    assert (done.state, done.error) == ("done", None)
    assert files.computed is not None
    assert files.audio.exists()
    assert files.computed.review_tracks.exists()
    assert files.computed.review_words.exists()
    assert library.conversation(session, tracks=False).recording == "evening.ogg"
    assert read_status(files.folder) is None
    assert not analysis_job.is_running(library)


def test_words_that_lie_beside_a_recording_are_read(analysed: tuple[Library, str]) -> None:
    library, session = analysed
    assert library.conversation(session, tracks=False).has_words


def test_a_mark_is_one_less_to_review(analysed: tuple[Library, str]) -> None:
    library, session = analysed
    before = session_summary(library, session)
    moments = read_conversation(library.conversation(session, tracks=False)).moments()
    assert before is not None
    assert set(before.partners) == {"Ben", "Nora"}
    assert before.missed + before.met + before.unclear == before.to_review == len(moments)
    library.edit(session, MarkMoment(place_of(moments[0]), "agree"))
    after = session_summary(library, session)
    assert after is not None
    assert after.to_review == len(moments) - 1
    assert library.session(session).counts == after.counts


def test_a_coach_is_no_partner_and_has_no_moments(analysed: tuple[Library, str]) -> None:
    library, session = analysed
    before = session_summary(library, session)
    library.edit(session, SetRole("Ben", "coach"))
    after = session_summary(library, session)
    library.undo(session)
    assert before is not None
    assert after is not None
    assert after.partners == ("Nora",)
    assert after.missed + after.met + after.unclear < before.missed + before.met + before.unclear
    assert session_summary(library, session) == before


def test_an_analysis_that_was_killed_is_taken_up_and_ends(library: Library) -> None:
    session = library.add(SAMPLE, settings=PLAIN)
    analysis_job.start(library, session.id)
    os.kill(wait_until_begun(library, session.id).pid, signal.SIGKILL)
    wait_until(lambda: not analysis_job.is_running(library))
    assert library.session(session.id).state == "running"
    assert analysis_job.status(library, session.id) is None
    analysis_job.go_on(library)
    assert wait_until_begun(library, session.id).starts == 2
    wait_until_over(library, session.id)
    assert library.session(session.id).state == "done"


def test_what_kills_its_process_each_time_is_given_up_with_a_sentence(library: Library, murmur) -> None:
    session = library.add(murmur(1), settings=PLAIN)
    folder = library.files(session.id).folder
    for pid in (1, os.getpid(), 1):
        StatusFile(folder, "opening", pid)
    (folder / "status.json").write_text((folder / "status.json").read_text().replace('"pid": 1,', '"pid": 999999999,'))
    analysis_job.go_on(library)
    wait_until_over(library, session.id)
    assert library.session(session.id).state == "failed"
    assert "broken off 3 times" in str(library.session(session.id).error)


def test_a_cancelled_analysis_stops_and_leaves_nothing_half_written(library: Library) -> None:
    session = library.add(SAMPLE, settings=PLAIN)
    analysis_job.start(library, session.id)
    pid = wait_until_begun(library, session.id).pid
    analysis_job.cancel(library, session.id)
    assert library.session(session.id).state == "cancelled"
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not analysis_job.is_running(library)
    assert read_status(library.files(session.id).folder) is None
    assert not folders_of_parts(library)


def test_what_was_cancelled_can_be_started_again(library: Library, murmur) -> None:
    session = library.add(murmur(1), settings=PLAIN)
    analysis_job.cancel(library, session.id)
    analysis_job.go_on(library)
    assert library.session(session.id).state == "cancelled"
    analysis_job.start(library, session.id)
    wait_until_over(library, session.id)
    assert library.session(session.id).state == "done"


def test_one_is_analysed_after_the_other_in_the_order_they_came(library: Library, murmur) -> None:
    first, second = (library.add(murmur(seed), settings=PLAIN) for seed in (1, 2))
    analysis_job.start(library, first.id)
    analysis_job.start(library, second.id)
    wait_until_begun(library, first.id)
    assert library.session(second.id).state == "waiting"
    wait_until_begun(library, second.id)
    assert library.session(first.id).state == "done"


def test_a_cancelled_one_lets_the_next_begin(library: Library, murmur) -> None:
    first = library.add(SAMPLE, settings=PLAIN)
    second = library.add(murmur(1), settings=PLAIN)
    analysis_job.start(library, first.id)
    analysis_job.start(library, second.id)
    wait_until_begun(library, first.id)
    analysis_job.cancel(library, first.id)
    wait_until_over(library, second.id)
    assert library.session(first.id).state == "cancelled"


def test_a_broken_file_is_refused_in_a_sentence_with_its_own_name(library: Library, tmp_path: Path) -> None:
    broken = tmp_path / "Holiday.mp3"
    broken.write_bytes(b"no sound at all" * 100)
    session = library.add(broken)
    analysis_job.start(library, session.id)
    wait_until_over(library, session.id)
    failed = library.session(session.id)
    assert failed.state == "failed"
    assert failed.error == "Holiday.mp3 is no sound or video file that can be read: " \
        "copy or export the recording again, or choose another file."  # fmt: skip


def test_what_nobody_foresaw_is_told_without_a_traceback(library: Library, murmur) -> None:
    session = library.add(murmur(1), settings={"speakers": "a dozen"})
    analysis_job.start(library, session.id)
    wait_until_over(library, session.id)
    failed, log = library.session(session.id), library.files(session.id).folder / "analysis.log"
    assert failed.error == f"Something unexpected happened. What is known of it is in {log}."
    assert "Traceback" in log.read_text()


def test_a_session_that_was_deleted_stops_nobody(library: Library, murmur) -> None:
    gone = library.add(SAMPLE, settings=PLAIN)
    analysis_job.start(library, gone.id)
    wait_until_begun(library, gone.id)
    next_one = library.add(murmur(1), settings=PLAIN)
    library.delete(gone.id)
    analysis_job.start(library, next_one.id)
    wait_until_over(library, next_one.id)
    assert [session.id for session in library.sessions()] == [next_one.id]
    assert [folder.name for folder in (library.folder / "sessions").iterdir()] == [next_one.id]


def test_what_was_done_but_for_its_counts_gets_these_and_nothing_is_made_twice(
    analysed: tuple[Library, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library, session = analysed
    counts = library.session(session).counts
    library.set_counts(session, {})  # as where the process was killed in its last moment
    monkeypatch.setattr("app.analysing.review_media.write_review_media", lambda *_: pytest.fail("made twice"))
    analysis_job._analyse_alone(library, session)
    assert library.session(session).state == "done"
    assert dict(library.session(session).counts) == dict(counts)


def test_another_process_with_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    own = StatusFile(tmp_path, "opening", os.getpid()).status
    assert process_of(own) is not None
    earlier = AnalysisStatus(own.stage, own.share, own.starts, own.pid, own.started - 60, own.updated)
    assert process_of(earlier) is None
