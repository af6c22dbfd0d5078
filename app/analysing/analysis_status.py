"""How far the analysis of a session is: a small file in the session's folder, replaced whole each time.

In: the folder of a session. Out: an AnalysisStatus with the process that wrote it. A process is known by its number
and the time it started at, so that another one that got the number later is not taken for it. Times are seconds.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil

FILE = "status.json"
LOG = "analysis.log"
START_DIFFERS = 1.0  # seconds by which clocks may tell the start of one process differently
STATUS_EVERY = 0.25  # seconds: oftener than the page looks


@dataclass(frozen=True, slots=True)
class AnalysisStatus:
    """How far an analysis is.

    stage: a name in STAGES of session_analysis. share: of this stage, 0 to 1. starts: how often it was begun.
    pid, started: the process, and when that started (seconds since 1970). updated: when this was written.
    """

    stage: str
    share: float
    starts: int
    pid: int
    started: float
    updated: float


def read_status(folder: Path) -> AnalysisStatus | None:
    """What was written last; None where nothing was."""
    try:
        return AnalysisStatus(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_status(folder: Path) -> None:
    """Remove what was written."""
    (folder / FILE).unlink(missing_ok=True)


def process_of(status: AnalysisStatus) -> psutil.Process | None:
    """The process that wrote a status, if it is alive."""
    try:
        process = psutil.Process(status.pid)
        same = abs(process.create_time() - status.started) < START_DIFFERS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


class StatusFile:
    """The status of an analysis, written as often as a person wants to see it move."""

    def __init__(self, folder: Path, first_stage: str, pid: int) -> None:
        """Write at once that a process begins. Raises OSError where the folder is gone, NoSuchProcess where that is."""
        before, started = read_status(folder), psutil.Process(pid).create_time()
        known = before is not None and before.pid == pid and abs(before.started - started) < START_DIFFERS
        starts = (before.starts if before else 0) + (not known)
        self._folder = folder
        self.status = AnalysisStatus(first_stage, 0.0, starts, pid, started, time.time())
        self._write()

    def tell(self, stage: str, share: float) -> None:
        """Say how far it is."""
        now = time.time()
        if stage == self.status.stage and now - self.status.updated < STATUS_EVERY:
            return
        self.status = replace(self.status, stage=stage, share=min(1.0, max(0.0, share)), updated=now)
        self._write()

    def _write(self) -> None:
        part = self._folder / f".{FILE}.{os.getpid()}.part"
        part.write_text(json.dumps(asdict(self.status)), encoding="utf-8")
        part.replace(self._folder / FILE)
