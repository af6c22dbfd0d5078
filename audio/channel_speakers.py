"""The channels engine: a recording whose channels carry one partner each, as two headsets or two lines give.

In: a recording and its spans of speech (of the mix). Out: a Separation that names the channel of each speaker.
Whether channels carry one partner each is read off the sound, never assumed: when somebody speaks, one channel
must be clearly louder than the rest, and each such channel must have its time. Also here: `mixdown`, for all
recordings of which that is not true. Levels are decibels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.conversation import Span, Turn
from audio.errors import SpeakersError
from audio.progress import Progress, tell_nobody
from audio.recording import SAMPLE_RATE, Recording
from audio.separation import (
    PAUSE,
    Separation,
    SpeakerRequest,
    bridged,
    frame_mask,
    numbered,
    runs,
)
from audio.voice_activity import speech_regions

STEP = 0.02  # seconds between levels
SMOOTHING = 9  # steps (0.18 s, a syllable) that a level is averaged over
BLOCK = 60 * SAMPLE_RATE  # samples looked at together, which bounds the memory
SILENCE = 1e-10  # power, -100 dB: keeps logarithms finite

DEAD = -40.0  # dB re the loudest channel; a channel below carries no microphone that was spoken into
QUIET = 10  # percentile of the levels outside of speech taken for the noise of a channel
ABOVE_NOISE = 6.0  # dB; frames nearer to the noise say nothing about who speaks
OWN_MARGIN = 4.0  # dB that a channel is louder than all others when its partner speaks. Voices panned by a mixer,
# or two microphones in one room, stay below; headsets with -6 dB of leakage give 6, usual ones 20 and more
CLEAR_SHARE = 0.8  # of the frames of speech that must have such an owner; talk at the same time has none
LEAST_SHARE = 0.02  # of them that a channel owns if it carries a partner: somebody who hardly speaks
LARGEST_GAIN = 12.0  # dB by which a partner's channel may be softer than the other's
SAME_MIX = 0.97  # correlation; two channels above carry the same sound
ANTI_PHASE = -0.5  # correlation with the loudest channel below which a channel is upside down

SHORTEST_TURN = 0.15  # seconds; a shorter rise is a knock or a consonant that leaks
SHORTEST_DIP = 0.2  # seconds; shorter ones lie within a word

Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Carriers:
    """The channels that carry one partner each.

    channels: their indices, shape (c,).
    levels: shape (c, steps), dB without the noise, gains evened out.
    active: shape (c, steps), where there is more in a channel than its noise.
    owner: shape (steps,), the row whose partner alone is heard, -1 where that is not clear.
    """

    channels: npt.NDArray[np.int64]
    levels: Levels
    active: npt.NDArray[np.bool_]
    owner: npt.NDArray[np.int64]


def unavailable() -> str | None:
    """The channels engine runs wherever Undertone is installed."""
    return None


def unfit(recording: Recording, regions: Sequence[Span], request: SpeakerRequest) -> str | None:
    """Why the channels of `recording` do not tell its speakers apart, in one sentence; None when they do."""
    try:
        found = carriers(recording, regions)
    except SpeakersError as error:
        return str(error)
    if len(found.channels) < request.count:
        return f"{len(found.channels)} channels carry a voice of their own, but {request.count} speakers are expected."
    return None


def channel_speakers(
    recording: Recording, regions: Sequence[Span], request: SpeakerRequest, progress: Progress = tell_nobody
) -> Separation:
    """Give each channel's speech, less what leaks in from the others, to a speaker of its own.

    Where partners talk at the same time both have a turn. Raises SpeakersError where `carriers` does.
    """
    found = carriers(recording, regions)
    turns: list[Turn] = []
    for row, channel in enumerate(found.channels):
        heard = speech_regions(recording.samples[channel])
        turns += [Turn(span.start, span.end, str(channel)) for span in _own_spans(found, row, heard)]
        progress((row + 1) / len(found.channels))
    named, names = numbered(bridged(turns, PAUSE))
    more = len(names) - request.count
    notes = (f"{len(names)} channels carry a voice, {more} more than expected: all are kept.",) if more > 0 else ()
    return Separation(
        named,
        tuple(names.values()),
        "channels",
        {name: int(channel) for channel, name in names.items()},
        notes,
    )


def carriers(recording: Recording, regions: Sequence[Span]) -> Carriers:
    """Find the channels of `recording` that carry one partner each, while there is speech in `regions`.

    Raises SpeakersError, with a sentence that says what the channels hold instead.
    """
    if recording.channels == 1:
        raise SpeakersError("The recording has a single channel.")
    raw, above_noise = _levels(recording)
    speech = frame_mask(regions, raw.shape[1], STEP) & (above_noise.max(axis=0) > ABOVE_NOISE)
    if not speech.any():
        raise SpeakersError(f"No speech was found in {recording.path.name}.")
    share = np.bincount(raw[:, speech].argmax(axis=0), minlength=recording.channels) / speech.sum()
    channels = np.flatnonzero(share >= LEAST_SHARE)
    if len(channels) < 2:
        raise SpeakersError(_what_is_mixed(recording, "One channel is the loudest whoever speaks."))
    levels = _evened(raw[channels], speech)
    ranked = np.sort(levels, axis=0)
    clear = speech & (ranked[-1] - ranked[-2] >= OWN_MARGIN)
    owner = np.where(clear, levels.argmax(axis=0), -1)
    owned = np.bincount(owner[clear], minlength=len(channels)) / speech.sum()
    if owned.sum() < CLEAR_SHARE or (owned < LEAST_SHARE).any():
        raise SpeakersError(_what_is_mixed(recording, "Each voice is heard in more than one channel."))
    return Carriers(channels, levels, above_noise[channels] > ABOVE_NOISE, owner)


def mixdown(recording: Recording) -> npt.NDArray[np.float32]:
    """One channel of all, shape (n,): dead channels are left out and ones that are upside down turned over."""
    if recording.channels == 1:
        return np.asarray(recording.samples[0])
    power = np.array([float(np.dot(channel, channel)) for channel in recording.samples])
    alive = np.flatnonzero(power >= power.max() * 10 ** (DEAD / 10))
    loudest = recording.samples[power.argmax()]
    mix = np.zeros(recording.samples.shape[1], dtype=np.float32)
    for channel in alive:
        samples = recording.samples[channel]
        sign = -1 if _correlation(samples, loudest) < ANTI_PHASE else 1
        mix += np.float32(sign / len(alive)) * samples
    mix.flags.writeable = False
    return mix


def _correlation(samples: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    size = float(np.sqrt(np.dot(samples, samples) * np.dot(other, other)))
    return float(np.dot(samples, other)) / size if size else 0.0


def _what_is_mixed(recording: Recording, otherwise: str) -> str:
    loudest, second = sorted(recording.samples, key=lambda channel: -float(np.dot(channel, channel)))[:2]
    same = abs(_correlation(loudest, second)) >= SAME_MIX
    return "The channels carry the same mix of all voices." if same else otherwise


def _levels(recording: Recording) -> tuple[Levels, Levels]:
    """Levels of all channels in dB with their noise taken away, and in dB above that noise; (channels, steps)."""
    from scipy.ndimage import uniform_filter1d

    power = np.stack([uniform_filter1d(_power(channel), SMOOTHING) for channel in recording.samples]) + SILENCE
    noise = np.percentile(power, QUIET, axis=1, keepdims=True)
    clean = np.maximum(power - noise, noise / 4)
    return 10 * np.log10(clean), 10 * np.log10(power / noise)


def _power(samples: npt.NDArray[np.float32]) -> Levels:
    """Mean square of each STEP of one channel."""
    hop = round(STEP * SAMPLE_RATE)
    whole = samples[: len(samples) // hop * hop]
    blocks = [np.square(whole[at : at + BLOCK].reshape(-1, hop)).mean(axis=1) for at in range(0, len(whole), BLOCK)]
    return np.concatenate(blocks).astype(np.float64)


def _evened(levels: Levels, speech: npt.NDArray[np.bool_]) -> Levels:
    """`levels` with the softer channels raised until their own partner's loud speech is as loud as the loudest."""
    owner = levels.argmax(axis=0)
    loud = np.array([np.percentile(row[speech & (owner == at)], 95) for at, row in enumerate(levels)])
    return np.asarray(levels + np.minimum(loud.max() - loud, LARGEST_GAIN)[:, None])


def _own_spans(found: Carriers, row: int, heard: Sequence[Span]) -> list[Span]:
    """The parts of the speech `heard` in a channel that its own partner says.

    A frame belongs to the partner if it is louder, re each other channel, than half (in dB) of what leaks from
    there; where a channel falls back to its noise the two come close, and it belongs to nobody.
    """
    steps = found.levels.shape[1]
    own = frame_mask(heard, steps, STEP) & found.active[row]
    for other in range(len(found.channels)):
        alone = found.owner == other
        if other == row or not alone.any():
            continue
        difference = found.levels[row] - found.levels[other]
        own &= difference > np.median(difference[alone]) / 2
    for first, last in runs(~own):
        if first > 0 and last < steps and (last - first) * STEP < SHORTEST_DIP:
            own[first:last] = True
    return [Span(first * STEP, last * STEP) for first, last in runs(own) if (last - first) * STEP >= SHORTEST_TURN]
