"""How well speakers are told apart: the diarization error rate on recordings with exact ground truth.

    python benchmarks/speakers.py [--speakers DIR] [--bench DIR] [--voices DIR] [--engine built-in]

Each DIR holds recordings with an .rttm of the same name beside. Printed for each recording and for all of a DIR,
in per cent of the speech (overlap counts): speech missed, false alarms, speech given to the wrong speaker, and
the sum of the three, with 0.25 s around each true boundary left out and with none left out; the seconds
that finding speech and telling voices apart took, and how many times faster than real time that is. From the
actors of --voices, dialogues with strong changes of tone are made and measured too. "doubted" says where the
person was told that the voices are hard to tell apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emotional_dialogues import make_dialogues
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from audio.conversation import Turn
from audio.given_speakers import read_rttm
from audio.recording import open_recording
from audio.speakers import ENGINES, SpeakerRequest, mixdown, separate_speakers
from audio.voice_activity import speech_regions

SHARED = Path(__file__).resolve().parents[2] / "shared"
FORMATS = {".wav", ".flac", ".ogg", ".mp3", ".m4a"}
COLLARS = (0.25, 0.0)  # seconds on each side of a true boundary
PARTS = ("missed detection", "false alarm", "confusion")


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one recording: its seconds, those that each stage took, turns true and found, and whether it was doubted."""

    name: str
    duration: float
    finding_speech: float
    telling_apart: float
    truth: Sequence[Turn]
    found: Sequence[Turn]
    doubted: bool


def main() -> None:
    """Measure every folder named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--speakers", type=Path, default=SHARED / "speakers", metavar="DIR")
    parser.add_argument("--bench", type=Path, default=SHARED / "bench" / "conversations", metavar="DIR")
    parser.add_argument("--voices", type=Path, default=SHARED / "voices", metavar="DIR")
    parser.add_argument("--engine", default="built-in", choices=["auto", *ENGINES])
    arguments = parser.parse_args()
    for folder in (arguments.speakers, arguments.bench, arguments.bench / "stereo"):
        if folder.is_dir():
            print_folder(folder, arguments.engine)
    if arguments.voices.is_dir():
        with tempfile.TemporaryDirectory() as made:
            make_dialogues(arguments.voices, Path(made))
            print_folder(Path(made), arguments.engine)


def print_folder(folder: Path, engine: str) -> None:
    """Print the table of one folder, and the totals of each group of names ("two", "ami", "talk")."""
    print(f"\n{folder}, engine {engine}")
    print(f"{'':24}{'collar 0.25 s':>32}{'no collar':>32}")
    print(
        f"{'':24}"
        + 2 * f"{'missed':>8}{'false':>8}{'wrong':>8}{'DER':>8}"
        + f"{'speech s':>10}{'voices s':>10}{'x real':>8}{'doubted':>9}"
    )
    measured = [measure(path, engine) for path in sorted(folder.iterdir()) if path.suffix in FORMATS]
    for one in measured:
        print_row(one.name, [one])
    for group in sorted({one.name.split("-")[0] for one in measured}):
        print_row(f"all of {group}", [one for one in measured if one.name.split("-")[0] == group])


def measure(path: Path, engine: str) -> Measured:
    """Separate the speakers of one recording, two as far as anybody knows."""
    truth = read_rttm(path.with_suffix(".rttm"), path.stem)
    recording = open_recording(path)
    began = time.perf_counter()
    regions = speech_regions(mixdown(recording))
    heard = time.perf_counter()
    separation = separate_speakers(recording, regions, SpeakerRequest(count=2), engine=engine)
    told = time.perf_counter()
    return Measured(
        path.stem, recording.duration, heard - began, told - heard, truth, separation.turns, bool(separation.notes)
    )


def print_row(name: str, measured: Sequence[Measured]) -> None:
    """One line of the table, for one recording or for several together."""
    speech, voices = sum(m.finding_speech for m in measured), sum(m.telling_apart for m in measured)
    times = sum(m.duration for m in measured) / (speech + voices)
    rates = "".join(f"{100 * rate:8.1f}" for collar in COLLARS for rate in error_rates(measured, collar))
    doubted = (
        f"{sum(m.doubted for m in measured)} of {len(measured)}" if len(measured) > 1 else "yes" * measured[0].doubted
    )
    print(f"{name:24}{rates}{speech:10.2f}{voices:10.2f}{times:8.0f}{doubted:>9}", flush=True)


def error_rates(measured: Sequence[Measured], collar: float) -> tuple[float, ...]:
    """Shares of the true speech: missed, false alarm, confusion, and their sum."""
    # pyannote.metrics takes the whole width of the collar, half of it on each side.
    metric = DiarizationErrorRate(collar=2 * collar)
    counts = [
        metric(annotation(m.truth), annotation(m.found), uem=Timeline([Segment(0, m.duration)]), detailed=True)
        for m in measured
    ]
    total = sum(count["total"] for count in counts)
    parts = [sum(count[part] for count in counts) / total for part in PARTS]
    return (*parts, sum(parts))


def annotation(turns: Sequence[Turn]) -> Annotation:
    """The turns in pyannote's form."""
    made = Annotation()
    for number, turn in enumerate(turns):
        made[Segment(turn.start, turn.end), number] = turn.speaker
    return made


if __name__ == "__main__":
    main()
