"""The review app as a server of its own, a library with one analysed session, and a browser that tells on requests."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.review_command import is_up, server_command

ROOT = Path(__file__).resolve().parents[2]
EVENING = ROOT / "sample_data" / "evening.ogg"
CHROMIUM = Path("/usr/bin/chromium")


@dataclass(frozen=True)
class App:
    """A running server: its address, its library's folder, and the session in it."""

    address: str
    library: Path
    session: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A busy machine may let a browser wait for too long: such a test is tried again before it counts as failed."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session")
def library_with_a_session(tmp_path_factory) -> tuple[Path, str]:
    from app.analysing.review_media import write_review_media
    from app.library import Library
    from audio.listen import listen

    folder = tmp_path_factory.mktemp("library")
    library = Library(folder)
    session = library.add(EVENING, "An evening")
    conversation = listen(EVENING)
    library.keep(session.id, conversation)
    write_review_media(library.files(session.id), conversation)
    library.close()
    return folder, session.id


@pytest.fixture(scope="session")
def app(library_with_a_session, tmp_path_factory) -> Iterator[App]:
    folder, session = library_with_a_session
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    surroundings = os.environ | {"UNDERTONE_LIBRARY": str(folder)}
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("w") as told:
        server = subprocess.Popen(
            server_command(port), cwd=ROOT, env=surroundings, stdout=told, stderr=subprocess.STDOUT
        )
    try:
        if not is_up(address, server):
            pytest.fail(f"the app did not start: {log.read_text()}")
        yield App(address, folder, session)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, app) -> Iterator[object]:
    """A tab; the test fails if anything in it asks another machine, or if a script breaks."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    strangers: list[str] = []
    broken: list[str] = []
    opened.on("request", lambda request: None if is_ours(request.url, app) else strangers.append(request.url))
    opened.on("websocket", lambda socket: None if is_ours(socket.url, app) else strangers.append(socket.url))
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert not strangers, f"asked another machine: {strangers}"
    assert not broken, broken


def is_ours(address: str, app: App) -> bool:
    """Whether an address is the app's own, or none of the net at all."""
    host = app.address.removeprefix("http://")
    return address.startswith((f"http://{host}/", f"ws://{host}/", "data:", "blob:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
