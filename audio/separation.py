"""What speaker separation is asked for and what it hands back; every engine takes and gives these.

Times are seconds from the start of the recording; `channel_of` counts channels from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio.conversation import Span, Transcript, Turn

FloatArray = npt.NDArray[np.float32] | npt.NDArray[np.float64]
PAUSE = 0.7  # seconds; what ends an utterance. Shorter silences belong to the turn around them


@dataclass(frozen=True, slots=True)
class SpeakerRequest:
    """What a person knows about the speakers: how many (1 to 4), and who spoke when if that is written down.

    model: a pipeline for engines that need weights, by repository of the hub or folder; None: the engine's own choice.
    """

    count: int = 2
    rttm: Path | None = None
    transcript: Transcript | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """Who speaks when.

    turns: sorted; they may overlap between speakers, never within one.
    speakers: labels in order of first appearance.
    channel_of: the channel that carries a speaker, for speakers who have one of their own; else empty.
    notes: whole sentences for the person.
    model: what the engine computed with, for engines that load one: its name, the packages' versions, the device.
    exclusive: the same turns with one speaker at a time, for joining words, from engines that tell; else empty.
    """

    turns: tuple[Turn, ...]
    speakers: tuple[str, ...]
    engine: str
    channel_of: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    model: str | None = None
    exclusive: tuple[Turn, ...] = ()


def bridged(turns: Iterable[Turn], pause: float) -> tuple[Turn, ...]:
    """`turns` sorted, those of one speaker joined where no more than `pause` seconds lie between them.

    Another speaker's turn within the pause keeps the two apart; overlapping ones of a speaker always join.
    """
    ordered = sorted(turns)
    joined = [
        turn
        for speaker, own in groupby(sorted(ordered, key=attrgetter("speaker")), key=attrgetter("speaker"))
        for turn in _joined(list(own), [other for other in ordered if other.speaker != speaker], pause)
    ]
    return tuple(sorted(joined))


def _joined(own: list[Turn], others: list[Turn], pause: float) -> list[Turn]:
    starts = np.array([other.start for other in others])
    joined = own[:1]
    for turn in own[1:]:
        last = joined[-1]
        between = np.searchsorted(starts, last.end), np.searchsorted(starts, turn.start)
        answered = turn.start > last.end and between[0] != between[1]
        if turn.start - last.end <= pause and not answered:
            joined[-1] = Turn(last.start, max(last.end, turn.end), last.speaker)
        else:
            joined.append(turn)
    return joined


def numbered(turns: Iterable[Turn]) -> tuple[tuple[Turn, ...], dict[str, str]]:
    """`turns` with speakers called "Speaker_1", "Speaker_2".. as they appear, and {old name: new name}."""
    ordered = sorted(turns)
    names = {old: f"Speaker_{number}" for number, old in enumerate(by_appearance(ordered), start=1)}
    return tuple(sorted(Turn(turn.start, turn.end, names[turn.speaker]) for turn in ordered)), names


def by_appearance(turns: Iterable[Turn]) -> tuple[str, ...]:
    """The speakers of `turns`, in order of first appearance."""
    return tuple(dict.fromkeys(turn.speaker for turn in sorted(turns)))


def frame_mask(spans: Iterable[Span], count: int, step: float) -> npt.NDArray[np.bool_]:
    """Shape (count,): whether each frame of `step` seconds lies in one of `spans`."""
    mask = np.zeros(count, dtype=np.bool_)
    for span in spans:
        mask[max(0, round(span.start / step)) : max(0, round(span.end / step))] = True
    return mask


def runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where `mask` is true: (first, one past the last) of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
