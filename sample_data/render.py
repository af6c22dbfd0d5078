#!/usr/bin/env python3
"""Render the conversations of this folder from their scripts, with the truth about them beside.

    python render.py evening.toml sunday.toml

In: a script NAME.toml (who says what, in which tone, after which pause). Out, in the script's folder:
NAME.ogg (mono, 16 kHz, Opus), NAME.vtt (the words, with voice tags), NAME.rttm (who speaks when)
and NAME.json (every line with its tone, and the moments: shift, reply, verdict). Times are seconds.

Each line is spoken by flite, taken apart by the WORLD vocoder (Morise et al., 2016) into pitch, spectral
envelope and noise share, moved towards its tone, and put together again. README.md says what it needs.
The same script gives the same conversation, sample for sample.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyworld
import soundfile
from scipy.signal import fftconvolve, lfilter

Sound = npt.NDArray[np.float64]

RATE = 16_000  # Hz
FRAME = 5.0  # ms between the vocoder's frames
SPOKEN_LEVEL = 0.05  # RMS of every line before its tone and its variation
PAUSE = (0.3, 0.12)  # seconds after the line before, where the script names none: mean and spread
LEAD = 0.6  # seconds of room before the first line and after the last
PEAK = 0.7  # full scale 1.0


@dataclass(frozen=True, slots=True)
class Tone:
    """How far a line is moved from the voice's own manner. Zeros: not at all."""

    pitch: float = 0.0  # semitones
    range: float = 0.0  # relative change of how far pitch moves around its middle
    rate: float = 0.0  # relative change of speed
    level: float = 0.0  # dB
    tilt: float = 0.0  # dB an octave above 500 Hz; below 0: duller
    breath: float = 0.0  # share of noise added to every band
    tremor: float = 0.0  # semitones by which pitch shakes
    breaks: float = 0.0  # a second: the voice gives way for an instant

    def scaled(self, strength: float) -> Tone:
        """This tone, subtler or stronger."""
        return Tone(*(strength * getattr(self, f.name) for f in fields(Tone)))

    def plus(self, other: Tone) -> Tone:
        """Both at once."""
        return Tone(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tone)))


TONES = {
    "neutral": Tone(),
    "heavy": Tone(pitch=-2.0, range=-0.35, rate=-0.14, level=-3.0, tilt=-1.5, breath=0.08),
    "tearful": Tone(pitch=1.2, rate=-0.10, level=-1.5, tilt=-0.8, breath=0.20, tremor=0.55, breaks=1.3),
    "sharp": Tone(pitch=2.6, range=0.2, rate=0.09, level=5.0, tilt=1.5),
    "bright": Tone(pitch=1.5, range=0.4, rate=0.04, level=1.5),
    "soft": Tone(pitch=-1.0, rate=-0.10, level=-3.0, tilt=-0.7),
    "far": Tone(level=-6.0),  # further from the microphone: level alone
}
# No two lines of a person are alike, whatever the tone: spread of each from line to line.
SPREAD = Tone(pitch=0.8, range=0.15, rate=0.07, level=1.5, tilt=0.5)
SNIFFS_AFTER = "tearful"


@dataclass(frozen=True, slots=True)
class Voice:
    """A flite voice made into another person: pitch in semitones, length of the throat as a factor."""

    voice: str
    sex: str
    pitch: float = 0.0
    formants: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script, as the notes in evening.toml describe it."""

    by: str
    says: str
    tone: str = "neutral"
    strength: float = 1.0
    gap: float | None = None
    shift: str | None = None
    reply: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A whole conversation before it is spoken."""

    name: str
    seed: int
    snr: float
    echo: float
    speakers: dict[str, Voice]
    lines: list[Line]

    @classmethod
    def read(cls, path: Path) -> Script:
        """A script as the notes in evening.toml describe it."""
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        speakers = {name: Voice(**of) for name, of in raw["speakers"].items()}
        lines = [Line(**line) for line in raw["script"]["lines"]]
        return cls(path.stem, raw["seed"], raw["snr"], raw["echo"], speakers, lines)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its sound and its place in the conversation."""

    line: Line
    start: float
    sound: Sound

    @property
    def end(self) -> float:
        """Seconds from the start of the conversation."""
        return self.start + len(self.sound) / RATE


def read_aloud(text: str, voice: str) -> Sound:
    """What flite makes of `text`, without the silence around it."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file.name], check=True)
        sound, rate = soundfile.read(file.name)
    assert rate == RATE, f"flite's voice {voice} speaks at {rate} Hz"
    heard = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    return np.asarray(sound[max(0, heard[0] - RATE // 50) : heard[-1] + RATE // 25], dtype=np.float64)


def speak(line: Line, voice: Voice, rng: np.random.Generator) -> Sound:
    """One line in its tone, as this person says it this time."""
    sound = read_aloud(line.says, voice.voice)
    pitch, times = pyworld.harvest(sound, RATE, frame_period=FRAME)
    envelope = pyworld.cheaptrick(sound, pitch, times, RATE)
    noise = pyworld.d4c(sound, pitch, times, RATE)

    by_chance = Tone(*(rng.normal(0.0, getattr(SPREAD, f.name)) for f in fields(Tone)))
    tone = TONES[line.tone].scaled(line.strength).plus(by_chance)
    pitch = repitched(pitch, tone, voice.pitch)
    envelope = tilted(rescaled(envelope, voice.formants), tone.tilt)
    noise = np.clip(noise + tone.breath, 0.0, 1.0)

    frames = np.linspace(0, len(pitch) - 1, max(2, round(len(pitch) / (1 + tone.rate)))).round().astype(int)
    pitch, envelope, noise = (np.ascontiguousarray(a[frames]) for a in (pitch, envelope, noise))
    shake(pitch, envelope, noise, tone, rng)
    spoken = pyworld.synthesize(pitch, envelope, noise, RATE, FRAME)
    spoken *= SPOKEN_LEVEL * 10 ** (tone.level / 20) / np.sqrt(np.mean(spoken**2))
    return np.concatenate([spoken, sniff(line.strength, rng)]) if line.tone == SNIFFS_AFTER else spoken


def repitched(pitch: Sound, tone: Tone, shift: float) -> Sound:
    """Pitch (Hz, 0 where unvoiced) moved by `shift` and the tone, its range widened or flattened."""
    voiced = pitch > 0
    octaves = np.log2(np.where(voiced, pitch, 1.0))
    middle = np.median(octaves[voiced])
    moved = middle + (octaves - middle) * max(0.2, 1 + tone.range) + (shift + tone.pitch) / 12
    return np.where(voiced, 2.0**moved, 0.0)


def rescaled(envelope: Sound, factor: float) -> Sound:
    """The spectral envelope (frames, bins) with every formant at `factor` times its frequency."""
    bins = np.arange(envelope.shape[1])
    log = np.log(envelope)
    return np.exp(np.stack([np.interp(bins / factor, bins, frame) for frame in log]))


def tilted(envelope: Sound, tilt: float) -> Sound:
    """The power envelope (frames, bins), `tilt` dB an octave brighter or duller above 500 Hz."""
    hertz = np.linspace(0, RATE / 2, envelope.shape[1])
    octaves = np.log2(np.maximum(hertz, 500.0) / 500.0)
    return envelope * 10 ** (tilt * octaves / 10)


def shake(pitch: Sound, envelope: Sound, noise: Sound, tone: Tone, rng: np.random.Generator) -> None:
    """Put the tone's tremor and its breaks of voice into the three, in place."""
    if tone.tremor > 0:
        seconds = np.arange(len(pitch)) * FRAME / 1000
        wave = np.sin(2 * np.pi * rng.uniform(5.5, 8.0) * seconds + rng.uniform(0, 2 * np.pi))
        pitch *= 2 ** (tone.tremor * wave / 12)
    voiced = np.flatnonzero(pitch > 0)
    for _ in range(round(max(0.0, tone.breaks) * len(pitch) * FRAME / 1000)):
        start = int(rng.choice(voiced))
        gone = slice(start, start + int(rng.integers(10, 22)))
        pitch[gone], noise[gone] = 0.0, 1.0
        envelope[gone] *= 0.1


def sniff(strength: float, rng: np.random.Generator) -> Sound:
    """A breath drawn in through the nose, once or twice, after a short silence."""
    parts: list[Sound] = []
    for _ in range(int(rng.integers(1, 3))):
        length = int(RATE * rng.uniform(0.14, 0.26))
        hiss = lfilter([1.0, -0.9], [1.0], rng.normal(0, 1, length)) * np.hanning(length)
        parts += [np.zeros(RATE // 12), hiss * 0.01 * strength]
    return np.concatenate(parts)


def perform(script: Script, rng: np.random.Generator) -> Iterator[Spoken]:
    """The lines one after the other; a gap below 0 lets the next speaker start before the last is done."""
    clock = LEAD
    for line in script.lines:
        gap = max(0.1, rng.normal(*PAUSE)) if line.gap is None else line.gap
        spoken = Spoken(line, clock + gap, speak(line, script.speakers[line.by], rng))
        clock = max(clock, spoken.end)
        yield spoken


def in_the_room(performed: list[Spoken], script: Script, rng: np.random.Generator) -> Sound:
    """All lines mixed, with the room's echo and noise, float64 of shape (n,)."""
    mix = np.zeros(int((max(s.end for s in performed) + LEAD) * RATE))
    for spoken in performed:
        at = round(spoken.start * RATE)
        mix[at : at + len(spoken.sound)] += spoken.sound
    length = int(script.echo * RATE)
    echo = 0.03 * rng.normal(0, 1, length) * np.exp(-6 * np.arange(length) / length)
    echo[0] = 1.0
    noise = lfilter([1.0], [1.0, -0.9], rng.normal(0, 1, len(mix)))
    noise *= SPOKEN_LEVEL * 10 ** (-script.snr / 20) / noise.std()
    heard = fftconvolve(mix, echo)[: len(mix)] + noise
    return np.asarray(heard * PEAK / np.abs(heard).max())


def moments(performed: list[Spoken]) -> list[dict[str, Any]]:
    """Each shift (a run of lines of one kind) with the reply that follows it."""
    found: list[dict[str, Any]] = []
    shift: list[Spoken] = []
    for spoken in performed:
        line = spoken.line
        if line.shift:
            shift.append(spoken)
        if line.reply:
            first, last = shift[0], shift[-1]
            found.append(
                {
                    "start": round(first.start, 3),
                    "end": round(last.end, 3),
                    "speaker": first.line.by,
                    "kind": first.line.shift,
                    "strength": first.line.strength,
                    "text": first.line.says,
                    "reply_start": round(spoken.start, 3),
                    "reply_end": round(spoken.end, 3),
                    "replied_by": line.by,
                    "reply_text": line.says,
                    "reply": line.reply,
                    "verdict": line.verdict,
                }
            )
            shift = []
    return found


def turn(spoken: Spoken) -> dict[str, Any]:
    """One line as the truth tells it."""
    line = spoken.line
    return {
        "start": round(spoken.start, 3),
        "end": round(spoken.end, 3),
        "speaker": line.by,
        "text": line.says,
        "tone": line.tone,
        "strength": line.strength,
        "moment": {"kind": line.shift} if line.shift else None,
        "reply": {"act": line.reply, "verdict": line.verdict} if line.reply else None,
    }


def stamp(seconds: float) -> str:
    """Seconds as WebVTT writes them: 00:01:23.456."""
    minutes, rest = divmod(round(seconds, 3), 60)
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{rest:06.3f}"


def write(script: Script, performed: list[Spoken], sound: Sound, folder: Path) -> None:
    """The four files of one conversation."""
    place = folder / script.name
    truth = {
        "seed": script.seed,
        "snr_db": script.snr,
        "stereo": False,
        "speakers": {n: {"sex": v.sex, "voice": v.voice} for n, v in script.speakers.items()},
        "duration": round(len(sound) / RATE, 2),
        "turns": [turn(s) for s in performed],
        "moments": moments(performed),
    }
    cues = [f"{stamp(s.start)} --> {stamp(s.end)}\n<v {s.line.by}>{s.line.says}</v>\n" for s in performed]
    rttm = [
        f"SPEAKER {script.name} 1 {s.start:.3f} {s.end - s.start:.3f} <NA> <NA> {s.line.by} <NA> <NA>\n"
        for s in performed
    ]
    soundfile.write(place.with_suffix(".ogg"), sound, RATE, format="OGG", subtype="OPUS")
    place.with_suffix(".vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    place.with_suffix(".rttm").write_text("".join(rttm), encoding="utf-8")
    place.with_suffix(".json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Render every script named on the command line."""
    parser = argparse.ArgumentParser(description="Render scripted conversations with their truth.")
    parser.add_argument("scripts", nargs="+", type=Path, help="NAME.toml; the files are written beside it")
    for path in parser.parse_args().scripts:
        script = Script.read(path)
        rng = np.random.default_rng(script.seed)
        performed = list(perform(script, rng))
        sound = in_the_room(performed, script, rng)
        write(script, performed, sound, path.parent)
        print(f"{script.name}: {len(sound) / RATE:.1f} s, {len(performed)} lines")
        for moment in moments(performed):
            print(f"  {moment['start']:6.1f} s  {moment['kind']:8} {moment['reply']:15} {moment['verdict']}")


if __name__ == "__main__":
    main()
