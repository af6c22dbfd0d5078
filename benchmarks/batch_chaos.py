"""Batches that are killed: a worker, the scheduler or the client, by kill -9 at a random moment; then the same again.

    python benchmarks/batch_chaos.py [--runs 30] [--recordings 6] [--seconds 20] [--seed 1]

Each run has a library of its own. Afterwards all recordings must be in it, each once, every file the same as after a
calm run, and nothing half-written. In turn a worker of the cluster on this machine is killed, the client with it, and
the scheduler, a worker or the client of a cluster that was started by hand.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from batch_libraries import contents, half_written
from batch_recordings import make_recordings

ROOT = Path(__file__).resolve().parent.parent
TALKS = ROOT.parent / "shared" / "bench" / "conversations"
VICTIMS = ("worker", "client", "scheduler", "worker of a cluster", "client of a cluster")
UNDERTONE = (sys.executable, "-m", "app.cli", "batch")
PATIENCE = 600.0  # seconds for one command


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was started by hand: its scheduler and its workers' nannies."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """`dask scheduler` and two times `dask worker`, as somebody would start them."""
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    dask = (sys.executable, "-m", "dask")
    common = ("--scheduler-file", str(file))
    scheduler = subprocess.Popen(
        [*dask, "scheduler", *common, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], **quiet
    )
    workers = tuple(
        subprocess.Popen(
            [*dask, "worker", *common, "--nthreads", "1", "--no-dashboard", "--memory-limit", "0"], **quiet
        )
        for _ in range(2)
    )
    try:
        while not file.exists() or not file.read_text():
            time.sleep(0.1)
        yield Cluster(json.loads(file.read_text())["address"], scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            kill_family(process.pid)
            process.wait()


def kill_family(pid: int) -> None:
    """Kill a process with all that it started."""
    try:
        family = [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def workers_below(pid: int) -> list[psutil.Process]:
    """The worker processes that a nanny started: those that run Python, but no tracker of resources."""
    found = psutil.Process(pid).children(recursive=True)
    return [one for one in found if "spawn_main" in " ".join(one.cmdline())]


def started(recordings: Path, library: Path, *options: str) -> subprocess.Popen[bytes]:
    """The command, begun."""
    return subprocess.Popen(
        [*UNDERTONE, str(recordings), "--library", str(library), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_one(victim: str, client: subprocess.Popen[bytes], running: Cluster | None, rng: random.Random) -> None:
    """Kill what this run is to lose, if it is alive."""
    if victim.startswith("client"):
        client.send_signal(signal.SIGKILL)
    elif victim == "scheduler" and running:
        running.scheduler.send_signal(signal.SIGKILL)
    elif running:
        below = [worker for nanny in running.workers for worker in workers_below(nanny.pid)]
        if below:
            rng.choice(below).kill()
    elif client.poll() is None and (below := workers_below(client.pid)):
        rng.choice(below).kill()


def one_run(victim: str, moment: float, recordings: Path, library: Path, rng: random.Random) -> int:
    """Begin, kill at `moment` (seconds), end, then the same command again; its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        if victim in VICTIMS[:2]:
            first = started(recordings, library)
            _after(moment, first, lambda: kill_one(victim, first, None, rng))
        else:
            with cluster(Path(folder)) as running:
                first = started(recordings, library, "--scheduler", running.address)
                _after(moment, first, lambda: kill_one(victim, first, running, rng))
    return started(recordings, library).wait(PATIENCE)


def _after(moment: float, client: subprocess.Popen[bytes], kill: Callable[[], None]) -> None:
    try:
        client.wait(moment)
    except subprocess.TimeoutExpired:
        kill()
    client.wait(PATIENCE)


def main() -> None:
    """Parse the arguments, kill, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--recordings", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--talks", type=Path, default=TALKS)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        recordings = folder / "recordings"
        make_recordings(args.talks, recordings, args.recordings, args.seconds)
        began = time.monotonic()
        assert started(recordings, folder / "calm").wait(PATIENCE) == 0
        takes = time.monotonic() - began
        calm = contents(folder / "calm")
        assert len(calm) == args.recordings
        print(f"a calm run of {args.recordings} recordings of {args.seconds:.0f} s takes {takes:.1f} s", flush=True)
        good = 0
        for number in range(args.runs):
            victim, moment = VICTIMS[number % len(VICTIMS)], rng.uniform(0.1, 1.0) * takes
            library = folder / "killed"
            code = one_run(victim, moment, recordings, library, rng)
            same, left = contents(library) == calm, half_written(library)
            good += code == 0 and same and not left
            said = "as after a calm run" if same else "NOT as after a calm run"
            print(f"{number + 1:3} {victim:22s} killed after {moment:5.1f} s: {said}, exit {code}, {left} half-written",
                  flush=True)  # fmt: skip
            shutil.rmtree(library)
        print(f"{good} of {args.runs} runs left the library as a calm run does")


if __name__ == "__main__":
    main()
