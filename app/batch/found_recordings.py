"""The recordings in folders, with what lies beside them: on this machine, or wherever fsspec can look.

In: places, as a person or a shell names them: files and folders, paths or addresses such as s3://practice/week48.
Out: FoundRecordings in the order of their names. Hidden files, and all that is no recording by its name, are passed by.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from app.analysing.provenance import may_belong_to
from audio.decoder import shown_name
from audio.errors import UndertoneError, first_line

# By these names a file is taken for a recording: sound, and video with sound.
SUFFIXES = frozenset({
    ".wav", ".w64", ".aif", ".aiff", ".au", ".caf", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aac", ".m4a", ".m4b",
    ".ac3", ".amr", ".3gp", ".mp4", ".m4v", ".mov", ".mkv", ".mka", ".webm", ".avi", ".wma", ".wmv", ".asf", ".ts",
    ".mts", ".mpg", ".mpeg", ".flv", ".wv",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """A recording before anybody opened it.

    address: for fsspec, a plain path on this machine. shown: how the person knows it. bytes: its size.
    beside: addresses of the files that belong to it.
    """

    address: str
    shown: str
    bytes: int
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the file, without its folder."""
        return PurePosixPath(self.address).name


def find_recordings(places: Sequence[str]) -> tuple[FoundRecording, ...]:
    """All recordings in `places`, each once. Raises UndertoneError where a place is not there or cannot be read."""
    found: dict[str, FoundRecording] = {}
    for place in places:
        for recording in _in_place(place):
            found.setdefault(recording.address, recording)
    return tuple(found.values())


@contextmanager
def at_hand(recording: FoundRecording, scratch: str | Path) -> Iterator[Path]:
    """The recording on a disk of this machine, with what belongs to it; fetched into `scratch` if it lies elsewhere.

    Raises OSError.
    """
    if not is_address(recording.address):
        yield Path(recording.address)
        return
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for address in (recording.address, *recording.beside):
            system, path = fsspec.core.url_to_fs(address)
            system.get_file(path, str(Path(folder) / PurePosixPath(path).name))
        yield Path(folder) / recording.name


def is_address(place: str) -> bool:
    """Whether it is an address for fsspec, and no path on this machine."""
    return "://" in place or "::" in place


def _in_place(place: str) -> Iterator[FoundRecording]:
    try:
        system, root = fsspec.core.url_to_fs(place if is_address(place) else str(Path(place).expanduser().resolve()))
        listed = _listed(system, root)
    except (OSError, ValueError, ImportError) as error:
        raise UndertoneError(f"{place} cannot be looked into ({first_line(error)}): check its name.") from None
    beside: dict[PurePosixPath, list[str]] = {}
    for path in sorted(listed):
        for stem in may_belong_to(PurePosixPath(path).name):
            beside.setdefault(PurePosixPath(path).with_name(stem), []).append(path)
    for path in sorted(path for path in listed if PurePosixPath(path).suffix.lower() in SUFFIXES):
        yield FoundRecording(
            address=_address(system, path),
            shown=_shown(place, root, path),
            bytes=int(listed[path].get("size") or 0),
            beside=tuple(_address(system, other) for other in beside.get(PurePosixPath(path).with_suffix(""), ())),
        )


def _listed(system: fsspec.AbstractFileSystem, root: str) -> Mapping[str, Mapping[str, Any]]:
    """All files at or below `root` but hidden ones, by path; of a single file its neighbours too, but no recordings."""
    if system.isdir(root):
        inside = system.find(root, detail=True)
        return {path: about for path, about in inside.items() if not _is_hidden(path, root)}
    if not system.exists(root):
        raise FileNotFoundError("there is nothing of that name")
    parent = str(PurePosixPath(root).parent)
    neighbours = {path: about for path, about in system.find(parent, maxdepth=1, detail=True).items()
                  if PurePosixPath(path).suffix.lower() not in SUFFIXES}  # fmt: skip
    return {**neighbours, root: system.info(root)}


def _is_hidden(path: str, root: str) -> bool:
    """Whether a file or a folder on the way to it is hidden, as are the shadows that macOS leaves (._talk.wav)."""
    return any(part.startswith(".") for part in PurePosixPath(path).relative_to(root).parts)


def _address(system: fsspec.AbstractFileSystem, path: str) -> str:
    return path if isinstance(system, LocalFileSystem) else str(system.unstrip_protocol(path))


def _shown(place: str, root: str, path: str) -> str:
    """The path as it continues what the person wrote, fit to be printed in a line."""
    inside = PurePosixPath(path).relative_to(root) if path != root else PurePosixPath()
    parts = (place.rstrip("/"), *(shown_name(Path(part)) for part in inside.parts))
    return "/".join(parts) if inside.parts else place
