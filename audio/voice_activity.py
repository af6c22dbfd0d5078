"""Where there is speech: mono float32 samples at 16 kHz in, spans in seconds out.

The judge is Silero's voice activity model, which comes as ONNX in the faster-whisper wheel. It passes over
speech that is far and soft, so the level is evened out before it listens. Everything goes by in blocks:
beside the samples, six hours need a few megabytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.conversation import Span
from audio.progress import Progress, tell_nobody
from audio.recording import SAMPLE_RATE
from audio.separation import runs

WINDOW = 512  # samples a probability stands for: Silero's own step at 16 kHz, 32 ms
BLOCK = 1875  # windows judged together: 60 s
WARM_UP = 32  # windows judged before a block and thrown away (1 s): the model remembers what it has heard

# The slow automatic gain. Chosen on real dialogues in a room with one partner made 20 dB softer: speech missed
# falls from 19 to 7 per cent, with no more false alarms.
TARGET = 0.1  # RMS that loud speech is brought to (-20 dB): what Silero hears best
MEMORY = 32  # windows (1 s): a soft "yeah" a second after a loud turn gets its own gain
REACH = 20.0  # dB; no sound is lifted more above the loud ones: below that lies the room's noise
LOUD = 95  # percentile of the window levels that counts as loud: what the gain refers to
SYLLABLE = 5  # windows (0.16 s) that a level is averaged over, so that a click lifts nothing
SILENCE = 1e-6  # RMS, -120 dB: keeps logarithms finite

# Silero's usual 0.5 / 0.35 loses soft ends and short answers; what it falsely adds here is breath and tails.
SPEECH_BEGINS = 0.35  # probability
SPEECH_ENDS = 0.2  # probability; a lower bar to stay than to begin keeps words whole
SHORTEST_SPEECH = 0.1  # seconds; a "mm" takes 0.15
HANGOVER = 0.3  # seconds; shorter silences are stops and breaths within a phrase
PADDING = 0.03  # seconds a side: the model alone is already 0.05 s early and 0.06 s late (median)


def speech_regions(samples: npt.NDArray[np.float32], *, progress: Progress | None = None) -> tuple[Span, ...]:
    """Find speech in `samples`, shape (n,), at SAMPLE_RATE; spans are sorted and apart, none where all is still.

    Source: Silero Team (2024), "Silero VAD: pre-trained enterprise-grade voice activity detector".
    """
    if samples.size == 0:
        return ()
    return _regions(speech_probability(samples, progress or tell_nobody), len(samples) / SAMPLE_RATE)


def speech_probability(samples: npt.NDArray[np.float32], progress: Progress) -> npt.NDArray[np.float32]:
    """Probability of speech in each window of 32 ms, shape (ceil(n / WINDOW),)."""
    from faster_whisper.vad import get_vad_model  # one thread; the model is loaded once a process

    model = get_vad_model()
    gain = _gain(_levels(samples))
    blocks = []
    for first in range(0, len(gain), BLOCK):
        warm = min(first, WARM_UP)
        windows = slice(first - warm, min(first + BLOCK, len(gain)))
        blocks.append(model(_evened(samples, gain, windows)).reshape(-1)[warm:])
        progress(windows.stop / len(gain))
    return np.concatenate(blocks)


def _levels(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """RMS of each window."""
    levels = []
    for first in range(0, len(samples), BLOCK * WINDOW):
        block = _whole_windows(samples[first : first + BLOCK * WINDOW])
        levels.append(np.sqrt(np.square(block.reshape(-1, WINDOW)).mean(axis=1)))
    return np.concatenate(levels).astype(np.float64)


def _gain(levels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Factor for each window that brings the loudest syllable around it to TARGET, within REACH."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    envelope = uniform_filter1d(maximum_filter1d(uniform_filter1d(levels, SYLLABLE), MEMORY), MEMORY)
    lowest = max(float(np.percentile(levels, LOUD)) * 10 ** (-REACH / 20), SILENCE)
    return np.asarray(TARGET / np.maximum(envelope, lowest))


def _evened(samples: npt.NDArray[np.float32], gain: npt.NDArray[np.float64], windows: slice) -> npt.NDArray[np.float32]:
    """A copy of those windows of `samples` (whole ones, zeros behind the end), gain applied and limited."""
    block = _whole_windows(samples[windows.start * WINDOW : windows.stop * WINDOW])
    centres = (np.arange(windows.start, windows.stop) + 0.5) * WINDOW
    places = windows.start * WINDOW + np.arange(len(block))
    evened = block * np.interp(places, centres, gain[windows])
    return np.asarray(np.clip(evened, -1.0, 1.0), dtype=np.float32)


def _whole_windows(block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.pad(block, (0, -len(block) % WINDOW))


def _regions(probability: npt.NDArray[np.float32], duration: float) -> tuple[Span, ...]:
    """Spans of speech: hysteresis, short ones dropped, padded, near ones joined."""
    step = WINDOW / SAMPLE_RATE
    regions: list[Span] = []
    for first, last in runs(probability >= SPEECH_ENDS):
        clear = np.flatnonzero(probability[first:last] >= SPEECH_BEGINS)
        if clear.size == 0 or (last - first - clear[0]) * step < SHORTEST_SPEECH:
            continue
        region = Span(max(0.0, (first + int(clear[0])) * step - PADDING), min(duration, last * step + PADDING))
        if regions and region.start - regions[-1].end < HANGOVER:
            region = Span(regions.pop().start, region.end)
        regions.append(region)
    return tuple(regions)
