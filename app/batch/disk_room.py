"""Room on the disk of the library: a batch stops before it is full, and says beforehand when it will be.

In: orders that are to begin, and that came to their end. Sizes are bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from app.batch.estimates import FREE_AT_LEAST, kept_bytes, spoken_bytes
from app.batch.worker_tasks import Order

TOO_SMALL = (
    "The recordings need about {need} in the library, and its disk has {free} free: make room meanwhile; the batch "
    "stops before the disk is full."
)
NEARLY_FULL = (
    "The disk of the library has only {free} free, so no further recording was begun: make room, and run the same "
    "command again."
)


class DiskRoom:
    """The disk of a library, with what is on its way there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._expected: dict[str, float] = {}

    def warning(self, orders: Iterable[Order]) -> str | None:
        """A sentence where there is not enough room for all."""
        need, free = sum(kept_bytes(order.recording.bytes, order.length) for order in orders), self._free()
        if need + FREE_AT_LEAST <= free:
            return None
        return TOO_SMALL.format(need=spoken_bytes(need), free=spoken_bytes(free))

    def may_begin(self, order: Order) -> bool:
        """Whether there is room for one more beside those that were begun; it then counts as begun."""
        need = _most_bytes(order)
        if self._free() - sum(self._expected.values()) - need < FREE_AT_LEAST:
            return False
        self._expected[order.key] = need
        return True

    def ended(self, order: Order) -> None:
        """It came to its end: what it takes is on the disk, or will never be."""
        self._expected.pop(order.key, None)

    def why_stopped(self) -> str:
        """A sentence for when nothing may begin any more."""
        return NEARLY_FULL.format(free=spoken_bytes(self._free()))

    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free


def _most_bytes(order: Order) -> float:
    """What it takes at most: as its result is unpacked, the storage still has it too."""
    return kept_bytes(order.recording.bytes, order.length) + kept_bytes(0, order.length)
