"""The folders of the sessions: where each file lies, and how folders come and go whole.

A session's folder holds the recording as it came and, each time it is analysed, a folder of its own for what was
computed; which of these counts is written in the database. So a change of many files is one change of one row.
A folder that is not finished is marked: it belongs to the session only if the database says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app.library.records import RemovedFile
from audio.conversation import Conversation
from audio.storage import conversation_to_json, write_json, write_tracks, write_voices

UNFINISHED = ".unfinished"  # an empty file in a folder that is about to come or to go
PART = ".part-"  # before the name of a folder that nobody looks into
COMPUTED = "computed-"  # before the name of a folder of one analysis
BLOCK = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class ComputedFiles:
    """What was computed from the recording: the first two are always there, those of the review once it needs them.

    voices: what voices are compared by; older analyses have none.
    """

    conversation: Path
    tracks: Path
    voices: Path
    review_tracks: Path
    review_words: Path


@dataclass(frozen=True, slots=True)
class SessionFiles:
    """Where the files of a session lie. `audio`: for listening in a browser, once it was made; `computed`: the last
    analysis, None before the first. Write beside a file and rename; never make the folder anew, it may be deleted."""

    folder: Path
    source: Path
    audio: Path
    computed: ComputedFiles | None


def files_of(folder: Path, source: str, computed: str | None) -> SessionFiles:
    """The files of the session in `folder`, by the names that the database has for two of them."""
    analysis = computed_files(folder / computed) if computed else None
    return SessionFiles(folder, folder / source, folder / "audio.webm", analysis)


def computed_files(folder: Path) -> ComputedFiles:
    """The files of one analysis."""
    return ComputedFiles(
        conversation=folder / "conversation.json",
        tracks=folder / "tracks.npz",
        voices=folder / "voices.npz",
        review_tracks=folder / "tracks.bin",
        review_words=folder / "words.json",
    )


@contextmanager
def new_part(sessions: Path) -> Iterator[Path]:
    """A new folder beside the sessions' own for what is not finished; it goes again unless it is moved away."""
    part = sessions / f"{PART}{uuid4().hex}"
    part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def copy_whole(source: Path, target: Path) -> str:
    """Copy a file and see it on the disk; returns its SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as original, target.open("xb") as copy:
        while block := original.read(BLOCK):
            digest.update(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    sync_folder(target.parent)
    return digest.hexdigest()


def write_computed(conversation: Conversation, folder: Path) -> None:
    """Write the conversation, its tracks and its voices into `folder`, and see them on the disk."""
    files = computed_files(folder)
    write_json(conversation_to_json(conversation), files.conversation)
    write_tracks(conversation.tracks, files.tracks)
    if conversation.voices is not None:
        write_voices(conversation.voices, files.voices)
    sync_folder(folder)


def move(folder: Path, target: Path) -> None:
    """Rename a folder, and see the new name on the disk."""
    folder.rename(target)
    sync_folder(target.parent)
    if folder.parent != target.parent:
        sync_folder(folder.parent)


def join(arrived: Path, folder: Path) -> None:
    """Move all that is in one folder into another, in the place of files of the same name."""
    for path in sorted(arrived.iterdir()):
        path.rename(folder / path.name)
    sync_folder(folder)


def mark_unfinished(folder: Path) -> None:
    """Say that the folder goes unless the database has it; nothing where somebody removed it by hand."""
    if not folder.exists():
        return
    (folder / UNFINISHED).touch()
    sync_folder(folder)


def mark_finished(folder: Path) -> None:
    """The inverse of mark_unfinished."""
    (folder / UNFINISHED).unlink(missing_ok=True)
    sync_folder(folder)


def remove_folder(sessions: Path, folder: Path) -> None:
    """Remove a folder with all that is in it; first its name, so that nobody writes into it meanwhile."""
    if not folder.exists():
        return
    doomed = folder
    if not folder.name.startswith(PART):
        doomed = sessions / f"{PART}{uuid4().hex}"
        move(folder, doomed)
    shutil.rmtree(doomed)
    sync_folder(sessions)


def files_in(folder: Path) -> tuple[RemovedFile, ...]:
    """All files in a folder, by name; marks are not counted."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != UNFINISHED)
    return tuple(RemovedFile(path.relative_to(folder).as_posix(), path.stat().st_size) for path in found)


def tidy(sessions: Path, known: Mapping[str, str | None]) -> None:
    """Finish what a crash left half-way. known: the sessions of the database, each with its last analysis.

    A folder without a mark that the database does not know is left alone: it may be all that is left of a library.
    """
    for folder in [entry for entry in sessions.iterdir() if entry.is_dir()]:
        if folder.name.startswith(PART):
            remove_folder(sessions, folder)
        elif folder.name in known:
            if (folder / UNFINISHED).exists():
                mark_finished(folder)
            _remove_old_analyses(folder, known[folder.name])
        elif (folder / UNFINISHED).exists():
            remove_folder(sessions, folder)


def sync_folder(folder: Path) -> None:
    """See the names in a folder on the disk; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_old_analyses(folder: Path, computed: str | None) -> None:
    for inside in [entry for entry in folder.glob(f"{COMPUTED}*") if entry.name != computed]:
        shutil.rmtree(inside)
