"""Recordings for benchmarks/batch.py: talks of the bench, begun again until they are long enough, with their words.

In: a folder with recordings and transcripts beside them. Out: FLAC files of one length, no two of them the same, with a
.vtt each that says what is said and not by whom, so that the voices have to be told apart. Lengths are seconds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import webvtt

from audio.recording import SAMPLE_RATE, open_recording

QUIETER = 0.98  # from one recording to the next


def make_recordings(source: Path, folder: Path, count: int, seconds: float) -> list[Path]:
    """`count` recordings in `folder`."""
    talks = sorted(source.glob("*.ogg"))
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        talk = talks[number % len(talks)]
        once = open_recording(talk).samples[0] * np.float32(QUIETER**number)
        samples = np.resize(once, round(seconds * SAMPLE_RATE))
        path = folder / f"session {number + 1:02}.flac"
        soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
        _write_words(talk.with_suffix(".vtt"), len(once) / SAMPLE_RATE, seconds, path.with_suffix(".vtt"))
        made.append(path)
    return made


def spoil(paths: list[Path], seed: int = 1) -> None:
    """Put in the place of recordings what is none: nothing, noise, a header without what follows, zeros."""
    rng = np.random.default_rng(seed)
    for number, path in enumerate(paths):
        path.write_bytes((b"", rng.bytes(5000), path.read_bytes()[:300], b"RIFF" + bytes(2000))[number % 4])


def _write_words(source: Path, length: float, seconds: float, target: Path) -> None:
    captions = []
    for start in np.arange(0.0, seconds, length):
        for caption in webvtt.read(str(source)).captions:
            begin, end = (start + _seconds(mark) for mark in (caption.start, caption.end))
            if end < seconds:
                captions.append(webvtt.Caption(_clock(begin), _clock(end), caption.text))
    words = webvtt.WebVTT(captions=captions)
    words.save(str(target))


def _seconds(mark: str) -> float:
    hours, minutes, seconds = mark.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60):02}:{int(minutes % 60):02}:{rest:06.3f}"
