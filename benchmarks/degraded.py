"""What recordings go through: level, noise, other people's talk, codecs, the telephone, rooms, a moved microphone.

In: float32 samples of one channel at 16 kHz, shape (n,), full scale 1.0. Out: the same shape and the same timing,
as they would have been recorded under the condition; beyond full scale they are clipped. Every condition is a
pure function in CONDITIONS: what is random is seeded, so the same samples give the same result.

Ratios of speech to noise are those of the active speech level, in the manner of ITU-T P.56: pauses don't count.
Noise that the recording already holds comes on top.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import av
import numpy as np
import numpy.typing as npt
import scipy.fft
import soxr
from av.audio.stream import AudioStream
from scipy import signal

from audio.recording import SAMPLE_RATE

Samples = npt.NDArray[np.float32]
Condition = Callable[[Samples], Samples]

SEED = 3
FULL_SCALE = 1.0

LEVEL_FRAME = 0.03  # seconds
ACTIVE_MARGIN = 15.9  # dB below the active level where speech ends (ITU-T P.56)
LOWEST_PINK = 20.0  # Hz; pink noise is flat below, where nothing is heard and its power would have no bound

# Babble: the recording backwards, at speeds that make other people of the two voices. Six are enough for no voice
# to stand out and for no pause to be common to all; backwards, no word is left.
BABBLE_SPEEDS = (0.79, 0.86, 0.93, 1.09, 1.17, 1.27)

# FFmpeg's codecs, each in a container that tells its delay, so that the decoder takes it away: cross-correlated with
# the original, both come back in time to the sample.
MP3, OPUS = ("libmp3lame", "mp3"), ("libopus", "ogg")

TELEPHONE = (300.0, 3400.0)  # Hz (ITU-T G.712)
TELEPHONE_ORDER = 6  # run forwards and backwards: 72 dB an octave, and no delay

ROOM_VOLUME = 50.0  # cubic metres, a living room
DIRECTIVITY = 2.0  # a mouth sends that many times as much to the front as it does on average
DISTANCE = 1.0  # metres from mouth to recorder: it lies on the table between them
FIRST_ECHO = 0.005  # seconds after the direct sound: the table, a wall
CRITICAL_DISTANCE = (
    0.057  # times sqrt(directivity * volume / T60): metres where echo equals direct sound (Kuttruff 2009)
)

DRIFT, DRIFT_PERIOD = 6.0, 240.0  # dB up and down, seconds: a recorder's gain that follows the talk of minutes

MOVED, DULLER, DULL_FROM = -8.0, -8.0, 3000.0  # dB in all, dB more above, Hz: a phone pushed aside, or into a pocket
MOVING = 1.0  # seconds that it takes


class CodecError(Exception):
    """The codec of a condition is missing in this build of FFmpeg; the text says which."""


def active_level(samples: Samples) -> float:
    """Level of the speech in `samples`, in dB re full scale: the mean power of the frames that belong to it.

    Those are the frames no more than ACTIVE_MARGIN below the result, found by repetition (after ITU-T P.56).
    """
    hop = round(LEVEL_FRAME * SAMPLE_RATE)
    power = np.square(samples[: len(samples) // hop * hop].reshape(-1, hop), dtype=np.float64).mean(axis=1)
    level, before = power.mean(), -1.0
    while level != before:  # each time the threshold rises, frames fall out: it ends
        before, level = level, power[power >= level * 10 ** (-ACTIVE_MARGIN / 10)].mean()
    return float(10 * np.log10(level))


def with_gain(samples: Samples, *, gain: float) -> Samples:
    """`gain` dB louder."""
    return _recorded(samples * 10 ** (gain / 20))


def with_white_noise(samples: Samples, *, ratio: float) -> Samples:
    """White noise, `ratio` dB below the speech."""
    return _with_noise(samples, _white(len(samples)), ratio)


def with_pink_noise(samples: Samples, *, ratio: float) -> Samples:
    """Noise with equal power in every octave, as of a fan or a street, `ratio` dB below the speech."""
    length = scipy.fft.next_fast_len(len(samples), real=True)
    hertz = scipy.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    spectrum = scipy.fft.rfft(_white(length)) / np.sqrt(np.maximum(hertz, LOWEST_PINK))
    return _with_noise(samples, scipy.fft.irfft(spectrum, length)[: len(samples)], ratio)


def with_babble(samples: Samples, *, ratio: float) -> Samples:
    """Six other people talking, `ratio` dB below the speech: the recording backwards at BABBLE_SPEEDS."""
    babble = np.zeros(len(samples))
    for place, speed in enumerate(BABBLE_SPEEDS):
        voice = soxr.resample(samples[::-1], SAMPLE_RATE * speed, SAMPLE_RATE)
        babble += np.resize(np.roll(voice, len(voice) * place // len(BABBLE_SPEEDS)), len(samples))
    return _with_noise(samples, babble, ratio)


def through_codec(samples: Samples, *, codec: tuple[str, str], bit_rate: int) -> Samples:
    """Encoded at `bit_rate` bits a second and decoded again. Raises CodecError where the codec is missing."""
    decoded = _decoded(_encoded(samples, *codec, bit_rate))[: len(samples)]
    return _recorded(np.pad(decoded, (0, len(samples) - len(decoded))))


def through_telephone(samples: Samples) -> Samples:
    """Only what a telephone lets through."""
    band = signal.butter(TELEPHONE_ORDER, TELEPHONE, "bandpass", fs=SAMPLE_RATE, output="sos")
    return _recorded(signal.sosfiltfilt(band, samples))


def in_room(samples: Samples, *, decay: float) -> Samples:
    """At DISTANCE in a room whose echo falls by 60 dB in `decay` seconds: direct sound, then noise that decays."""
    length = round(decay * SAMPLE_RATE)
    echo = _white(length) * 10 ** (-3 * np.arange(length) / length)
    echo[: round(FIRST_ECHO * SAMPLE_RATE)] = 0
    critical = CRITICAL_DISTANCE * np.sqrt(DIRECTIVITY * ROOM_VOLUME / decay)
    response = echo / np.linalg.norm(echo) * DISTANCE / critical
    response[0] = 1.0
    response /= np.linalg.norm(response)  # keeps the level of the whole
    return _recorded(signal.oaconvolve(samples, response)[: len(samples)])


def with_drifting_gain(samples: Samples) -> Samples:
    """Louder and softer by DRIFT every DRIFT_PERIOD."""
    gain = DRIFT * np.sin(2 * np.pi * np.arange(len(samples)) / (DRIFT_PERIOD * SAMPLE_RATE))
    return _recorded(samples * 10 ** (gain / 20))


def with_moved_microphone(samples: Samples) -> Samples:
    """From the middle on MOVED softer, and DULLER from DULL_FROM on."""
    low = signal.sosfiltfilt(signal.butter(1, DULL_FROM, fs=SAMPLE_RATE, output="sos"), samples)
    away = 10 ** (MOVED / 20) * (low + 10 ** (DULLER / 20) * (samples - low))
    seconds = (np.arange(len(samples)) - len(samples) / 2) / SAMPLE_RATE
    share = np.interp(seconds, (0, MOVING), (0, 1))
    return _recorded((1 - share) * samples + share * away)


CONDITIONS: dict[str, Condition] = {
    "gain -20 dB": partial(with_gain, gain=-20.0),
    "gain +10 dB, clipped": partial(with_gain, gain=10.0),
    "white noise, 20 dB": partial(with_white_noise, ratio=20.0),
    "white noise, 10 dB": partial(with_white_noise, ratio=10.0),
    "pink noise, 20 dB": partial(with_pink_noise, ratio=20.0),
    "pink noise, 10 dB": partial(with_pink_noise, ratio=10.0),
    "babble, 20 dB": partial(with_babble, ratio=20.0),
    "babble, 10 dB": partial(with_babble, ratio=10.0),
    "mp3, 32 kbit/s": partial(through_codec, codec=MP3, bit_rate=32_000),
    "Opus, 16 kbit/s": partial(through_codec, codec=OPUS, bit_rate=16_000),
    "telephone band": through_telephone,
    "room, 0.5 s": partial(in_room, decay=0.5),
    "room, 0.8 s": partial(in_room, decay=0.8),
    "drifting gain": with_drifting_gain,
    "moved microphone": with_moved_microphone,
}


def _recorded(samples: npt.NDArray[np.floating]) -> Samples:
    """What a recorder keeps."""
    return np.asarray(np.clip(samples, -FULL_SCALE, FULL_SCALE), np.float32)


def _white(length: int) -> npt.NDArray[np.float64]:
    noise: npt.NDArray[np.float64] = np.random.default_rng(SEED).standard_normal(length)
    return noise


def _with_noise(samples: Samples, noise: npt.NDArray[np.float64], ratio: float) -> Samples:
    own = 10 * np.log10(np.mean(np.square(noise)))
    return _recorded(samples + noise * 10 ** ((active_level(samples) - ratio - own) / 20))


def _encoded(samples: Samples, codec: str, container: str, bit_rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        try:
            stream = out.add_stream(codec, rate=SAMPLE_RATE, layout="mono")
        except av.codec.codec.UnknownCodecError:
            raise CodecError(f"This build of PyAV has no encoder {codec}.") from None
        assert isinstance(stream, AudioStream)
        stream.bit_rate = bit_rate
        sound = av.AudioFrame.from_ndarray(samples[np.newaxis], "fltp", "mono")
        sound.sample_rate = SAMPLE_RATE
        converter = av.AudioResampler(stream.codec_context.format, "mono", SAMPLE_RATE, stream.codec_context.frame_size)
        for frame in (*converter.resample(sound), *converter.resample(None)):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def _decoded(content: bytes) -> npt.NDArray[np.float32]:
    """The first channel at SAMPLE_RATE."""
    with av.open(io.BytesIO(content), "r") as file:
        converter = av.AudioResampler("fltp")
        frames = [part for frame in file.decode(audio=0) for part in converter.resample(frame)]
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return np.asarray(soxr.resample(samples, frames[0].sample_rate, SAMPLE_RATE), np.float32)
