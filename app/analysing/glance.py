"""What can be said of a recording at once, by its header alone: before it is analysed, or even in the library.

In: an open file. Out: a Glance at it. Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
import av.error

from audio.decoder import CONTAINERS, shown_name
from audio.errors import RecordingError
from audio.recording import SHORTEST


@dataclass(frozen=True, slots=True)
class Glance:
    """What the header of a recording says. length: seconds, None where it does not say."""

    length: float | None
    channels: int


def glance(file: BinaryIO, name: str) -> Glance:
    """What the header says of a file. Raises RecordingError with the sentence why it cannot be analysed.

    What only decoding finds, such as silence or damage, is said by the analysis.
    """
    shown = shown_name(Path(name))
    file.seek(0)
    try:
        with av.open(file, "r", options={"format_whitelist": CONTAINERS}) as container:
            if not container.streams.audio:
                raise RecordingError(f"{shown} has no sound in it: choose a file with sound.")
            length = None if container.duration is None else container.duration / av.time_base
            channels = container.streams.audio[0].channels
    except (av.error.FFmpegError, ValueError):
        raise RecordingError(f"{shown} is no sound or video file that can be read: choose another file.") from None
    finally:
        file.seek(0)
    if length is not None and length < SHORTEST:
        raise RecordingError(f"{shown} lasts {length:.0f} s; {SHORTEST:.0f} s are the least that can be analysed.")
    return Glance(length, channels)
