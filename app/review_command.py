"""`undertone review`: the review app in the browser, on this machine alone.

Starts the server of app.review.asgi on 127.0.0.1 and waits until it is ended (Ctrl-C). What is being analysed goes on.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from app.library import PLACE, Library, default_folder
from app.library.records import LibraryError
from app.review.settings import HOST
from app.terminal import BAD_INPUT, results, say_error

ROOT = Path(__file__).resolve().parents[1]  # where the packages lie: a folder "app" of the user's must not be taken
PORT = 8501
NEXT_PORTS = 20  # tried after one that is taken
STARTS_WITHIN = 60.0  # seconds
ASK_EVERY = 0.2  # seconds
LAST_PORT = 65_535


def review(
    library: Annotated[Path | None, typer.Option(help="Folder of the library; your own if not given.")] = None,
    port: Annotated[
        int, typer.Option(help="Where to listen; the next free one if taken.", min=1, max=LAST_PORT)
    ] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open the review app: add recordings, step through their moments, mark and write."""
    folder = (library or default_folder()).absolute()
    free = free_port(port)
    if free is None:
        say_error(f"The ports {port} to {min(port + NEXT_PORTS, LAST_PORT)} are all taken: name another with --port.")
        raise typer.Exit(BAD_INPUT)
    if find_spec("streamlit") is None:
        say_error("The review app needs Streamlit, which is not installed: install undertone anew.")
        raise typer.Exit(BAD_INPUT)
    try:
        Library(folder).close()
    except LibraryError as error:
        say_error(str(error))
        raise typer.Exit(BAD_INPUT) from None
    raise typer.Exit(_serve(folder, free, not no_browser))


def free_port(first: int) -> int | None:
    """The first port from `first` on that is free on this machine; None where NEXT_PORTS more are taken."""
    return next((port for port in range(first, min(first + NEXT_PORTS, LAST_PORT) + 1) if _is_free(port)), None)


def server_command(port: int) -> list[str]:
    """The command that serves the app.

    Not `streamlit run`: that binds a socket on which asyncio leaves Nagle's algorithm on, so that the body of each
    answer waits 40 ms until its head was acknowledged, and a page is some hundred answers. Uvicorn's own does not.
    """
    uvicorn = [sys.executable, "-m", "uvicorn", "app.review.asgi:app", "--app-dir", str(ROOT)]
    return [*uvicorn, "--host", HOST, "--port", str(port), "--no-access-log", "--log-level", "warning"]


def is_up(address: str, server: subprocess.Popen[bytes], ask_every: float = ASK_EVERY) -> bool:
    """Whether the server answers within STARTS_WITHIN; false at once where its process ends."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(ask_every)
        else:
            return True
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # there it would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _serve(folder: Path, port: int, open_browser: bool) -> int:
    """Run the server until it ends; its exit code."""
    surroundings = os.environ | {PLACE: str(folder)}
    address = f"http://{HOST}:{port}"
    server = subprocess.Popen(server_command(port), env=surroundings, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # whoever ends this ends the server too
    try:
        if not is_up(address, server):
            say_error("The review app did not start; what is known of it stands above.")
            return 1
        results.print(f"The review app is at {address} (Ctrl-C ends it). Library: {folder}", soft_wrap=True)
        if open_browser:
            webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()
