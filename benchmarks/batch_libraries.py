"""What lies in a library after a batch: what each session is made of, and what was left half-way.

In: the folder of a library. Out: the checksums of all files of each session, whatever the session's number is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import av

from app.library import Library
from app.library.session_files import COMPUTED, PART, UNFINISHED


def contents(folder: Path) -> dict[str, Mapping[str, str]]:
    """Checksums of the files of each session, by the checksum of its recording. Fails where one is there twice."""
    library = Library(folder)
    found: dict[str, Mapping[str, str]] = {}
    for session in library.sessions():
        assert session.content_hash not in found, "a recording is there twice"
        assert session.state == "done"
        files = library.files(session.id)
        about = {"state": session.state, "counts": json.dumps(session.counts), "length": str(session.length)}
        found[session.content_hash] = about | {
            _name(path, files.folder): _checksum(path) for path in sorted(files.folder.rglob("*")) if path.is_file()
        }
    library.close()
    return found


def half_written(folder: Path) -> int:
    """How many files and folders were left half-way, and results that nobody took in."""
    sessions = folder / "sessions"
    parts = [path for path in sessions.rglob("*") if PART in path.name or path.name.endswith(".part")]
    marks = list(sessions.rglob(UNFINISHED))
    results = list((folder / "batch" / "results").iterdir())
    return len(parts) + len(marks) + len(results)


def _name(path: Path, folder: Path) -> str:
    """The path in the session's folder, without the number that each analysis has."""
    parts = path.relative_to(folder).parts
    return "/".join(COMPUTED if part.startswith(COMPUTED) else part for part in parts)


def _checksum(path: Path) -> str:
    """Of what a file holds, but for the time that an analysis took, and the numbers that are drawn by lot."""
    if path.name == "made.json":
        made = json.loads(path.read_text())
        made["figures"].pop("seconds")
        return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    if path.name in ("summary.json", "figures.json"):
        record = json.loads(path.read_text())
        record.pop("made_of")  # holds the number of the analysis
        return json.dumps(record, sort_keys=True)
    if path.suffix == ".webm":
        with av.open(str(path)) as sound:  # the container has a number drawn by lot in its header
            return hashlib.sha256(b"".join(bytes(packet) for packet in sound.demux(audio=0))).hexdigest()
    return hashlib.sha256(path.read_bytes()).hexdigest()
