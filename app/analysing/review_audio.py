"""The sound that the review app plays: any recording as Opus in WebM, on the timeline of the analysis.

In: a recording as `audio.decoder` reads it. Out: a file in which a browser seeks exactly, one or two channels at
48 kHz. Nothing is held in memory beyond a frame. Gaps are filled by the rule of `audio.timeline`, so that a moment is
heard where it was found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from audio.decoder import CONTAINERS, READ_ATTEMPTS, shown_name
from audio.errors import RecordingError
from audio.progress import Progress, tell_nobody
from audio.timeline import GAP, LONGEST_GAPS

RATE = 48_000  # Hz, the rate that Opus has within
BITS_A_SECOND = 32_000  # of each channel: speech without a flaw that a coach would hear, 14 MB an hour
EFFORT = "5"  # of 10: a third of the time of the most, and no ear tells the difference in speech
SILENCE_AT_ONCE = RATE  # samples
TOLD_EVERY = 0.01  # of the recording


def write_review_audio(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Write `source` as Opus in WebM, whole or not at all; `progress` is told the share that is done, 0 to 1.

    Raises RecordingError when nothing can be decoded.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _write(source, part, progress or tell_nobody)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except av.error.FFmpegError:
        raise RecordingError(f"No sound to play could be made of {shown_name(source)}: choose another file.") from None
    finally:
        part.unlink(missing_ok=True)


def _write(source: Path, part: Path, progress: Progress) -> None:
    with (
        av.open(str(source.absolute()), options={"format_whitelist": CONTAINERS}) as recording,
        av.open(str(part), "w", format="webm") as review,
    ):
        stream = recording.streams.best("audio")
        if not isinstance(stream, AudioStream):
            raise RecordingError(f"{shown_name(source)} has no sound in it: choose a file with sound.")
        layout = "mono" if stream.channels == 1 else "stereo"
        opus = review.add_stream("libopus", rate=RATE, layout=layout, options={"compression_level": EFFORT})
        opus.bit_rate = BITS_A_SECOND * opus.layout.nb_channels
        size, told, written = source.stat().st_size, 0.0, 0
        for frame, position in _on_one_timeline(recording, stream, layout):
            frame.pts = written
            written += frame.samples
            review.mux(opus.encode(frame))
            if position / size >= told + TOLD_EVERY:
                told = position / size
                progress(min(1.0, told))
        review.mux(opus.encode(None))
    if not written:
        raise RecordingError(f"No sound could be decoded from {shown_name(source)}: choose another file.")
    progress(1.0)


def _on_one_timeline(recording: InputContainer, stream: AudioStream, layout: str) -> Iterator[tuple[AudioFrame, int]]:
    """Frames at RATE that follow one another without a gap, each with the place in the file (bytes) it came from."""
    resampler, form = AudioResampler("flt", layout, RATE), None
    expected = None if recording.duration is None else recording.duration / av.time_base
    origin = None if recording.start_time is None else recording.start_time / av.time_base
    now = shift = gaps = 0.0  # seconds
    position = 0
    for frame, place in _decoded(recording, stream):
        position = max(position, place)
        if origin is None:
            origin = frame.time or 0.0
        ahead = 0.0 if frame.time is None else frame.time - origin + shift - now
        gap = _gap(ahead, LONGEST_GAPS - gaps if expected is None else expected - now)
        shift -= ahead if abs(ahead) > GAP and not gap else 0.0
        new_form = (frame.sample_rate, frame.layout.name, frame.format.name)
        if form is not None and (gap or new_form != form):
            yield from ((rest, position) for rest in resampler.resample(None))
            resampler = AudioResampler("flt", layout, RATE)
        form = new_form
        yield from ((silence, position) for silence in _silence(gap, layout))
        gaps += gap
        now += gap + frame.samples / frame.sample_rate
        frame.pts = None
        yield from ((_sound(ready, layout), position) for ready in resampler.resample(frame))
    if form is not None:
        yield from ((rest, position) for rest in resampler.resample(None))


def _gap(ahead: float, most: float) -> float:
    """Seconds to fill where a frame comes `ahead` of time; a jump of more than `most` is a broken timestamp."""
    return ahead if GAP < ahead <= most else 0.0


def _decoded(recording: InputContainer, stream: AudioStream) -> Iterator[tuple[AudioFrame, int]]:
    """The frames of a stream with the place of their packet in the file, in bytes; what is damaged is left out."""
    failures = 0
    while failures < READ_ATTEMPTS:
        try:
            for packet in recording.demux(stream):
                failures = 0
                yield from ((frame, packet.pos or 0) for frame in _frames(packet))
            return
        except (av.error.FFmpegError, IndexError):
            failures += 1


def _frames(packet: av.Packet[AudioStream]) -> list[AudioFrame]:
    try:
        return packet.decode()
    except (av.error.FFmpegError, ValueError):
        return []


def _silence(seconds: float, layout: str) -> Iterator[AudioFrame]:
    left = round(seconds * RATE)
    while left > 0:
        samples = min(left, SILENCE_AT_ONCE)
        yield _frame(np.zeros((1, samples * (1 if layout == "mono" else 2)), np.float32), layout)
        left -= samples


def _sound(frame: AudioFrame, layout: str) -> AudioFrame:
    """The frame, with silence in place of what is no number: an encoder would make noise of it."""
    samples = frame.to_ndarray()
    if np.isfinite(samples).all():
        return frame
    return _frame(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), layout)


def _frame(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]], layout: str) -> AudioFrame:
    frame = AudioFrame.from_ndarray(samples, format="flt", layout=layout)
    frame.sample_rate = RATE
    return frame
