"""A batch from begin to end: look at all recordings, analyse those that are new, take each result in as it comes.

In: recordings, a library, a cluster's client. Out: a Row a recording, in their order. Whatever ends it, what is in the
library is whole, and what workers had finished waits in the storage for the next batch. Lengths and times are seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from distributed import Client, LocalCluster

from app.analysing.provenance import TURNS, provenance_of
from app.batch.disk_room import DiskRoom
from app.batch.estimates import BYTES_A_SECOND, Pace, Work, memory_of, workers_for
from app.batch.found_recordings import FoundRecording
from app.batch.hand_out import HandOut
from app.batch.intake import Intake
from app.batch.outcomes import Looked, Planned, Row, Standing, Told, Underway, Warned
from app.batch.worker_tasks import Glimpse, Order, analyse, look
from app.library import Library
from app.library.records import LibraryError
from audio.decoder import shown_name
from audio.errors import UndertoneError
from audio.listen import ListenSettings
from audio.transcript import GIVEN, NONE

TOLD_EVERY = 2.0  # seconds between two words of how far the whole is
PYANNOTE = "pyannote"  # the engine of voices that a graphics card makes faster
DAMAGED = "The result of {name} was damaged in the storage: run the same command again."


class StoppedEarlyError(UndertoneError):
    """The batch ended before all was done, for a reason that does not lie in a recording."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a batch works with. most_workers, free_memory (bytes): on this machine, for a cluster of its own."""

    library: Library
    storage: str
    settings: ListenSettings
    log: str
    most_workers: int
    free_memory: float


class Batch:
    """The recordings of one run of the command. rows: what became of them so far. intake: the way into the library."""

    def __init__(self, frame: Frame, client: Client, tell: Callable[[Told], None]) -> None:
        self._frame, self._client, self._tell = frame, client, tell
        self.intake = Intake(frame.library, frame.storage)
        self._room = DiskRoom(frame.library.folder)
        self._pace = Pace()
        self._placed: dict[str, FoundRecording] = {}  # the first of each, by its checksum
        self._left: dict[str, Order] = {}  # what is still to be done, by the recording's checksum
        self._begun: dict[str, float] = {}  # when a worker first told of it
        self._planned, self._length = 0, 0.0
        self.rows: dict[FoundRecording, Row] = {}

    def run(self, recordings: Sequence[FoundRecording]) -> None:
        """Do all of it. Raises ClusterLostError and StoppedEarlyError, with `rows` as they are then."""
        topic = f"undertone-{uuid4().hex}"
        for recording, glimpse in self._looked_at(recordings):
            self._place(recording, glimpse, topic)
        orders = sorted(self._left.values(), key=lambda order: order.length, reverse=True)
        self._planned, self._length = len(orders), sum(order.length for order in orders)
        self._tell(Planned(self._planned, self._length))
        if orders:
            self._client.subscribe_topic(topic, self._hear)
            self._analyse(orders)

    def _looked_at(self, recordings: Sequence[FoundRecording]) -> Iterator[tuple[FoundRecording, Glimpse]]:
        """What is known of each without decoding it, in their order."""
        seen: dict[FoundRecording, Glimpse] = {}
        hand_out = HandOut(self._client, look, lambda recording: recording.shown, self._frame.log)
        for ended in hand_out.ended(recordings):
            if ended is None:
                continue
            if ended.problem is None:
                seen[ended.item] = ended.future.result()
            else:
                self._fail(ended.item, ended.problem)
            self._tell(Looked(len(seen), len(recordings)))
        return ((recording, seen[recording]) for recording in recordings if recording in seen)

    def _place(self, recording: FoundRecording, glimpse: Glimpse, topic: str) -> None:
        """Say at once what is to be said, take in what an earlier batch finished, order what is left."""
        settings = self._frame.settings
        key = provenance_of(settings, glimpse.beside).key(glimpse.content_hash)
        first = self._placed.setdefault(glimpse.content_hash, recording)
        known = self.intake.known(recording, glimpse.content_hash, key)
        if first != recording:
            known = Row(recording.shown, "same", f"It is the same recording as {first.shown}.")
        if known is not None:
            self._note(recording, known)
            return
        order = Order(
            recording=recording,
            content_hash=glimpse.content_hash,
            length=glimpse.length or recording.bytes / BYTES_A_SECOND,
            hears_words=settings.transcriber not in (NONE, GIVEN) and not set(glimpse.beside) - {TURNS},
            key=key,
            settings=settings,
            storage=self._frame.storage,
            topic=topic,
        )
        if self.intake.is_finished(key) and self._take_in(order):
            return
        self._left[glimpse.content_hash] = order

    def _analyse(self, orders: Sequence[Order]) -> None:
        warning = self._room.warning(orders)
        if warning is not None:
            self._tell(Warned(warning))
        self._scale()
        hand_out = HandOut(self._client, analyse, lambda order: order.recording.shown, self._frame.log)
        told = 0.0
        for ended in hand_out.ended(orders, self._room.may_begin, self._wants_card):
            if ended is not None:
                order = ended.item
                if ended.problem is not None:
                    self._fail(order.recording, ended.problem)
                elif not self._take_in(order):
                    self._fail(order.recording, DAMAGED.format(name=order.recording.shown))
                self._room.ended(order)
                del self._left[order.content_hash]
                self._scale()
            if ended is not None or time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                self._tell(self._standing(hand_out.workers))
        if self._left:
            raise StoppedEarlyError(self._room.why_stopped())

    def _take_in(self, order: Order) -> bool:
        """Take a finished result into the library; false where it was damaged."""
        try:
            row = self.intake.take_in(order.recording, order.content_hash, order.key)
        except LibraryError as error:
            self._fail(order.recording, str(error))
            return True
        if row is None:
            return False
        if row.figures is not None:
            self._pace.note(Work(row.figures.length, order.hears_words), row.figures.seconds)
        self._note(order.recording, row)
        return True

    def _fail(self, recording: FoundRecording, problem: str) -> None:
        name = shown_name(Path(recording.name))
        why = problem if recording.shown in problem else problem.replace(name, recording.shown)
        self._note(recording, Row(recording.shown, "failed", why))

    def _note(self, recording: FoundRecording, row: Row) -> None:
        self.rows[recording] = row
        self._tell(row)

    def _hear(self, event: tuple[float, Mapping[str, Any]]) -> None:
        """Pass on what a worker tells of how far it is."""
        _, told = event
        order = self._left.get(told["of"])
        if order is not None:
            self._begun.setdefault(order.content_hash, time.monotonic())
            self._tell(Underway(order.recording.shown, told["stage"], told["share"]))

    def _wants_card(self, order: Order) -> bool:
        """Whether a graphics card would help: where a large model listens."""
        return order.hears_words or order.settings.speaker_engine == PYANNOTE

    def _scale(self) -> None:
        """As many workers as have room for the longest recordings that are left: those come first, so they grow."""
        cluster = self._client.cluster
        if not isinstance(cluster, LocalCluster) or not self._left:
            return
        needs = [memory_of(order.length, order.hears_words) for order in self._left.values()]
        wanted = workers_for(needs, min(self._frame.most_workers, len(self._left)), self._frame.free_memory)
        if wanted > len(cluster.workers) or not self._begun:
            cluster.scale(wanted)

    def _standing(self, workers: int) -> Standing:
        now = time.monotonic()
        waiting, under_way = [], []
        for key, order in list(self._left.items()):
            work = Work(order.length, order.hears_words)
            if key in self._begun:
                under_way.append((work, now - self._begun[key]))
            else:
                waiting.append(work)
        length_left = sum(order.length for order in self._left.values())
        return Standing(
            done=self._planned - len(self._left),
            recordings=self._planned,
            length_done=max(0.0, self._length - length_left),
            length=self._length,
            left=self._pace.left(waiting, under_way, min(workers, len(self._left))),
            workers=workers,
        )
