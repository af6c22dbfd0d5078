"""Break recordings in every way and see that each ends in a result or in a one-sentence error.

    python benchmarks/fuzz.py [--count 300] [--seed 1] [--keep DIR] [--open-only]

Whole files of many formats are made, then copied with damage; each copy is analysed (or only opened, with
--open-only) in a worker process with a time limit, so that a hang or a crash of a native decoder is counted
instead of ending the benchmark.
Prints a table; exits with 1 when anything but a result or a one-sentence error came out, and then leaves
those files in DIR. `run(cases, handle)` does the same with any other function of a path.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from broken_files import Case, make_cases

from analysis.moments import read_conversation
from audio.errors import UndertoneError
from audio.listen import ListenSettings, listen
from audio.recording import open_recording

TIME_LIMIT = 40.0  # seconds a case may take; a whole file takes one or two
LONGEST_SENTENCE = 300  # characters
KEPT = Path(tempfile.gettempdir()) / "undertone-fuzz"
GOOD = ("result", "one-sentence error")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: one of GOOD, or "bad sentence", "traceback", "crash", "hang"; with the words."""

    case: Case
    kind: str
    words: str = ""


def main() -> int:
    """Make, break and analyse `--count` files; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=KEPT, help=f"where failures are left ({KEPT})")
    parser.add_argument("--open-only", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = make_cases(Path(folder), chosen.count, chosen.seed)
        started = time.perf_counter()
        outcomes = run(cases, open_recording if chosen.open_only else analyse)
        print_table(outcomes, time.perf_counter() - started)
        failures = [outcome for outcome in outcomes if outcome.kind not in GOOD]
        for failure in failures:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            kept = chosen.keep / f"seed{chosen.seed}-{failure.case.path.name}"
            kept.write_bytes(failure.case.path.read_bytes())
            print(f"{failure.kind}: {kept} ({failure.case.damage})\n{failure.words}")
    return 1 if failures else 0


def analyse(path: Path) -> None:
    """What `undertone analyze` does, less the printing."""
    read_conversation(listen(path, ListenSettings(transcriber="none")))


def run(cases: list[Case], handle: Callable[[Path], object]) -> list[Outcome]:
    """Give each case's path to `handle`, a module-level function, in a worker that may hang or die."""
    outcomes: list[Outcome] = []
    worker = Worker(handle)
    for case in cases:
        outcome = worker.handle(case)
        outcomes.append(outcome)
        if outcome.kind in ("hang", "crash"):
            worker.stop()
            worker = Worker(handle)
    worker.stop()
    return outcomes


class Worker:
    """A process of its own that handles one path after another."""

    def __init__(self, handle: Callable[[Path], object]) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, handle), daemon=True)
        self._process.start()
        theirs.close()
        self._line.recv()  # ready: the imports are no part of the time limit

    def handle(self, case: Case) -> Outcome:
        """How the case ended, within TIME_LIMIT."""
        self._line.send(case.path)
        if not self._line.poll(TIME_LIMIT):
            return Outcome(case, "hang", f"not done after {TIME_LIMIT:.0f} s")
        try:
            kind, words = self._line.recv()
        except EOFError:
            self._process.join()
            return Outcome(case, "crash", f"the process died with exit code {self._process.exitcode}")
        return Outcome(case, kind, words)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _work(line: Connection, handle: Callable[[Path], object]) -> None:
    line.send("ready")
    while True:
        line.send(_ending(line.recv(), handle))


def _ending(path: Path, handle: Callable[[Path], object]) -> tuple[str, str]:
    try:
        handle(path)
    except UndertoneError as error:
        words = str(error)
        fit = words.endswith(".") and "\n" not in words and len(words) <= LONGEST_SENTENCE
        return ("one-sentence error" if fit else "bad sentence"), words
    except Exception:
        return "traceback", traceback.format_exc()
    return "result", ""


def print_table(outcomes: list[Outcome], seconds: float) -> None:
    """One line a kind of damage, one column a kind of ending."""
    endings = [*GOOD, *sorted({outcome.kind for outcome in outcomes} - set(GOOD))]
    counted = Counter((outcome.case.damage, outcome.kind) for outcome in outcomes)
    print(f"{'damage':22}" + "".join(f"{ending:>20}" for ending in endings))
    for damage in sorted({outcome.case.damage for outcome in outcomes}):
        print(f"{damage:22}" + "".join(f"{counted[damage, ending]:20}" for ending in endings))
    total = Counter(outcome.kind for outcome in outcomes)
    print(f"{'all':22}" + "".join(f"{total[ending]:20}" for ending in endings))
    print(f"{len(outcomes)} files in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
