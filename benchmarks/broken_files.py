"""Make recordings of many formats, and break them: what benchmarks/fuzz.py opens.

In: a folder, a count and a seed. Out: `Case`s, files in that folder with damage of the kinds in DAMAGES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from av.audio.stream import AudioStream

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "evening.ogg"
SECONDS = 30.0  # of each whole file: three times the shortest that is analysed
ENDINGS = (".wav", ".mp3", ".ogg", ".m4a", ".webm", ".flac", ".amr", ".txt", ".m3u8", "")


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged file: which whole file it was and what was done to it."""

    path: Path
    whole: str
    damage: str


def make_cases(folder: Path, count: int, seed: int) -> list[Case]:
    """`count` damaged files in `folder`; the same for the same seed."""
    rng = np.random.default_rng(seed)
    whole = [path.read_bytes() for path in sorted(whole_files(folder))]
    names = [path.name for path in sorted(folder.iterdir())]
    cases = []
    for number in range(count):
        chosen = int(rng.integers(len(whole)))
        damage = list(DAMAGES)[number % len(DAMAGES)]
        other = whole[int(rng.integers(len(whole)))]
        content = DAMAGES[damage](whole[chosen], other, rng)
        ending = str(rng.choice(ENDINGS)) if damage == "wrong ending" else Path(names[chosen]).suffix
        path = folder / f"case{number:04}{ending}"
        path.write_bytes(content)
        cases.append(Case(path, names[chosen], damage))
    return cases


def cut_short(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """The first part of the file, of any length."""
    return content[: rng.integers(len(content))]


def flip_header_bits(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """A few bits turned over among the first 400 bytes."""
    return _with_flips(content, rng.integers(min(400, len(content)), size=rng.integers(1, 12)), rng)


def flip_bits(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Bits turned over anywhere, from a few to thousands."""
    return _with_flips(content, rng.integers(len(content), size=int(10 ** rng.uniform(0.5, 3.5))), rng)


def flip_index_bits(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Bits turned over in the last tenth, where mp4 keeps its index and Ogg its last times."""
    places = rng.integers(len(content) * 9 // 10, len(content), size=rng.integers(1, 40))
    return _with_flips(content, places, rng)


def remove_block(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """A stretch left out."""
    start, end = _stretch(content, rng)
    return content[:start] + content[end:]


def insert_block(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """A stretch of random bytes, or of another file, put in."""
    start, end = _stretch(content, rng)
    block = rng.bytes(end - start) if rng.random() < 0.5 else other[start:end]
    return content[:start] + block + content[start:]


def zero_block(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """A stretch of zeros, as a disk that was full leaves behind."""
    start, end = _stretch(content, rng)
    return content[:start] + bytes(end - start) + content[end:]


def join(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Two files, of one kind or two, one after the other."""
    return content + other


def leave_whole(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """No damage: the file gets the ending of another kind."""
    return content


def misstate_form(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """A WAV header of the right shape with any rate, number of channels, bits and codec."""
    rate = _often(44_100, [0, 1, 50, 4_000, 7_999, 12_345, 192_000, 700_000, 2**31, 2**32 - 1], rng)
    channels = _often(2, [0, 1, 3, 5, 7, 16, 17, 255, 65_535], rng)
    bits = _often(16, [0, 1, 7, 8, 12, 24, 32, 64, 65_535], rng)
    codec = _often(1, [2, 3, 6, 7, 17, 85, 255, 65_534], rng)
    frame = min(65_535, max(1, channels * bits // 8))
    second = min(2**32 - 1, rate * frame)
    fields = [(codec, 2), (channels, 2), (rate, 4), (second, 4), (frame, 2), (bits, 2)]
    form = b"".join(number.to_bytes(size, "little") for number, size in fields)
    sound = content[:2_000_000]
    body = b"WAVEfmt " + len(form).to_bytes(4, "little") + form + b"data" + len(sound).to_bytes(4, "little")
    return b"RIFF" + (len(body) + len(sound)).to_bytes(4, "little") + body + sound


def make_up(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Random bytes behind the true beginning of the file, or behind none."""
    return content[: rng.choice([0, 4, 16, 64, 512])] + rng.bytes(int(rng.integers(1, 500_000)))


DAMAGES: dict[str, Callable[[bytes, bytes, np.random.Generator], bytes]] = {
    "truncated": cut_short,
    "bits flipped": flip_bits,
    "header bits flipped": flip_header_bits,
    "index bits flipped": flip_index_bits,
    "block removed": remove_block,
    "block inserted": insert_block,
    "block zeroed": zero_block,
    "two files joined": join,
    "wrong ending": leave_whole,
    "odd rate, channels": misstate_form,
    "random bytes": make_up,
}


def _often(usual: int, odd: list[int], rng: np.random.Generator) -> int:
    """`usual` in two cases of three, otherwise one of `odd`."""
    return usual if rng.random() < 2 / 3 else int(rng.choice(odd))


def _stretch(content: bytes, rng: np.random.Generator) -> tuple[int, int]:
    start = int(rng.integers(len(content)))
    return start, start + int(10 ** rng.uniform(0.0, 5.3))


def _with_flips(content: bytes, places: npt.NDArray[np.int64], rng: np.random.Generator) -> bytes:
    damaged = bytearray(content)
    for place in places:
        damaged[place] ^= 1 << int(rng.integers(8))
    return bytes(damaged)


def whole_files(folder: Path) -> Iterator[Path]:
    """One sound of SECONDS in many containers, codecs, rates and numbers of channels."""
    for name, form, subtype, rate, channels in (
        ("pcm16.wav", "WAV", "PCM_16", 44_100, 2),
        ("float.wav", "WAV", "FLOAT", 48_000, 1),
        ("pcm24.wav", "WAVEX", "PCM_24", 96_000, 6),
        ("ulaw.wav", "WAV", "ULAW", 8_000, 1),
        ("adpcm.wav", "WAV", "MS_ADPCM", 22_050, 1),
        ("pcm.rf64", "RF64", "PCM_16", 16_000, 1),
        ("pcm.w64", "W64", "PCM_32", 11_025, 1),
        ("pcm.aiff", "AIFF", "PCM_16", 32_000, 2),
        ("pcm.caf", "CAF", "PCM_16", 44_100, 1),
        ("pcm.au", "AU", "DOUBLE", 16_000, 1),
        ("a.flac", "FLAC", "PCM_16", 48_000, 2),
        ("vorbis.ogg", "OGG", "VORBIS", 44_100, 2),
        ("opus.ogg", "OGG", "OPUS", 48_000, 1),
        ("a.mp3", "MP3", "MPEG_LAYER_III", 44_100, 2),
        ("low.mp3", "MP3", "MPEG_LAYER_III", 16_000, 1),
    ):
        sound = np.stack([voice(rate)] * channels, axis=1)
        soundfile.write(folder / name, sound, rate, format=form, subtype=subtype)
        yield folder / name
    for name, container, codec, rate in (
        ("aac.m4a", "ipod", "aac", 44_100),
        ("alac.m4a", "ipod", "alac", 44_100),
        ("a.mp4", "mp4", "aac", 48_000),
        ("a.mov", "mov", "pcm_s16le", 48_000),
        ("a.aac", "adts", "aac", 32_000),
        ("a.webm", "webm", "libopus", 48_000),
        ("pcm.mka", "matroska", "pcm_s16le", 44_100),
        ("a.ts", "mpegts", "mp2", 44_100),
        ("a.avi", "avi", "libmp3lame", 44_100),
        ("a.flv", "flv", "aac", 44_100),
        ("a.asf", "asf", "libmp3lame", 44_100),
        ("a.wv", "wv", "wavpack", 44_100),
        ("a.ac3", "ac3", "ac3", 48_000),
        ("a.amr", "amr", "libopencore_amrnb", 8_000),
    ):
        encode(folder / name, container, codec, rate)
        yield folder / name


def voice(rate: int) -> npt.NDArray[np.float64]:
    """The first SECONDS of a sample conversation at `rate` Hz, shape (n,)."""
    samples, own_rate = soundfile.read(SAMPLE, stop=round(SECONDS * 16_000))
    spoken: npt.NDArray[np.float64] = soxr.resample(samples, own_rate, rate)
    return spoken


def encode(path: Path, container: str, codec: str, rate: int) -> None:
    """Write `voice` by PyAV, mono."""
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)
        sound = av.AudioFrame.from_ndarray(voice(rate).astype(np.float32)[np.newaxis], "fltp", "mono")
        sound.sample_rate = rate
        step = stream.codec_context.frame_size or 1024  # none of its own where it does not compress
        converter = av.AudioResampler(stream.codec_context.format, "mono", rate, step)
        for frame in (*converter.resample(sound), *converter.resample(None)):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
