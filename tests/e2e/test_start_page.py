"""The first page in a browser: a recording comes in, is analysed whatever happens to the server, and goes again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs playwright")
from playwright.sync_api import Page, expect

from app.library import Library
from app.review_command import free_port, is_up, server_command

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
EVENING = ROOT / "sample_data" / "evening.ogg"
SUNDAY = EVENING.with_name("sunday.ogg")
FIRST_PORT = 18_600 + os.getpid() % 10_000  # so that two runs at once do not meet
LOADS_WITHIN = 30_000  # milliseconds
ANALYSED_WITHIN = 120_000  # milliseconds
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
FILES = "input[type=file]"


@dataclass
class Server:
    """A server on a library of its own, which can be killed and started again at the same address."""

    folder: Path
    port: int = field(default_factory=lambda: free_port(FIRST_PORT) or FIRST_PORT)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        surroundings = os.environ | {"UNDERTONE_LIBRARY": str(self.folder / "library")}
        log = self.folder / "server.log"
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                server_command(self.port),
                cwd=ROOT,
                env=surroundings,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
        assert is_up(self.address, self.process), f"the app did not start: {log.read_text()}"

    def owns(self, address: str) -> bool:
        """Whether an address is the app's own, or none of the net at all."""
        return address.startswith((f"{self.address}/", f"ws://127.0.0.1:{self.port}/", "data:", "blob:"))

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(with_signal)
        self.process.wait(timeout=20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    started.start()
    yield started
    started.end()


@pytest.fixture
def library(server: Server) -> Iterator[Library]:
    """The same library, as another process has it; what is still being analysed at the end of a test is stopped."""
    from app.analysing.analysis_job import cancel, is_unfinished

    opened = Library(server.folder / "library")
    yield opened
    for session in opened.sessions():
        if is_unfinished(session):
            cancel(opened, session.id)
    opened.close()


@pytest.fixture
def start_page(browser, server: Server) -> Iterator[Page]:
    """A tab; the test fails if anything in it asks another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    strangers: list[str] = []
    opened.on("request", lambda request: None if server.owns(request.url) else strangers.append(request.url))
    opened.on("websocket", lambda socket: None if server.owns(socket.url) else strangers.append(socket.url))
    go_to(opened, server)
    yield opened
    context.close()
    assert not strangers, f"asked another machine: {strangers}"


def go_to(page: Page, server: Server) -> None:
    page.goto(server.address)
    expect(page.get_by_role("heading", name="Add a recording")).to_be_visible(timeout=LOADS_WITHIN)
    page.wait_for_selector(AT_REST)


def add(page: Page, *files: Path) -> None:
    page.set_input_files(FILES, list(files))
    page.get_by_role("button", name="Analyse").first.click()
    expect(page.get_by_role("heading", name="Being analysed")).to_be_visible(timeout=LOADS_WITHIN)


def test_what_was_understood_of_each_file_is_said_before_anything_is_analysed(
    start_page: Page, library: Library, tmp_path: Path
) -> None:
    broken = tmp_path / "holiday.mp3"
    broken.write_bytes(b"no sound" * 100)
    start_page.set_input_files(FILES, [SUNDAY, SUNDAY.with_suffix(".vtt"), broken])
    lines = start_page.locator(".understood li")
    expect(lines).to_have_text(
        [
            "sunday.ogg 3:59, one channel",
            "holiday.mp3 is no sound or video file that can be read: choose another file.",
            "sunday.vtt words for sunday.ogg",
        ]
    )
    assert not library.sessions()


def test_an_upload_is_analysed_and_opened(start_page: Page) -> None:
    add(start_page, EVENING, EVENING.with_suffix(".vtt"))
    expect(start_page.get_by_text("Step ")).to_be_visible(timeout=LOADS_WITHIN)
    start_page.reload()
    expect(start_page.get_by_role("heading", name="Being analysed")).to_be_visible(timeout=LOADS_WITHIN)
    recording = start_page.locator(".recording", has_text="Ben and Nora")
    expect(recording).to_contain_text("5 still to look at", timeout=ANALYSED_WITHIN)
    start_page.get_by_role("button", name="Open").click()
    start_page.wait_for_selector(".player[data-ready='true']", timeout=LOADS_WITHIN)
    start_page.get_by_role("button", name="All recordings").click()
    expect(start_page.get_by_role("heading", name="evening")).to_be_visible(timeout=LOADS_WITHIN)


def test_the_server_may_be_killed_in_the_middle_of_an_analysis(
    start_page: Page, server: Server, library: Library
) -> None:
    from app.analysing.analysis_job import status

    add(start_page, EVENING, EVENING.with_suffix(".vtt"))
    while library.sessions()[0].state == "waiting":
        start_page.wait_for_timeout(50)
    server.end(signal.SIGKILL)
    begun = status(library, library.sessions()[0].id)
    assert begun is not None
    os.kill(begun.pid, signal.SIGKILL)  # the machine went down: nothing of it was left
    assert library.sessions()[0].state == "running"
    server.start()
    go_to(start_page, server)
    expect(start_page.get_by_role("button", name="Open")).to_be_visible(timeout=ANALYSED_WITHIN)
    assert library.sessions()[0].state == "done"


def test_an_analysis_can_be_cancelled_and_begun_again(start_page: Page, library: Library) -> None:
    add(start_page, SUNDAY, SUNDAY.with_suffix(".vtt"))
    start_page.get_by_role("button", name="Cancel").click()
    expect(start_page.get_by_text("The analysis was cancelled.")).to_be_visible(timeout=LOADS_WITHIN)
    assert library.sessions()[0].state == "cancelled"
    start_page.get_by_role("button", name="Analyse again").click()
    expect(start_page.get_by_role("heading", name="Being analysed")).to_be_visible(timeout=LOADS_WITHIN)


def test_a_recording_is_deleted_only_after_a_question_and_what_went_is_said(
    start_page: Page, server: Server, library: Library
) -> None:
    session = library.add(EVENING, "<b>An *evening*</b>")
    library.set_state(session.id, "cancelled")
    go_to(start_page, server)
    start_page.get_by_role("button", name="Delete").click()
    expect(start_page.get_by_role("heading", name='Delete "<b>An *evening*</b>"?')).to_be_visible()
    start_page.get_by_role("button", name="Keep it").click()
    expect(start_page.get_by_role("button", name="Analyse again")).to_be_visible()
    assert library.sessions()
    start_page.get_by_role("button", name="Delete").click()
    start_page.get_by_role("button", name="Delete for good").click()
    expect(start_page.get_by_role("status")).to_have_text(
        '"<b>An *evening*</b>" is gone: one file (0.4 MB) and nothing that you wrote.'
    )
    assert not library.sessions()


def test_a_recording_that_is_there_already_is_not_added_twice(
    start_page: Page, server: Server, library: Library
) -> None:
    known = library.add(EVENING, "Our evening")
    library.set_state(known.id, "done")
    library.set_counts(known.id, {"missed": 0})
    go_to(start_page, server)
    start_page.set_input_files(FILES, [EVENING])
    start_page.get_by_role("button", name="Analyse this recording").click()
    expect(start_page.get_by_role("status")).to_have_text('"evening.ogg" is in the library already, as "Our evening".')
    assert [session.id for session in library.sessions()] == [known.id]


def test_nothing_is_recorded_before_both_have_agreed(start_page: Page) -> None:
    start_page.get_by_role("tab", name="Record now").click()
    record = start_page.locator("[data-testid=stAudioInput] button").first
    expect(record).to_be_disabled()
    start_page.get_by_text("Both of us know").click()
    expect(record).to_be_enabled()


def test_the_keyboard_alone_reaches_a_recording(start_page: Page, server: Server, library: Library) -> None:
    session = library.add(EVENING)
    library.set_state(session.id, "cancelled")
    go_to(start_page, server)
    expect(start_page.get_by_role("button", name="Delete")).to_be_visible()
    for _ in range(30):
        start_page.keyboard.press("Tab")
        if start_page.evaluate("document.activeElement.textContent") == "Delete":
            break
    start_page.keyboard.press("Enter")
    expect(start_page.get_by_role("button", name="Delete for good")).to_be_visible()
