"""What a worker does: look at a recording, and analyse one into a result that lies whole in the storage.

In: a FoundRecording. Out: a Glimpse; a result in the storage, and how far it is told to the scheduler on the way. A
worker knows nothing of the library: only the machine that runs the batch writes there. Lengths are seconds.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from app.analysing.provenance import Figures, checksums, files_beside, provenance_of, write_provenance
from app.batch.estimates import kept_bytes, spoken_bytes
from app.batch.finished_results import put_result
from app.batch.found_recordings import FoundRecording, at_hand
from audio.conversation import Conversation
from audio.errors import RecordingError, UndertoneError, first_line
from audio.listen import ListenSettings
from audio.whole_files import checksum

if TYPE_CHECKING:
    from app.session.read_session import ReadSession

TOLD_EVERY = 1.0  # seconds between two words of how far it is: hundreds of workers tell one scheduler
PREPARED = "prepared"  # the folder of a session that is being made

Item = TypeVar("Item")
Value = TypeVar("Value")
_log = logging.getLogger(__name__)


class UnforeseenError(Exception):
    """Something that nobody foresaw, on a worker. `str(error)` says what in a line; the worker's log says more."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What can be known of a recording without decoding it. length: None where its header does not say."""

    content_hash: str
    beside: Mapping[str, str]
    length: float | None


@dataclass(frozen=True, slots=True)
class Order:
    """A recording to be analysed.

    length: seconds, as the header says, or a guess. hears_words: whether a model may have to hear the words.
    storage: where the result goes, under `key`. topic: of what is told on the way, under `content_hash`.
    """

    recording: FoundRecording
    content_hash: str
    length: float
    hears_words: bool
    key: str
    settings: ListenSettings
    storage: str
    topic: str


def _errors_that_travel(task: Callable[[Item], Value]) -> Callable[[Item], Value]:
    """The task, but with errors that each machine can read: one of a library may be lost on the way, and its task."""

    @wraps(task)
    def run(item: Item) -> Value:
        try:
            return task(item)
        except UndertoneError as error:
            travelling: Exception = UndertoneError(str(error))
        except MemoryError:
            travelling = MemoryError()
        except OSError as error:
            travelling = OSError(error.errno, error.strerror or first_line(error), error.filename)
        except Exception as error:
            _log.exception("%s failed", task.__name__)
            travelling = UnforeseenError(f"{type(error).__name__}: {first_line(error)}")
        raise travelling  # here, where it drags no other error along

    return run


@_errors_that_travel
def look(recording: FoundRecording) -> Glimpse:
    """Read a recording once from end to end, and its header. Raises UndertoneError, OSError."""
    from app.analysing.glance import glance

    with at_hand(recording, _scratch()) as source:
        if not source.is_file():
            raise RecordingError(f"No worker can see {recording.name}: put it where all machines of the cluster look.")
        length = None
        # Why one cannot be analysed is for the analysis to say, which looks deeper.
        with suppress(RecordingError, OSError), source.open("rb") as file:
            length = glance(file, recording.name).length
        return Glimpse(checksum(source), checksums(source, files_beside(source)), length)


@_errors_that_travel
def analyse(order: Order) -> None:
    """Analyse a recording, and put the result into the storage. Raises UndertoneError, OSError."""
    began = time.monotonic()
    with at_hand(order.recording, _scratch()) as source, tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        _check_room(order, Path(folder))
        prepared = Path(folder) / PREPARED
        prepared.mkdir()
        _prepare(order, source, prepared, began)
        put_result(order.storage, order.key, prepared)


def _prepare(order: Order, source: Path, prepared: Path, began: float) -> None:
    """Make the folder of a session, as the library has it, but for the recording."""
    from app.analysing.review_media import write_review_media
    from app.analysing.session_analysis import READING, hear
    from app.library.session_files import COMPUTED, SessionFiles, computed_files, write_computed
    from app.session.read_session import read_untouched
    from app.session.session_figures import keep_figures
    from app.session.session_summary import summed_up, write_summary

    told = _Teller(order)
    beside = files_beside(source)
    known = provenance_of(order.settings, checksums(source, beside))
    if known.key(order.content_hash) != order.key:
        raise UndertoneError(f"What lies beside {order.recording.name} was changed meanwhile: run the command again.")
    analysis = prepared / f"{COMPUTED}{uuid4().hex}"
    analysis.mkdir()
    files = SessionFiles(prepared, source, prepared / "audio.webm", computed_files(analysis))
    conversation = hear(source, files.audio, order.settings, told.tell)
    told.tell(READING, 0.0)
    write_computed(conversation, analysis)
    write_review_media(files, conversation)
    for path in beside:
        shutil.copyfile(path, prepared / f"source{path.name[len(source.stem) :].lower()}")
    session = read_untouched(analysis.name, conversation)
    summary = summed_up(session, ())
    write_summary(summary, prepared)
    keep_figures(session, (), prepared)
    figures = _figures(conversation, session, summary.partners, time.monotonic() - began)
    write_provenance(replace(known, figures=figures), analysis)


def _figures(conversation: Conversation, session: ReadSession, partners: tuple[str, ...], seconds: float) -> Figures:
    from app.session.session_moments import shown_moments

    moments: dict[str, dict[str, int]] = {}
    for one in shown_moments(session, ()):
        verdicts = moments.setdefault(one.moment.kind, {})
        verdicts[one.moment.verdict] = verdicts.get(one.moment.verdict, 0) + 1
    notes = (*conversation.notes, *session.reading.notes)
    return Figures(conversation.duration, partners, moments, dict(conversation.engines), notes, seconds)


class _Teller:
    """Tells the scheduler how far a recording is, as often as a person wants to see it."""

    def __init__(self, order: Order) -> None:
        from distributed import get_worker

        self._worker, self._order = get_worker(), order
        self._stage, self._at = "", 0.0

    def tell(self, stage: str, share: float) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._at < TOLD_EVERY:
            return
        self._stage, self._at = stage, now
        self._worker.log_event(
            self._order.topic, {"of": self._order.content_hash, "stage": stage, "share": float(share)}
        )


def _scratch() -> str:
    """A folder of the worker's own, which Dask clears away after its death."""
    from distributed import get_worker

    return str(get_worker().local_directory)


def _check_room(order: Order, folder: Path) -> None:
    """Say that the disk is nearly full before it is."""
    need, free = kept_bytes(0, order.length), shutil.disk_usage(folder).free
    if free < need:
        raise UndertoneError(
            f"The worker's disk has {spoken_bytes(free)} left, and {order.recording.name} needs "
            f"{spoken_bytes(need)}: make room there."
        )
