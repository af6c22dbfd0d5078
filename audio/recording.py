"""Open any audio or video file: float32 at 16 kHz, channels kept, with clear errors for bad input.

In: a path. Out: a `Recording` whose warnings say, in whole sentences, what was found and done. What cannot
be analysed is a RecordingError of one sentence. Times are seconds; levels are decibels re full scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio.decoder import Decoded, decode, shown_name
from audio.errors import RecordingError
from audio.progress import Progress

SAMPLE_RATE = 16_000  # Hz, of every recording once it is open
SHORTEST = 10.0  # seconds; below this there is no telling anyone's normal

FRAME = 0.1  # seconds over which a level is taken: half a syllable
SILENT = -70.0  # dB; an open microphone in a quiet room is louder, a muted one with its own noise is not
SILENT_SPAN = 1.0  # seconds in all that must be louder, so that the click of a switch is no speech
QUIET = -50.0  # dB; speech below stands less than 20 dB above the noise of a phone
QUIET_SHARE = 0.1  # of the recording; speech takes more of any conversation
CLIPPED_SHARE = 0.005  # of the samples; then about every loud syllable has lost its peaks
MOST_BROKEN = 0.5  # share of samples that are no numbers, beyond which nothing is worth saying about the rest
MISSING = 1.0  # seconds, and
MISSING_SHARE = 0.01  # of the claimed length: less than both is how coarsely lengths are written down
OFFSET = 0.001  # of full scale (-60 dB); a constant beyond it comes from the sound card and is removed
CHUNK = 60.0  # seconds looked at together, which bounds the memory that it takes


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
        return float(self.samples.shape[1] / SAMPLE_RATE)

    @property
    def channels(self) -> int:
        """How many there are."""
        return len(self.samples)


def open_recording(path: Path, progress: Progress | None = None) -> Recording:
    """Decode `path` whole; `progress` is told the share that is done, 0 to 1.

    Raises RecordingError with one sentence when it cannot be analysed.
    """
    name = shown_name(path)
    _check_file(path, name)
    decoded = decode(path, SAMPLE_RATE, progress)
    _check_length(decoded, name)
    _check_numbers(decoded, name)
    _remove_offset(decoded.samples)
    levels = np.sort(_levels(decoded.samples))
    loudest = float(levels[-round(SILENT_SPAN / FRAME)])
    if loudest < SILENT:
        raise RecordingError(_silence(name, loudest))
    speech = float(levels[-max(1, round(QUIET_SHARE * len(levels)))])
    return Recording(path, decoded.samples, decoded.source, tuple(_warnings(decoded, speech)))


def _check_file(path: Path, name: str) -> None:
    try:
        if path.is_dir():
            raise RecordingError(f"{name} is a folder: name the recordings in it instead.")
        if path.exists() and not path.is_file():
            raise RecordingError(f"{name} is no ordinary file: save the recording to a file first.")
        with path.open("rb") as file:
            if not file.read(1):
                raise RecordingError(f"{name} is empty: copy or export the recording again.")
    except FileNotFoundError:
        raise RecordingError(f"There is no file {name}: check its name and folder.") from None
    except PermissionError:
        raise RecordingError(f"{name} may not be read by you: change its permissions or copy it.") from None
    except (OSError, ValueError):
        raise RecordingError(f"{name} cannot be read: check the disk and the file's name.") from None


def _check_length(decoded: Decoded, name: str) -> None:
    if _length(decoded) >= SHORTEST:
        return
    of = f" of about {decoded.claimed:.0f} s" if _is_cut(decoded) and decoded.claimed else ""
    raise RecordingError(
        f"Only {_length(decoded):.1f} s{of} could be read from {name}, and {SHORTEST:.0f} s are the least "
        "that can be analysed: choose a longer recording."
    )


def _check_numbers(decoded: Decoded, name: str) -> None:
    share = decoded.broken / max(1, decoded.counted)
    if share > MOST_BROKEN:
        raise RecordingError(
            f"{share:.0%} of the samples in {name} are no numbers or far beyond full scale: "
            "export the recording again, as 16-bit WAV or FLAC."
        )


def _silence(name: str, level: float) -> str:
    how = "digital silence" if level == -np.inf else f"no sound above {level:.0f} dB re full scale"
    return f"{name} is silent throughout ({how}): check that the right microphone was on and not muted."


def _warnings(decoded: Decoded, speech: float) -> Iterator[str]:
    """Sentences for the person; `speech` is the level in dB that QUIET_SHARE of the recording exceeds."""
    length = _spoken(_length(decoded))
    clipped = decoded.clipped / max(1, decoded.counted)
    if _is_cut(decoded) and decoded.claimed is not None:
        yield (
            f"Only the first {length} of about {_spoken(decoded.claimed)} could be read; "
            "the rest is missing or damaged and is not analysed."
        )
    if decoded.breaks_off:
        yield f"The file breaks off in the middle; the {length} that could be read are analysed."
    if decoded.skipped:
        yield f"{_counted(decoded.skipped, 'damaged piece')} could not be decoded and had to be left out."
    if decoded.gaps:
        yield (
            f"{decoded.gaps:.1f} s of sound are missing within the recording; silence stands in their place, "
            "so that times stay right."
        )
    if decoded.broken:
        yield f"{_counted(decoded.broken, 'sample')} held no valid number and became silence."
    if clipped > CLIPPED_SHARE:
        yield (
            f"The recording is clipped: {clipped:.1%} of its samples are at full scale, which makes voices "
            "look sharper than they were."
        )
    if speech < QUIET:
        yield (
            f"The recording is very quiet ({speech:.0f} dB re full scale where it is loudest), so noise may "
            "hide part of the voices."
        )
    if decoded.streams > 1:
        yield f"The file has {decoded.streams} sound tracks; only the one that players choose is analysed."
    if decoded.mixed:
        yield "The number of channels changes within the file; all of it was brought to that of the start."


def _length(decoded: Decoded) -> float:
    return float(decoded.samples.shape[1] / SAMPLE_RATE)


def _is_cut(decoded: Decoded) -> bool:
    """Whether the file claims clearly more than could be read."""
    if decoded.claimed is None:
        return False
    return decoded.claimed - _length(decoded) > max(MISSING, MISSING_SHARE * decoded.claimed)


def _remove_offset(samples: npt.NDArray[np.float32]) -> None:
    """Take a constant out of each channel, in place: it would count as level where nobody speaks."""
    for channel in samples:
        offset = float(channel.mean(dtype=np.float64))
        if abs(offset) > OFFSET:
            channel -= np.float32(offset)


def _levels(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Level of each whole FRAME in dB re full scale, of the loudest channel; -inf where it is constant."""
    step = round(FRAME * SAMPLE_RATE)
    chunk = round(CHUNK * SAMPLE_RATE)
    whole = samples.shape[1] // step * step
    power = np.concatenate(
        [
            samples[:, start : min(start + chunk, whole)].reshape(len(samples), -1, step).var(axis=2).max(axis=0)
            for start in range(0, whole, chunk)
        ]
    )
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(power.astype(np.float64)))


def _spoken(seconds: float) -> str:
    """ "41 s", or "1 h 02 min" from ten minutes on."""
    if seconds < 600:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
