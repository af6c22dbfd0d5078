#!/usr/bin/env python3
"""The first page of the review app with many sessions in the library: until it is drawn, and until a search is.

    python benchmarks/first_page.py [--sessions 500] [--loads 9]

Made-up sessions: what was heard in the evening of sample_data, with recordings that differ by a few bytes, each
analysed and summed up as after a look at the list. The first load comes right after the start of the server, the
others each in a tab that was never anywhere; all are timed from asking for the address to the last recording's being
drawn and the server's being done. The time of the server alone is that of its process (CPU).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from app_server import Server, serving
from hour_session import EVENING, given_settings
from playwright.sync_api import Page, sync_playwright
from review_app import ARGUMENTS, CHROMIUM, WINDOW

from app.analysing.review_media import write_review_media
from app.library import Library
from app.review.recordings import SHOWN_AT_ONCE
from app.session.session_summary import session_summary
from audio.listen import listen

AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
RECORDING = ".recording h3"
PARTNERS = ("Ben and Nora", "Ines and Tom", "Ada and Jo", "Mira and Paul", "Lea and Sam")
FIRST_DAY = date(2026, 1, 1)
LOADS_WITHIN = 60_000  # milliseconds
GOAL = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Drawn:
    """Seconds until a page was drawn, and those of the server's processor."""

    seconds: float
    server: float


def fill(folder: Path, count: int) -> None:
    """A library with so many sessions."""
    library = Library(folder)
    conversation = listen(EVENING, given_settings())
    couples = [library.add_couple(name) for name in PARTNERS]
    for number in range(count):
        recording = folder / "recording.wav"
        recording.write_bytes(EVENING.read_bytes() + number.to_bytes(4))
        day = FIRST_DAY + timedelta(number)
        couple = couples[number % len(couples)]
        session = library.add(recording, f"{couple.name}, {number + 1}", recorded_on=day, couple=couple)
        library.keep(session.id, conversation)
        if not number:
            write_review_media(library.files(session.id), conversation)
        session_summary(library, session.id)
    recording.unlink()
    library.close()


def drawn(page: Page, server: Server) -> Drawn:
    """Load the first page in this tab."""
    began, before = time.perf_counter(), server.processor
    page.goto(server.address, wait_until="commit")
    page.wait_for_function(
        "([kind, count]) => document.querySelectorAll(kind).length >= count",
        arg=[RECORDING, SHOWN_AT_ONCE],
        timeout=LOADS_WITHIN,
    )
    page.wait_for_selector(AT_REST, timeout=LOADS_WITHIN)
    return Drawn(time.perf_counter() - began, server.processor - before)


def found(page: Page, number: int) -> float:
    """Seconds from looking for one session to its being the only one that is drawn."""
    page.get_by_role("textbox").fill(f", {number}")
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function("(kind) => document.querySelectorAll(kind).length === 1", arg=RECORDING)
    return time.perf_counter() - began


def said(name: str, pages: list[Drawn], goal: str = "") -> str:
    """What is printed of some loads."""
    seconds, server = [one.seconds for one in pages], [one.server for one in pages]
    spread = f"median {np.median(seconds):.2f}, least {min(seconds):.2f}, most {max(seconds):.2f} s{goal}"
    return f"{name:28s} {spread}; server's processor {np.median(server):.2f} s"


def main() -> None:
    """Parse the arguments, make the library, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--loads", type=int, default=9)
    parser.add_argument("--library", type=Path, help="one that was made before; it is made there if it is not")
    parser.add_argument("--chromium", type=Path, default=CHROMIUM)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.library or Path(scratch) / "library"
        if not folder.exists():
            fill(folder, args.sessions)
        with serving(folder, Path(scratch) / "log.txt") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(args.chromium), args=ARGUMENTS)
            pages, again, searches = [], [], []
            for _ in range(args.loads + 1):
                context = browser.new_context(viewport=WINDOW)
                page = context.new_page()
                pages.append(drawn(page, server))
                again.append(drawn(page, server))
                searches.append(found(page, args.sessions - 7))
                context.close()
            print(f"{args.sessions} sessions, the newest {SHOWN_AT_ONCE} shown at first")
            print(said("first load of the server", pages[:1]))
            print(said("a new tab", pages[1:], f" (goal {GOAL:.0f} s)"))
            print(said("loaded again", again[1:]))
            print(f"{'search, Enter to drawn':28s} median {np.median(searches[1:]):.2f} s")
            print(f"{'memory of the server':28s} {server.memory:.0f} MB")


if __name__ == "__main__":
    main()
