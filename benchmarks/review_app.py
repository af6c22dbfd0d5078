"""Measures the review app in a browser with a session of an hour, and Plotly drawing the same moments beside it.

    python benchmarks/review_app.py [--minutes 60] [--starts 3] [--chromium /usr/bin/chromium]

Needs Linux, Playwright, Plotly and a Chromium. The session is made up (hour_session.py) and lies in a library of its
own for as long as this runs; server and browser are processes of their own. Loads are timed from asking for the address
to the player's being ready, each after a new start of server and browser: the median of --starts, and the slowest.
Steps are timed in the page, from the event of the key or click to the end of drawing. For Plotly that is the first
plotly_afterplot.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from app_server import ROOT, Server, serving, streamlit_command
from hour_session import fill_library, hour_session
from page_times import WATCH_CHANGES, WATCH_PLOTLY, Listener, Redrawn, Traffic, redrawn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from analysis.moments import read_conversation
from app.library import Library
from app.session.edits import CorrectWord, GiveSpeech
from audio.conversation import Span

PLOTLY = ROOT / "benchmarks" / "plotly_moment.py"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
WINDOW: ViewportSize = {"width": 1280, "height": 900}
READY = ".player[data-ready='true']"
CHOICE = "section.choice"  # the part of the player with the sensitivity, folded away at first
LOADS_WITHIN = 60_000  # milliseconds
QUIET = 3_000  # milliseconds after a load in which nothing comes any more
PLOTLY_STEPS = 20
SENSITIVITY_KEYS = ["ArrowRight"] * 8 + ["ArrowLeft"] * 14 + ["ArrowRight"] * 6  # of 0.05: 0.4, 0.8, 0.1, 0.4

LOAD_GOAL, STEP_GOAL, SENSITIVITY_GOAL = 2.0, 50, 500  # s, ms, ms
SENT_GOAL, MEMORY_GOAL = 4.0, 400  # MB


@dataclass(frozen=True, slots=True)
class Load:
    """A start of server and browser: seconds until the server answered, to the first load and to the second."""

    server: float
    first: float
    again: float
    traffic: Traffic
    memory: float


def kind_of(address: str) -> str:
    """What a request is for."""
    for part, kind in (("/player/", "player"), ("tracks.bin", "tracks"), ("words.json", "words"), ("audio.", "sound")):
        if part in address:
            return kind
    return "Streamlit's own"


def ready_in(page: Page, ask: Callable[[], object]) -> float:
    """Seconds from asking for the page to the player's being ready."""
    began = time.perf_counter()
    ask()
    page.wait_for_selector(READY, timeout=LOADS_WITHIN)
    return time.perf_counter() - began


def load(page: Page, server: Server, session: str) -> Load:
    """Load the session in a fresh tab, then once more."""
    listener = Listener(page, kind_of)
    address = f"{server.address}/?session={session}"
    first = ready_in(page, lambda: page.goto(address, wait_until="commit"))
    page.wait_for_timeout(QUIET)
    traffic = listener.traffic()
    again = ready_in(page, lambda: page.reload(wait_until="commit"))
    return Load(server.started_in, first, again, traffic, server.memory)


def steps(page: Page) -> Redrawn:
    """Step through all moments and back."""
    count = page.locator(".mark").count()
    keys = ["j"] * (count - 1) + ["k"] * (count - 1)
    return redrawn(page, page.locator(".player"), WATCH_CHANGES, [_press(page, key) for key in keys])


def sensitivities(page: Page) -> Redrawn | None:
    """Move the sensitivity up, down and back; None where the page has none."""
    if not page.locator("#sensitivity").count():
        return None
    part = page.locator(CHOICE)
    if part.is_hidden():
        page.locator(f"[aria-controls='{part.get_attribute('id')}']").click()
    page.locator("#sensitivity").focus()
    return redrawn(page, page.locator("#how-many"), WATCH_CHANGES, [_press(page, key) for key in SENSITIVITY_KEYS])


def corrected_memory(page: Page, server: Server, folder: Path, session: str) -> float:
    """MB of the server once a line was given to the other, a word corrected, and the page loaded anew."""
    library = Library(folder)
    conversation = library.conversation(session, tracks=False)
    line = next(said for said in conversation.utterances if said.words)
    other = next(speaker for speaker in conversation.speakers if speaker != line.speaker)
    library.edit(session, GiveSpeech(line.spans, other))
    library.edit(session, CorrectWord(Span(line.words[0].start, line.words[0].end), "otherwise"))
    library.close()
    ready_in(page, lambda: page.reload(wait_until="commit"))
    return server.memory


def plotly_steps(page: Page, server: Server, session: str) -> tuple[Redrawn, float]:
    """Step on in the page that Plotly draws; kB that a step is sent."""
    page.goto(f"{server.address}/?session={session}")
    plot = page.locator(".js-plotly-plot")
    plot.wait_for(timeout=LOADS_WITHIN)
    page.wait_for_timeout(QUIET)
    listener = Listener(page, kind_of)
    following = page.get_by_role("button", name="Next")
    times = redrawn(page, plot, WATCH_PLOTLY, [following.click] * PLOTLY_STEPS)
    return times, listener.traffic().whole / PLOTLY_STEPS / 1e3


@contextmanager
def tab(browser_path: Path) -> Iterator[Page]:
    """A tab of a browser that was never anywhere."""
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=str(browser_path), args=ARGUMENTS)
        yield browser.new_page(viewport=WINDOW)
        browser.close()


def measure(folder: Path, session: str, starts: int, browser: Path) -> None:
    """Run both servers one after the other, and print."""
    library, log = folder / "library", folder / "log.txt"
    loads = []
    for start in range(starts):
        with serving(library, log) as server, tab(browser) as page:
            loads.append(load(page, server, session))
            if start < starts - 1:
                continue
            stepped, moved, memory = steps(page), sensitivities(page), server.memory
            corrected = corrected_memory(page, server, library, session)
    print_loads(loads)
    print(f"key to moment           {stepped} (goal {STEP_GOAL} ms)")
    print(f"sensitivity to redrawn  {f'{moved} (goal {SENSITIVITY_GOAL} ms)' if moved else 'the page has none yet'}")
    print(
        f"memory of the server    {loads[-1].memory:.0f} MB after loading, {memory:.0f} at the end, "
        f"{corrected:.0f} after corrections (goal {MEMORY_GOAL})"
    )
    with serving(library, log, streamlit_command(PLOTLY)) as server, tab(browser) as page:
        plotted, size = plotly_steps(page, server, session)
        print(f"Plotly, click to moment {plotted}; {size:.0f} kB a step; server {server.memory:.0f} MB")


def print_loads(loads: list[Load]) -> None:
    """Print the loads of all starts and what the last was sent."""
    for name, times, goal in (
        ("server answers after", [one.server for one in loads], ""),
        ("first load to ready", [one.first for one in loads], f" (goal {LOAD_GOAL:.0f} s)"),
        ("second load to ready", [one.again for one in loads], ""),
    ):
        print(f"{name:23s} median {np.median(times):.2f}, most {max(times):.2f} s{goal}")
    sent = loads[-1].traffic
    print(f"sent at the first load  {sent.whole / 1e6:.2f} MB (goal {SENT_GOAL:.0f} MB), of that:")
    for kind, size in sorted(sent.sent.items(), key=lambda item: -item[1]):
        print(f"  {kind:22s}{size / 1e6:5.2f}")


def _press(page: Page, key: str) -> Callable[[], None]:
    return lambda: page.keyboard.press(key)


def main() -> None:
    """Parse the arguments, make the session, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--chromium", type=Path, default=CHROMIUM)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        made = hour_session(args.minutes)
        heard = made.conversation
        words = sum(len(one.words) for one in heard.utterances)
        moments = len(read_conversation(heard).moments())
        print(f"{heard.duration / 60:.0f} min, {len(heard.utterances)} utterances, {words} words, {moments} moments")
        session = fill_library(Path(place) / "library", made)
        measure(Path(place), session, args.starts, args.chromium)


if __name__ == "__main__":
    main()
