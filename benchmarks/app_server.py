"""A server of pages as a process of its own: how long it takes to start, and the memory that it holds; Linux only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.library import PLACE
from app.review.settings import HOST, SETTINGS
from app.review_command import is_up, server_command

ROOT = Path(__file__).resolve().parent.parent
ASK_EVERY = 0.05  # seconds: as exactly is its start known


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: its address, the seconds that it took to start, and its process."""

    address: str
    started_in: float
    process: int

    @property
    def memory(self) -> float:
        """MB resident in the process and those that it started."""
        return sum(_resident(process) for process in _family(self.process))

    @property
    def processor(self) -> float:
        """Seconds that the process has had the processor, its own work and the system's for it."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:13]) / os.sysconf("SC_CLK_TCK")


def streamlit_command(script: Path) -> Callable[[int], list[str]]:
    """The command that serves a script by Streamlit, as server_command does the review app."""
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    return lambda port: [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *settings]


@contextmanager
def serving(library: Path, log: Path, command: Callable[[int], list[str]] = server_command) -> Iterator[Server]:
    """Run the review app, or what the command serves at a port, with a library until the end of the block."""
    port = _free_port()
    address = f"http://{HOST}:{port}"
    # A script stands in benchmarks/, and what it imports in the folder above.
    surroundings = os.environ | {PLACE: str(library), "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    with log.open("w") as told:
        process = subprocess.Popen(command(port), cwd=ROOT, env=surroundings, stdout=told, stderr=subprocess.STDOUT)
    try:
        if not is_up(address, process, ASK_EVERY):
            raise SystemExit(f"The server did not start: {log.read_text()}")
        yield Server(address, time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _family(process: int) -> Iterator[int]:
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _family(int(child))


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmRSS:")), 0.0)
