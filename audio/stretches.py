"""Where each speaker is heard, as stretches of time that can be asked.

In: turns (seconds; those of different speakers may overlap). Out: a Heard for each speaker, and what works on
any sequence of spans: grouping by pauses, the hull, those around a moment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audio.conversation import Span, Turn
from audio.separation import PAUSE

Timed = TypeVar("Timed", bound=Span)


@dataclass(frozen=True, slots=True)
class Heard:
    """Where one speaker is heard: spans sorted and apart, and the same joined across short pauses."""

    spans: Sequence[Span]
    stretches: Sequence[Span]

    def seconds(self, within: Span) -> float:
        """Seconds for which the speaker is heard within a span."""
        return sum(span.overlap(within) for span in around(self.spans, within))

    def outside(self, moment: float) -> float:
        """Seconds from a moment to where the speaker is heard; inside, less than 0: minus those to the edge."""
        nearby = around(self.spans, Span(moment, moment))
        return min((max(span.start - moment, moment - span.end) for span in nearby), default=float("inf"))

    def likeness(self, to: Span) -> float:
        """How far a span or stretch is the same time as `to`: shared over joint time, of the one that is it most."""
        nearby = [*around(self.stretches, to), *around(self.spans, to)]
        return max((_likeness(stretch, to) for stretch in nearby), default=0.0)

    def apart_from(self, told: Iterable[Span], likeness: float) -> Heard:
        """The same without what is more than `likeness` the same time as one of `told`."""
        gone: set[Span] = set()
        for span in told:
            nearby = [*around(self.stretches, span), *around(self.spans, span)]
            gone |= {stretch for stretch in nearby if _likeness(stretch, span) > likeness}
        left = [span for span in self.spans if not any(span.overlap(other) > 0 for other in gone)]
        return Heard(left, [stretch for stretch in self.stretches if stretch not in gone])


def where_heard(turns: Iterable[Turn]) -> Mapping[str, Heard]:
    """Each speaker of `turns`, in the order in which they are first heard; turns of no length are nothing."""
    spans: dict[str, list[Span]] = {}
    for turn in sorted(turns, key=start_of):
        if turn.duration > 0:
            spans.setdefault(turn.speaker, []).append(Span(turn.start, turn.end))
    return {
        speaker: Heard([hull(group) for group in grouped(own, 0.0)], [hull(group) for group in grouped(own, PAUSE)])
        for speaker, own in spans.items()
    }


def grouped(spans: Iterable[Timed], pause: float) -> list[list[Timed]]:
    """Spans (sorted by start) in groups that are `pause` or more apart; those that touch stay together."""
    groups: list[list[Timed]] = []
    end = float("-inf")
    for span in spans:
        if groups and (span.start <= end or span.start - end < pause):
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.end)
    return groups


def hull(spans: Sequence[Span]) -> Span:
    """From the first start (spans are sorted by it) to the last end."""
    return Span(spans[0].start, max(span.end for span in spans))


def around(spans: Sequence[Span], of: Span) -> Sequence[Span]:
    """Of spans that are sorted and apart: those that meet `of`, and the nearest on either side."""
    indices = indices_around(spans, of)
    return spans[indices.start : indices.stop]


def indices_around(spans: Sequence[Span], of: Span) -> range:
    """Where in `spans` those of `around` stand."""
    first = bisect_left(spans, of.start, key=_end)
    last = bisect_left(spans, of.end, key=start_of)
    return range(max(0, first - 1), min(len(spans), max(first, last) + 1))


def start_of(span: Span) -> float:
    """What spans are sorted by."""
    return span.start


def _end(span: Span) -> float:
    return span.end


def _likeness(one: Span, other: Span) -> float:
    joint = max(one.end, other.end) - min(one.start, other.start)
    return one.overlap(other) / joint if joint > 0 else 0.0
