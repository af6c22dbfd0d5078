"""A batch measured: two workers against one, batch against plain analysis, and a folder with bad files in it.

    flock /tmp/heavy.lock python benchmarks/batch.py [--recordings 40] [--seconds 300] [--talks FOLDER]

Plain analysis is what the review app does with a session, one after the other in one process: hear, prepare the sound,
keep, sum up. Overhead is told in seconds of the processors, of all processes together, which other work on the machine
disturbs little; a speed-up needs the clock, and a machine with nothing else to do. One worker uses somewhat more than
one core, as decoders have threads of their own and results are taken in beside it; on a machine of two cores the second
worker finds only the rest. So it is compared with a worker that has one core for all of it as well. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batch_libraries import contents, half_written
from batch_recordings import make_recordings, spoil

ROOT = Path(__file__).resolve().parent.parent
TALKS = ROOT.parent / "shared" / "bench" / "conversations"
BAD_SHARE = 0.1
# Here and there one thread a model, as a worker of a batch has it.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
PLAIN = """
import sys
from pathlib import Path
from app.analysing.analysis_job import _analyse
from app.library import Library

library = Library(Path(sys.argv[1]))
for recording in sys.argv[2:]:
    session = library.add(Path(recording))
    words = Path(recording).with_suffix(".vtt")
    library.files(session.id).source.with_suffix(".vtt").write_bytes(words.read_bytes())
    _analyse(library, session.id)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: seconds by the clock, and of all processors."""

    clock: float
    processors: float


def run(arguments: Sequence[str], expected: int = 0) -> Spent:
    """Run Python with these arguments, to its end."""
    before, began = _processors(), time.monotonic()
    done = subprocess.run([sys.executable, *arguments], env=os.environ | ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == expected, done.stderr
    return Spent(time.monotonic() - began, _processors() - before)


def on_one_core(recordings: Path, library: Path) -> Spent:
    """The command with one worker, where all of it has one core: what the other cores do for it is left out."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # children have the same
    try:
        return batch(recordings, library, "--workers", "1")
    finally:
        os.sched_setaffinity(0, cores)


def batch(recordings: Path, library: Path, *options: str, expected: int = 0) -> Spent:
    """The command on a folder."""
    return run(["-m", "app.cli", "batch", str(recordings), "--library", str(library), *options], expected)


def estimates(recordings: Path, library: Path, workers: int) -> list[tuple[float, float, float]]:
    """What was said of the time left while a batch ran: share done, seconds left as told, as it was."""
    command = [sys.executable, "-m", "app.cli", "batch", str(recordings), "--library", str(library), "--json"]
    told = []
    with subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "standing" and event["left"] is not None and event["done"] < event["recordings"]:
                told.append((event["length_done"] / event["length"], event["left"], time.monotonic()))
            if event["event"] == "over":
                end = time.monotonic()
    return [(done, left, end - at) for done, left, at in told]


def with_bad_files(recordings: list[Path], folder: Path) -> None:
    """Spoil a tenth of the recordings; what is said of each, and what became of the others."""
    bad = recordings[:: round(1 / BAD_SHARE)]
    spoil(bad)
    report = folder / "report.csv"
    batch(recordings[0].parent, folder / "some bad", "--report", str(report), expected=2)
    with report.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    failed = [row for row in rows if row["outcome"] == "failed"]
    analysed = sum(row["outcome"] == "analysed" for row in rows)
    print(f"\n{len(bad)} of {len(recordings)} files bad: {len(failed)} reported, {analysed} analysed, "
          f"{half_written(folder / 'some bad')} half-written")  # fmt: skip
    for row in failed:
        print(f"  {Path(row['recording']).name}: {row['why'].replace(str(folder), '...')}")
    assert {row["recording"] for row in failed} == {str(path) for path in bad}


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--talks", type=Path, default=TALKS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        recordings = make_recordings(args.talks, folder / "recordings", args.recordings, args.seconds)
        print(f"{args.recordings} recordings of {args.seconds / 60:.1f} min, {os.cpu_count()} cores; "
              f"load before: {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        spent = {
            "plain": run(["-c", PLAIN, str(folder / "plain"), *map(str, recordings)]),
            "one worker": batch(folder / "recordings", folder / "one", "--workers", "1"),
            "on one core": on_one_core(folder / "recordings", folder / "core"),
            "two workers": batch(folder / "recordings", folder / "two", "--workers", "2"),
            "again": batch(folder / "recordings", folder / "two"),
        }
        print(f"{'':14s} {'clock':>8s} {'processors':>11s}")
        for name, took in spent.items():
            print(f"{name:14s} {took.clock:7.1f} s {took.processors:9.1f} s")
        overhead = spent["one worker"].processors / spent["plain"].processors - 1
        print(f"overhead of batch: {overhead:.1%} of the processors' time, "
              f"{spent['one worker'].clock / spent['plain'].clock - 1:.1%} by the clock")  # fmt: skip
        for name in ("one worker", "on one core"):
            print(f"two workers against {name}: {spent[name].clock / spent['two workers'].clock:.2f} times as fast")
        print(f"load after: {os.getloadavg()[0]:.1f}")
        one, two = contents(folder / "one"), contents(folder / "two")
        print(f"the same files from one worker and from two: {one == two}")
        size = sum(path.stat().st_size for path in (folder / "one" / "sessions").rglob("*") if path.is_file())
        size -= sum(path.stat().st_size for path in recordings)
        hours = args.recordings * args.seconds / 3600
        print(f"kept beside the recordings: {size / hours / 1e6:.0f} MB an hour")
        told = estimates(folder / "recordings", folder / "told", 2)
        for wanted in (0.25, 0.5, 0.75):
            done, left, truly = min(told, key=lambda one: abs(one[0] - wanted))
            print(f"time left at {done:3.0%}: {left:5.0f} s told, {truly:5.0f} s it was")
        with_bad_files(recordings, folder)


def _processors() -> float:
    """Seconds of the processors that all ended children took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
