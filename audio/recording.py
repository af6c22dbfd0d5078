"""Open any audio or video file: float32 at 16 kHz, channels kept, with clear errors for bad input."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000  # Hz, of every recording once it is open
SHORTEST = 10.0  # seconds; below this there is no telling anyone's normal


@dataclass(frozen=True, slots=True)
class Recording:
    """An opened recording.

    samples: float32, shape (channels, n), full scale 1.0, at SAMPLE_RATE, read-only, all finite.
    source: what the file was, for the person ("Opus in Ogg, 48000 Hz, 1 channel").
    warnings: whole sentences about what was found and done (cut short, clipped, broken samples).
    """

    path: Path
    samples: npt.NDArray[np.float32]
    source: str
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.samples.flags.writeable = False

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples.shape[1] / SAMPLE_RATE

    @property
    def channels(self) -> int:
        return self.samples.shape[0]


def open_recording(path: Path) -> Recording:
    """Decode `path` whole; raises RecordingError with one sentence when it cannot be analysed."""
    raise NotImplementedError
