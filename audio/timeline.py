"""Put decoded frames onto one timeline: float32, shape (channels, n), one rate, no drift.

In: PyAV's frames in any sample format, rate and number of channels, with their times in seconds. Out: the
samples at the rate asked for. Each block is resampled as it comes, so nothing is ever held at its own rate.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

Samples = npt.NDArray[np.float32]
Form = tuple[int, int, str, str]  # of a frame: rate in Hz, number of channels, their layout, sample format

BLOCK = 1.0  # seconds gathered before they are resampled: what fits a cache; 4 s take a tenth longer
ROOM = 8 * 3600.0  # seconds of all channels together, where the file does not say how long it is
GROWTH = 1.5  # how much larger the room becomes when it was too small
MOST_HOURS = 24  # of all channels together: 5.5 GB at 16 kHz, four times a session of six hours
LOWEST_RATE, HIGHEST_RATE = 4_000, 768_000  # Hz; telephones have 8000, studios end at 768000
MOST_CHANNELS = 16  # field recorders end there; a broken header may claim hundreds
GAP = 0.1  # seconds; timestamps of calls jitter by less, and nobody sees less on a timeline
LONGEST_GAPS = 600.0  # seconds in all; a paused call leaves minutes, a broken timestamp hours
LOUDEST = 10.0  # times full scale; no decoder overshoots by 20 dB: beyond are broken bytes, not sound
FULL_SCALE = 0.98  # a sample from here on counts as clipped; telephone's mu-law ends at 0.980


class Timeline:
    """The samples so far, and counts of what was odd on the way.

    rate: hertz of the result; expected: seconds that will come, as far as the file tells, else None.
    gaps: seconds of silence put where the times of frames left something out.
    counted, broken, clipped: samples seen; those that were NaN, infinite or beyond LOUDEST and are silence
        now; those at full scale before resampling.
    refused: frames of a rate or number of channels that no recording has.
    mixed: whether the number of channels changed on the way (all is brought to that of the start).
    """

    def __init__(self, rate: int, expected: float | None) -> None:
        self.rate = rate
        self.expected = expected
        self.source_rate = 0
        self.channels = 0
        self.gaps = 0.0
        self.counted = 0
        self.broken = 0
        self.clipped = 0
        self.refused = 0
        self.mixed = False
        self._samples: Samples = np.zeros((0, 0), np.float32)
        self._filled = 0  # samples, at `rate`
        self._form: Form | None = None  # of the frames in hand
        self._pending = AudioFifo()  # frames of that form, to be resampled together
        self._converter = AudioResampler()
        self._resampler: soxr.ResampleStream | None = None
        self._stretch_start = 0.0  # seconds; a stretch is sound of one form without a gap
        self._stretch_length = 0  # samples of one channel, at the rate of the frames
        self._shift = 0.0  # seconds between the file's times and ours, after a jump that was not followed

    @property
    def now(self) -> float:
        """Seconds that are on the timeline or waiting to be resampled."""
        if self._form is None:
            return self._filled / self.rate
        return self._stretch_start + self._stretch_length / self._form[0]

    def add(self, frame: AudioFrame, at: float | None) -> None:
        """Append a frame that starts `at` seconds, None where the file does not say.

        Raises MemoryError when the recording grows beyond MOST_HOURS.
        """
        form = (frame.sample_rate, frame.layout.nb_channels, frame.layout.name, frame.format.name)
        if not (LOWEST_RATE <= form[0] <= HIGHEST_RATE and 0 < form[1] <= MOST_CHANNELS):
            self.refused += 1
            return
        if at is not None:
            self._keep_time(at)
        if form != self._form:
            self._end_stretch()
            self._begin_stretch(form)
        frame.pts = None  # the queue would refuse frames that don't follow each other to the tick
        self._pending.write(frame)
        self._stretch_length += frame.samples
        if self._pending.samples >= BLOCK * form[0]:
            self._resample_pending(last=False)

    def finish(self) -> Samples:
        """Everything that was added, shape (channels, n). Nothing may be added afterwards."""
        self._end_stretch()
        return self._samples[:, : self._filled]

    def _keep_time(self, at: float) -> None:
        """Fill a gap with silence; where a jump cannot be a gap, take it for a broken timestamp."""
        ahead = at + self._shift - self.now
        if abs(ahead) <= GAP:
            return
        most = LONGEST_GAPS - self.gaps if self.expected is None else self.expected - self.now
        if not 0 < ahead <= most:
            self._shift -= ahead
            return
        self._end_stretch()
        self._advance(round((at + self._shift) * self.rate) - self._filled)
        self.gaps += ahead

    def _begin_stretch(self, form: Form) -> None:
        if not self.channels:
            self.source_rate, self.channels = form[:2]
            self._samples = np.zeros((self.channels, self._first_room()), np.float32)
        self.mixed |= form[1] != self.channels
        self._stretch_start = self._filled / self.rate
        self._form = form
        self._pending = AudioFifo()
        # Interleaved by FFmpeg: PyAV's planes of eight and more channels run on beyond the memory they have.
        self._converter = AudioResampler("flt")
        if form[0] != self.rate:
            self._resampler = soxr.ResampleStream(form[0], self.rate, self.channels, dtype="float32")

    def _end_stretch(self) -> None:
        if self._form is not None:
            self._resample_pending(last=True)
        self._form = None
        self._resampler = None
        self._stretch_length = 0

    def _resample_pending(self, *, last: bool) -> None:
        frame = self._pending.read()
        block = np.zeros((0, self.channels), np.float32)
        if frame is not None:
            block = self._checked(_with_channels(self._as_float(frame), self.channels))
        if self._resampler is not None:
            block = self._resampler.resample_chunk(block, last=last)
        start = self._filled
        self._advance(len(block))
        self._samples[:, start : self._filled] = block.T

    def _as_float(self, frame: AudioFrame) -> Samples:
        """A frame's samples as float32, shape (n, channels), full scale 1.0, whatever their format."""
        packed = [part.to_ndarray() for part in self._converter.resample(frame)]
        return np.concatenate(packed, axis=1, dtype=np.float32).reshape(-1, frame.layout.nb_channels)

    def _checked(self, block: Samples) -> Samples:
        """`block` with silence in place of what is no sound; counts that, and what is clipped."""
        self.counted += block.size
        size = np.abs(block)
        if size.max() < FULL_SCALE:  # nearly always; never true where there is a NaN
            return block
        sound = size <= LOUDEST
        self.clipped += int(np.count_nonzero(sound & (size >= FULL_SCALE)))
        self.broken += block.size - int(np.count_nonzero(sound))
        return np.where(sound, block, np.float32(0))

    def _advance(self, length: int) -> None:
        """Move on by `length` samples, which are silence until they are written; make room for them."""
        self._filled += length
        room = self._samples.shape[1]
        if self._filled <= room or not self.channels:
            return
        if self._filled > self._most_room():
            raise MemoryError
        room = min(self._most_room(), max(self._filled, round(room * GROWTH)))
        grown = np.zeros((self.channels, room), np.float32)
        grown[:, : self._samples.shape[1]] = self._samples
        self._samples = grown

    def _first_room(self) -> int:
        """Samples to make room for; too many are no waste, as memory is only taken up once it is written."""
        seconds = ROOM / self.channels if self.expected is None else self.expected + 1.0
        return min(self._most_room(), max(self._filled, round(seconds * self.rate)))

    def _most_room(self) -> int:
        return MOST_HOURS * 3600 * self.rate // self.channels


def _with_channels(block: Samples, channels: int) -> Samples:
    """`block`, shape (n, any), brought to (n, channels): mixed down and copied where the number differs."""
    if block.shape[1] == channels:
        return block
    return np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)
