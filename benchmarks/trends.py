"""How often the trends of a couple claim a change where there is none, and find one where there is; and what they take.

    OMP_NUM_THREADS=1 python benchmarks/trends.py [--runs 200] [--sessions 10] [--claims | --times]

Claims: couples are made up (couple_sessions.py), some of whom meet each other as often at the end as at the beginning,
some of whom do not. "Beside it" counts the couples of whom anything else is said to rise or fall (coming back to it,
the time to the reply, each one's talk, pitch, pace and loudness), which is chance in all of them; "since last time"
those of whom one of the three sentences says something of the last session, of which nothing is special.

Times: a library of 500 sessions, 60 of them of one couple; each figure is the median of --rounds. The page is run by
Streamlit's own test without a browser: what the server does. The command is a process of its own, from its start.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from couple_sessions import EVERY, FIRST_DAY, Truth, fill_library, made_up_sessions
from streamlit.testing.v1 import AppTest

from analysis.figures import SessionFigures
from analysis.since_last import SinceLast
from analysis.trends import DatedSession, Trends, trends
from app.couples.couple_trends import couple_trends
from app.library import Library

COURSES = {"no change": (0.5, 0.5), "30 to 70 %": (0.3, 0.7)}
MOMENTS = (6, 15, 40)  # a session
LOOKED_AT = (0.0, 0.5, 1.0)
SESSIONS, OF_ONE, OF_OTHERS = 500, 60, 10
GOAL = 1.0  # seconds


def print_claims(runs: int, sessions: int) -> None:
    """Print how often each claim is made."""
    print(f"{sessions} sessions a week apart, {runs} couples a row")
    heads = (("moments", 9), ("looked at", 11), ("more", 8), ("less", 8), ("beside it", 11), ("since last", 12))
    print(f"{'share met':12s}" + "".join(f"{head:>{width}}" for head, width in heads))
    for name, met in COURSES.items():
        for moments in MOMENTS:
            for looked_at in LOOKED_AT:
                chance = np.random.default_rng(7)
                made = [made_up_sessions(Truth(met, moments, looked_at), sessions, chance) for _ in range(runs)]
                found = [trends(dated(one)) for one in made]
                said = Counter(one.met.direction for one in found)
                beside = sum(says_anything_beside(one) for one in found)
                since = sum(says_anything_since(one.since_last) for one in found)
                shares = "".join(f"{100 * count / runs:{width}.1f}%" for count, width in
                                 ((said["more"], 7), (said["less"], 7), (beside, 10), (since, 11)))  # fmt: skip
                print(f"{name:12s}{moments:9d}{looked_at:11.0%}{shares}", flush=True)


def dated(figures: list[SessionFigures]) -> list[DatedSession]:
    """The sessions a week apart."""
    return [DatedSession(FIRST_DAY + place * EVERY, one) for place, one in enumerate(figures)]


def says_anything_beside(found: Trends) -> bool:
    """Whether anything but the share met is said to rise or fall."""
    courses = [one.course for partners in found.measures.values() for one in partners]
    courses += [found.delay.course] if found.delay else []
    return any(one.direction != "untold" for one in [found.repaired, *courses])


def says_anything_since(found: SinceLast | None) -> bool:
    """Whether the last session is said to differ."""
    return found is not None and (found.direction != "untold" or bool(found.talk) or bool(found.voices))


def print_times(rounds: int) -> None:
    """Fill a library and print what the trends of one couple take."""
    chance = np.random.default_rng(1)
    truth = Truth((0.4, 0.6), 15, 0.5)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "library"
        library = Library(folder)
        couple = library.add_couple("Ann and Ben")
        fill_library(library, couple, made_up_sessions(truth, OF_ONE, chance), Path(scratch))
        for number in range((SESSIONS - OF_ONE) // OF_OTHERS):
            other = library.add_couple(f"Couple {number + 1}")
            fill_library(library, other, made_up_sessions(truth, OF_OTHERS, chance), Path(scratch))
        print(f"{len(library.sessions())} sessions, {len(library.couples())} couples, {OF_ONE} sessions of one")
        read = couple_trends(library, couple)
        for name, work in (
            ("computed from figures", lambda: trends([*dated(list(read.figures))])),
            ("read and computed", lambda: couple_trends(library, couple)),
            ("the page, at the server", lambda: run_page(folder, couple.id)),
            ("the command, from its start", lambda: run_command(folder)),
        ):
            print(f"{name:28s} median {median_of(work, rounds):.2f} s (goal {GOAL:.0f} s)", flush=True)
        library.close()


def run_page(folder: Path, couple: int) -> None:
    """Draw the page once, without a browser."""

    def script(folder, couple):  # its text alone is run: no names of this file are known in it
        from app.library import Library
        from app.review.trends_page import show_trends

        library = Library(folder)
        show_trends(library, next(one for one in library.couples() if one.id == couple))

    drawn = AppTest.from_function(script, args=(folder, couple), default_timeout=60).run()
    assert not drawn.exception


def run_command(folder: Path) -> None:
    """Run the command once."""
    command = [sys.executable, "-m", "app.cli", "trends", "Ann and Ben", "--library", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def median_of(work: Callable[[], object], rounds: int) -> float:
    """Seconds that the work takes, the median of so many times."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def main() -> None:
    """Parse the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--claims", action="store_true", help="only how often a change is claimed")
    only.add_argument("--times", action="store_true", help="only what it takes")
    asked = parser.parse_args()
    if not asked.times:
        print_claims(asked.runs, asked.sessions)
    if not asked.claims:
        print_times(asked.rounds)


if __name__ == "__main__":
    main()
