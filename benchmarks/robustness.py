"""What a poor recording costs: every condition of benchmarks/degraded.py against the same recordings left as they are.

    python benchmarks/robustness.py [--bench DIR] [--speaker-engine built-in] [--true-turns] [--only NAME ...]

The whole path runs on each recording of one channel in the bench, as in benchmarks/moments.py, with the words given.
Printed for each condition: F1 of the tone shifts, F1 lost against clean, F1 of the missed moments, the share of the
true shifts found in clean that are still found, false alarms an hour where clean had none, and the diarization error
rate with 0.25 s around each true boundary left out (0 with true turns). How far it is goes to stderr.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from degraded import CONDITIONS, CodecError, Condition
from matching import Match, kept, match_moments, missed_score, new_false_alarms, read_moments, shift_score
from moments import BENCH, GIVEN, analyse, recordings_in
from pyannote.core import Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from speakers import annotation
from tqdm import tqdm

from analysis.moments import DEFAULT_SENSITIVITY
from audio.conversation import NAN
from audio.given_speakers import read_rttm
from audio.recording import SAMPLE_RATE, open_recording

CLEAN = "clean"
COLLAR = 0.25  # seconds on each side of a true boundary
TRUTH = (".json", ".rttm", ".vtt")  # lie beside each recording


@dataclass(frozen=True, slots=True)
class Row:
    """One condition: F1 scores and shares 0 to 1, false alarms an hour. All are NaN where `not_run` says why."""

    condition: str
    shifts_f1: float = NAN
    lost_f1: float = NAN
    missed_f1: float = NAN
    kept: float = NAN
    new_false_alarms: float = NAN
    error_rate: float = NAN
    not_run: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in all recordings under one condition: one Match each, hours, diarization error rate."""

    matches: tuple[Match, ...]
    hours: float
    error_rate: float


def robustness_table(bench: Path, conditions: Mapping[str, Condition], engine: str = "built-in") -> list[Row]:
    """The clean recordings of `bench`, then each of `conditions`; `engine` "given" takes the true turns."""
    return list(robustness_rows(bench, conditions, engine))


def robustness_rows(bench: Path, conditions: Mapping[str, Condition], engine: str) -> Iterator[Row]:
    """As robustness_table, each row as soon as it is known."""
    recordings = [path for path in recordings_in(bench) if soundfile.info(path).channels == 1]
    if not recordings:
        raise SystemExit(f"No recordings of one channel in {bench}.")
    clean = outcome(recordings, CLEAN, np.copy, engine)
    yield _row(CLEAN, clean, clean)
    for name, condition in conditions.items():
        try:
            yield _row(name, outcome(recordings, name, condition, engine), clean)
        except CodecError as error:
            yield Row(name, not_run=str(error))


def outcome(recordings: Sequence[Path], name: str, condition: Condition, engine: str) -> Outcome:
    """Analyse `recordings` under `condition`; `name` is shown while it runs."""
    rate = DiarizationErrorRate(collar=2 * COLLAR)  # pyannote.metrics takes the width, half of it on each side
    matches: list[Match] = []
    seconds = 0.0
    for path in tqdm(recordings, desc=f"{name:24}", file=sys.stderr, leave=False):
        with tempfile.TemporaryDirectory() as folder:
            recording, found = Path(folder) / f"{path.stem}.wav", Path(folder) / "found"
            found.mkdir()
            _record(path, condition, recording)
            duration = analyse(recording, found, engine, DEFAULT_SENSITIVITY)
            matches.append(_matched(path, found / path.stem, duration, rate))
        seconds += duration
    return Outcome(tuple(matches), seconds / 3600, abs(rate))


def _record(path: Path, condition: Condition, to: Path) -> None:
    """Write the recording `path` as it is under `condition`, with what is known of it beside."""
    soundfile.write(to, condition(open_recording(path).samples[0]), SAMPLE_RATE, subtype="FLOAT")
    for ending in TRUTH:
        shutil.copy(path.with_suffix(ending), to.with_suffix(ending))


def _matched(truth: Path, found: Path, duration: float, rate: DiarizationErrorRate) -> Match:
    """The moments of one recording, speakers called as they overlap best; its turns are counted in `rate`."""
    true_turns, found_turns = (annotation(read_rttm(path.with_suffix(".rttm"), truth.stem)) for path in (truth, found))
    rate(true_turns, found_turns, uem=Timeline([Segment(0, duration)]))
    names = rate.optimal_mapping(true_turns, found_turns)
    return match_moments(read_moments(truth.with_suffix(".json")), read_moments(found.with_suffix(".json"), names))


def _row(name: str, here: Outcome, clean: Outcome) -> Row:
    f1 = shift_score(here.matches).f1
    return Row(
        condition=name,
        shifts_f1=f1,
        lost_f1=shift_score(clean.matches).f1 - f1,
        missed_f1=missed_score(here.matches).f1,
        kept=kept(clean.matches, here.matches),
        new_false_alarms=new_false_alarms(clean.matches, here.matches) / here.hours,
        error_rate=here.error_rate,
    )


def print_head() -> None:
    """The head of the table."""
    print(f"{'':24}{'shifts F1':>10}{'lost':>8}{'missed F1':>11}{'kept':>9}{'new alarms/h':>18}{'DER':>8}", flush=True)


def print_row(row: Row) -> None:
    """One line of the table."""
    if row.not_run:
        print(f"{row.condition:24}not run: {row.not_run}", flush=True)
        return
    print(
        f"{row.condition:24}{row.shifts_f1:10.3f}{row.lost_f1:8.3f}{row.missed_f1:11.3f}"
        f"{row.kept:9.0%}{row.new_false_alarms:18.1f}{row.error_rate:8.1%}",
        flush=True,
    )


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--speaker-engine", default="built-in")
    parser.add_argument("--true-turns", action="store_true")
    parser.add_argument("--only", nargs="+", choices=CONDITIONS, metavar="NAME", default=tuple(CONDITIONS))
    args = parser.parse_args()
    engine = GIVEN if args.true_turns else args.speaker_engine
    print(f"{args.bench}, words given, speakers: {'true turns' if args.true_turns else engine}")
    print_head()
    for row in robustness_rows(args.bench, {name: CONDITIONS[name] for name in args.only}, engine):
        print_row(row)


if __name__ == "__main__":
    main()
