"""Pictures of every page of the review app, light and dark, at 1280 and 800 pixels, for docs/review.

    python benchmarks/app_pictures.py [--out docs/review] [--chromium PATH]

Analyses the sample conversation into a library of its own; a couple with made-up sessions (couple_sessions.py) has
another. Needs Linux, playwright and Debian's chromium.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
from app_server import ROOT, serving
from couple_sessions import Truth, fill_library, made_up_sessions
from playwright.sync_api import Page, ViewportSize, sync_playwright

from app.analysing.analysis_job import is_unfinished, start
from app.library import Library
from app.review.uploads import Incoming, take_in

SAMPLE = ROOT / "sample_data" / "evening.ogg"
WIDTHS = (1280, 800)  # pixels
HEIGHT, TALL = 1000, 2000
CALM = 1500  # ms until nothing moves any more
PATIENCE = 120_000  # ms
COUPLE = Truth(met=(0.3, 0.75), moments=14.0, looked_at=0.5)
SESSIONS = 9  # of the couple


def take_session(page: Page, address: str, session: str, out: Path, name: str) -> None:
    """The start page, a moment with one tool open, and the summary; `name` is theme and width."""
    page.goto(address)
    page.get_by_role("button", name="Open").wait_for()
    page.wait_for_timeout(CALM)
    page.screenshot(path=out / f"start-{name}.png", full_page=True)
    page.goto(f"{address}/?session={session}")
    page.locator(".player[data-ready='true']").wait_for()
    page.wait_for_timeout(CALM)
    page.screenshot(path=out / f"moment-{name}.png")
    page.get_by_role("button", name="Voices").click()
    page.wait_for_timeout(CALM)
    page.screenshot(path=out / f"voices-{name}.png")
    page.goto(f"{address}/?session={session}&view=summary")
    page.get_by_role("heading", name="Summary").wait_for()
    page.locator("canvas, .vega-embed svg").first.wait_for()
    _take_tall(page, out / f"summary-{name}.png")


def take_couple(page: Page, address: str, couple: int, out: Path, name: str) -> None:
    """The trends of a couple; `name` is theme and width."""
    page.goto(f"{address}/?couple={couple}")
    page.get_by_role("heading", name="Since last time").wait_for()
    page.locator("canvas, .vega-embed svg").first.wait_for()
    _take_tall(page, out / f"trends-{name}.png")


def _take_tall(page: Page, picture: Path) -> None:
    """All of a page that scrolls within itself."""
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": TALL})
    page.wait_for_timeout(2 * CALM)
    page.screenshot(path=picture)
    page.set_viewport_size({"width": width, "height": HEIGHT})


def _sample(library: Library) -> str:
    """Put the sample in and begin to analyse it; the id of the session."""
    words = SAMPLE.with_suffix(".vtt")
    with SAMPLE.open("rb") as sound, words.open("rb") as said:
        session = take_in(library, Incoming(SAMPLE.name, sound, (words.name, said), "An evening (sample)")).id
    start(library, session)
    return session


def main() -> None:
    """Analyse, serve, take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "review")
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        library, others = Library(Path(scratch) / "library"), Library(Path(scratch) / "others")
        session, couple = _sample(library), others.add_couple("Ann & Ben")
        fill_library(others, couple, made_up_sessions(COUPLE, SESSIONS, np.random.default_rng(1)), Path(scratch))
        chromium = playwright.chromium.launch(executable_path=str(asked.chromium), args=["--no-sandbox"])
        with (
            serving(library.folder, Path(scratch) / "log.txt") as server,
            serving(others.folder, Path(scratch) / "log of the others.txt") as server_of_others,
        ):
            waiting = chromium.new_page()
            while is_unfinished(library.session(session)):
                waiting.wait_for_timeout(CALM)
            for theme, width in product(("light", "dark"), WIDTHS):
                viewport: ViewportSize = {"width": width, "height": HEIGHT}
                context = chromium.new_context(viewport=viewport, color_scheme="dark" if theme == "dark" else "light")
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                take_session(page, server.address, session, asked.out, f"{theme}-{width}")
                take_couple(page, server_of_others.address, couple.id, asked.out, f"{theme}-{width}")
                context.close()
        chromium.close()
        library.close()
        others.close()
    print(f"Written to {asked.out}")


if __name__ == "__main__":
    main()
