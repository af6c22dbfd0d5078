"""One run of `undertone batch`: alone in its library, with a cluster for as long as it takes, and a report at the end.

In: a Request. Out: a Run, and a CSV file. All that belongs to batches lies in a folder of the library: results that are
on their way, the log of the last run, the reports.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from distributed import Client

from app.batch.batch import Batch, Frame, StoppedEarlyError
from app.batch.cluster import ClusterLostError, cluster_at, cores, dashboard, free_memory, local_cluster
from app.batch.finished_results import open_storage
from app.batch.found_recordings import FoundRecording, find_recordings, is_address
from app.batch.outcomes import Begun, Over, Row, Told
from app.batch.report import FOLDER, REPORT, write_csv
from app.library import Library
from app.library.lock import exclusive_if_free
from app.library.records import LibraryError
from audio.errors import UndertoneError
from audio.listen import ListenSettings

LOCK, LOG, SCRATCH, RESULTS = "batch.lock", "batch.log", "scratch", "results"
NOT_DONE = "It was not begun, or not finished: run the same command again."
STOPPED_BY_HAND = "Stopped. What is finished is in the library; the same command goes on from there."
LOST = (
    "The scheduler {address} was lost. What is in the library is whole; start the scheduler again, then the same "
    "command goes on from there."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for. workers: on this machine, None for as many as it has room for.

    scheduler: address of a cluster, None for one of its own. storage: where its workers put results, None for the
    library's own folder. report: the CSV file, None for one in the library.
    """

    places: tuple[str, ...]
    library: Path
    settings: ListenSettings
    workers: int | None = None
    scheduler: str | None = None
    storage: str | None = None
    report: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended. stopped: a sentence where it was before its time; by_hand: whether somebody stopped it."""

    rows: tuple[Row, ...]
    report: Path
    stopped: str | None = None
    by_hand: bool = False


def run_batch(request: Request, tell: Callable[[Told], None]) -> Run:
    """Do it. Raises UndertoneError where it cannot begin."""
    recordings = find_recordings(request.places)
    if not recordings:
        raise UndertoneError(f"There are no recordings in {', '.join(request.places)}: name other folders.")
    library = Library(request.library.absolute())
    folder = library.folder / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with exclusive_if_free(folder / LOCK) as alone:
            if not alone:
                raise LibraryError(f"Another batch is at work in the library {library.folder}: wait for its end.")
            return _run_alone(request, library, folder, recordings, tell)
    except OSError as error:
        raise LibraryError(f"{error.filename or folder}: {error.strerror}.") from error
    finally:
        library.close()


def _run_alone(
    request: Request, library: Library, folder: Path, recordings: Sequence[FoundRecording], tell: Callable[[Told], None]
) -> Run:
    log = folder / LOG
    log.unlink(missing_ok=True)
    storage = request.storage or str(folder / RESULTS)
    storage = storage if is_address(storage) else str(Path(storage).absolute())
    open_storage(storage)
    report = request.report or folder / REPORT.format(now=datetime.now())
    most = min(request.workers or cores(), len(recordings))
    settings = replace(request.settings, terms=library.terms())
    frame = Frame(library, storage, settings, str(log), most, free_memory())
    batch = None
    stopped, by_hand = None, False
    try:
        with _interruptible(), _cluster(request, most, folder, log) as client:
            tell(Begun(len(recordings), dashboard(client), str(log)))
            batch = Batch(frame, client, tell)
            batch.run(recordings)
    except KeyboardInterrupt:
        stopped, by_hand = STOPPED_BY_HAND, True
    except ClusterLostError:
        stopped = LOST.format(address=request.scheduler or "of Dask")
    except StoppedEarlyError as error:
        stopped = str(error)
    if batch is not None:
        batch.intake.sweep()
    rows = batch.rows if batch is not None else {}
    listed = tuple(rows.get(recording, Row(recording.shown, "not_done", NOT_DONE)) for recording in recordings)
    write_csv(listed, report)
    tell(Over(dict(Counter(row.outcome for row in listed)), str(report), stopped))
    return Run(listed, report, stopped, by_hand)


def _cluster(request: Request, workers: int, folder: Path, log: Path) -> AbstractContextManager[Client]:
    if request.scheduler is not None:
        return cluster_at(request.scheduler, log)
    return local_cluster(workers, folder / SCRATCH, log)


@contextmanager
def _interruptible() -> Iterator[None]:
    """End as by Ctrl-C when the process is told to end; once that has begun, a second Ctrl-C does not disturb it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
