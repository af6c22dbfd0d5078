"""Recordings handed out to the workers of a cluster, as many at once as can be worked on, and what became of each.

In: a Client, a task and what it is to be done with, the most important first. Out: an Ended for each as it comes, and
None every TICK seconds in between. Dask places, runs and begins anew; what is not handed out yet is not blamed when a
worker dies, and need not be called back when the disk fills up.
"""

from __future__ import annotations

import errno
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar
from uuid import uuid4

from distributed import Client, Future, KilledWorker

from app.batch.cluster import GPU, ClusterLostError, slots
from audio.errors import UndertoneError, first_line

TICK = 0.5  # seconds
COUNT_EVERY = 2.0  # seconds between two looks at how many workers there are
MOST_TRIES = 3  # of what fails for a lack of memory, which others may have had meanwhile
WORKER_LOST = (
    "{name} was given up after {n} workers died of it: it may be damaged so that no decoder survives it, or too long "
    "for the memory; export it again, or cut it into shorter parts."
)
NO_MEMORY = "There was not enough memory for {name}, {n} times: close other programs, or cut it into shorter parts."
NO_ROOM = "The worker's disk was full before {name} was done: make room there."
UNREADABLE = "{name} cannot be read or its result not be written ({what}): check the disk or the storage."
UNEXPECTED = "Something unexpected happened to {name} ({what}): what is known of it is in {log}."

Item = TypeVar("Item")
Task = Callable[[Item], Any]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended(Generic[Item]):
    """What became of one: a future that has its value, or a sentence why it came to nothing."""

    item: Item
    future: Future[Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Begun(Generic[Item]):
    """What is with a worker. try_number: 1 the first time. on_card: whether it was asked for one."""

    item: Item
    try_number: int
    on_card: bool


class HandOut(Generic[Item]):
    """Hands out items to a task. workers: how many can be worked on at once, by the last look."""

    def __init__(self, client: Client, task: Task[Item], name_of: Callable[[Item], str], log: str) -> None:
        """name_of: what a person calls an item. log: where it is written what nobody foresaw."""
        self._client, self._task, self._name_of, self._log = client, task, name_of, log
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()
        self._begun: dict[Future[Any], _Begun[Item]] = {}
        self._waiting: dict[bool, deque[tuple[Item, int]]] = {True: deque(), False: deque()}  # by whether on a card
        self._counted, self.workers, self._cards = 0.0, 0, 0

    def ended(
        self,
        items: Sequence[Item],
        may_begin: Callable[[Item], bool] = lambda _: True,
        wants_card: Callable[[Item], bool] = lambda _: False,
    ) -> Iterator[Ended[Item] | None]:
        """All items as they come to their end; none is begun any more once `may_begin` said no.

        wants_card: whether an item is faster beside a card, for when workers have one. Raises ClusterLostError.
        """
        self._count_workers()
        for item in items:
            self._waiting[self._cards > 0 and wants_card(item)].append((item, 1))
        try:
            while self._begun or any(self._waiting.values()):
                self._begin_all(may_begin)
                future = self._next_done()
                self._count_workers()
                if future is None:
                    yield None
                    continue
                ended = self._judged(future, self._begun.pop(future))
                self._begin_all(may_begin)  # before the caller turns to this one, which may take a while
                if ended is not None:
                    yield ended
        finally:
            self._client.cancel(list(self._begun))

    def _begin_all(self, may_begin: Callable[[Item], bool]) -> None:
        for on_card, waiting in self._waiting.items():
            while waiting and self._has_room(on_card):
                if not may_begin(waiting[0][0]):
                    for others in self._waiting.values():
                        others.clear()
                    return
                self._begin(*waiting.popleft(), on_card)

    def _has_room(self, on_card: bool) -> bool:
        on_cards = sum(begun.on_card for begun in self._begun.values()) if on_card else 0
        at_work = len(self._begun) - self._done.qsize()
        return at_work < self.workers and (not on_card or on_cards < self._cards)

    def _begin(self, item: Item, try_number: int, on_card: bool) -> None:
        needs = {GPU: 1} if on_card else None
        key = f"{self._task.__name__}-{uuid4().hex}"  # Dask shows it to whoever looks: no name of a recording in it
        future = self._client.submit(self._task, item, key=key, pure=False, resources=needs)
        self._begun[future] = _Begun(item, try_number, on_card)
        future.add_done_callback(self._done.put)

    def _next_done(self) -> Future[Any] | None:
        try:
            return self._done.get(timeout=TICK)
        except Empty:
            return None

    def _count_workers(self) -> None:
        if self._client.status != "running":
            raise ClusterLostError("The scheduler was lost.")
        if time.monotonic() - self._counted > COUNT_EVERY:
            self.workers, self._cards = slots(self._client)
            self._counted = time.monotonic()

    def _judged(self, future: Future[Any], begun: _Begun[Item]) -> Ended[Item] | None:
        """What became of it; None where it is tried again."""
        if future.status == "finished":
            return Ended(begun.item, future)
        if future.status != "error":
            raise ClusterLostError("The scheduler was lost.")
        error = future.exception()
        if isinstance(error, MemoryError) and begun.try_number < MOST_TRIES:
            self._waiting[begun.on_card].append((begun.item, begun.try_number + 1))
            return None
        return Ended(begun.item, future, self._sentence(error, self._name_of(begun.item)))

    def _sentence(self, error: BaseException, name: str) -> str:
        if isinstance(error, UndertoneError):
            return str(error)
        _log.error("%s", name, exc_info=error)
        if isinstance(error, KilledWorker):
            return WORKER_LOST.format(name=name, n=error.allowed_failures + 1)
        if isinstance(error, MemoryError):
            return NO_MEMORY.format(name=name, n=MOST_TRIES)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return NO_ROOM.format(name=name)
        what = first_line(error) if isinstance(error, Exception) else type(error).__name__
        if isinstance(error, OSError):
            return UNREADABLE.format(name=name, what=what)
        return UNEXPECTED.format(name=name, what=what, log=self._log)
