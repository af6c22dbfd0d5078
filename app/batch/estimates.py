"""What a batch will need: memory, room on the disk, and time; each said only as far as it is known.

In: lengths of recordings (seconds), what was measured so far. Out: bytes, seconds, and words for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HOUR = 3600.0
GIGABYTE = 1e9

# Peak memory of one analysis, by benchmarks/speed.py: 0.82 GB at 1 hour, 2.6 GB at 6 hours; a line through both.
MEMORY_AT_ONCE = 0.46e9  # bytes
MEMORY_AN_HOUR = 0.36e9
# Words from Whisper come on top: what the authors of faster-whisper give for `small` on a processor, at most.
MEMORY_OF_WHISPER = 3.6e9
MEMORY_TO_LEAVE = 0.2  # of what is free: for the person's other programs, and for estimates that were too low

# What is kept of an hour beside the recording itself: sound to play in two channels 29 MB, the tracks of two people,
# words. See docs/batch.md.
KEPT_AN_HOUR = 60e6  # bytes
FREE_AT_LEAST = 1e9  # bytes that stay free on the disk of the library
BYTES_A_SECOND = 16_000  # of a recording whose header does not say how long it is: what phones and recorders write


def memory_of(length: float, hears_words: bool) -> float:
    """Bytes that the analysis of a recording takes at its peak."""
    return MEMORY_AT_ONCE + MEMORY_AN_HOUR * length / HOUR + (MEMORY_OF_WHISPER if hears_words else 0.0)


def workers_for(needs: Iterable[float], cores: int, memory: float) -> int:
    """How many workers of one core each have room for the neediest recordings at once; one at least.

    needs: bytes a recording. memory: bytes that are free.
    """
    room, workers = memory * (1 - MEMORY_TO_LEAVE), 0
    for need in sorted(needs, reverse=True)[:cores]:
        room -= need
        if room < 0:
            break
        workers += 1
    return max(1, workers)


def kept_bytes(size: int, length: float) -> float:
    """Bytes that the library grows by a recording of `size` bytes."""
    return size + KEPT_AN_HOUR * length / HOUR


@dataclass(frozen=True, slots=True)
class Work:
    """A recording as far as time goes: its length, and whether words are made, which takes many times as long."""

    length: float
    hears_words: bool


class Pace:
    """How long the work takes, by what was seen of it so far."""

    def __init__(self) -> None:
        self._length: dict[bool, float] = {}
        self._seconds: dict[bool, float] = {}

    def note(self, work: Work, seconds: float) -> None:
        """A recording came to its end after so many seconds of one worker."""
        self._length[work.hears_words] = self._length.get(work.hears_words, 0.0) + work.length
        self._seconds[work.hears_words] = self._seconds.get(work.hears_words, 0.0) + seconds

    def left(self, waiting: Iterable[Work], under_way: Iterable[tuple[Work, float]], workers: int) -> float | None:
        """Seconds until all is done; None while work is left of a kind of which none has come to its end.

        under_way: seconds since each was begun. Workers cannot share a recording: the longest is the least it takes.
        """
        left = [(work, 0.0) for work in waiting] + list(under_way)
        if any(not self._length.get(work.hears_words) for work, _ in left) or not workers:
            return None
        each = [max(0.0, self._takes(work) - spent) for work, spent in left]
        return max(sum(each) / workers, max(each, default=0.0))

    def _takes(self, work: Work) -> float:
        return work.length * self._seconds[work.hears_words] / self._length[work.hears_words]


def spoken_bytes(count: float) -> str:
    """ "0.8 GB", or megabytes below a tenth of it."""
    return f"{count / GIGABYTE:.1f} GB" if count >= 0.1 * GIGABYTE else f"{count / 1e6:.0f} MB"


def spoken_time(seconds: float) -> str:
    """How long something will take, no more exactly than anyone can know: "about 6 min"."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min"
    if minutes < 600:
        return f"about {minutes // 60} h {minutes % 60 // 10 * 10:02d} min"
    return f"about {round(minutes / 60)} h"
