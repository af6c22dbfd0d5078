"""Results that workers have finished and the library has not taken in yet: one file each, in a folder all can reach.

In: the folder of a prepared session. Out: an archive in the storage, named after what it was made of, that appears
whole or not at all. The storage is any folder that fsspec can write: on this machine, a shared disk, s3, gcs.
"""

from __future__ import annotations

import shutil
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from uuid import uuid4

import fsspec

from audio.errors import UndertoneError, first_line
from audio.whole_files import write_whole

WHOLE, PART = ".zip", ".part"


def open_storage(address: str) -> None:
    """See to it that there is a storage, and clear away what was never finished. Raises UndertoneError."""
    try:
        system, folder = fsspec.core.url_to_fs(address)
        system.makedirs(folder, exist_ok=True)
        for path in _names(address):
            if path.endswith(PART):
                system.rm_file(path)
    except (OSError, ValueError, ImportError) as error:
        raise UndertoneError(
            f"Results cannot be kept in {address} ({first_line(error)}): name another place."
        ) from None


def finished_keys(address: str) -> set[str]:
    """The keys of all results that are there."""
    return {PurePosixPath(path).stem for path in _names(address) if path.endswith(WHOLE)}


def put_result(address: str, key: str, prepared: Path) -> None:
    """Put the folder of a prepared session into the storage; its last step is one renaming. Raises OSError."""
    system, folder = fsspec.core.url_to_fs(address)
    archive = prepared.with_suffix(WHOLE)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:  # sound and tracks are compressed already
        for path in sorted(path for path in prepared.rglob("*") if path.is_file()):
            packed.write(path, path.relative_to(prepared).as_posix())
    part = f"{folder}/{key}.{uuid4().hex}{PART}"
    try:
        system.put_file(str(archive), part)
        system.mv(part, f"{folder}/{key}{WHOLE}")
    except BaseException:
        with suppress(OSError):
            system.rm_file(part)
        raise


def unpack_result(address: str, key: str, target: Path) -> None:
    """Unpack a result into a folder that is there, and see its files on the disk.

    Raises OSError, and zipfile.BadZipFile where it was damaged in the storage.
    """
    system, folder = fsspec.core.url_to_fs(address)
    with system.open(f"{folder}/{key}{WHOLE}", "rb") as file, zipfile.ZipFile(file) as packed:
        for member in packed.infolist():
            inside = PurePosixPath(member.filename)
            if inside.is_absolute() or ".." in inside.parts:
                raise zipfile.BadZipFile(f"{member.filename} lies outside")
            path = target / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as content:
                write_whole(path, partial(shutil.copyfileobj, content))


def forget_result(address: str, key: str) -> None:
    """Remove a result, if it is there."""
    system, folder = fsspec.core.url_to_fs(address)
    with suppress(FileNotFoundError):
        system.rm_file(f"{folder}/{key}{WHOLE}")


def _names(address: str) -> list[str]:
    system, folder = fsspec.core.url_to_fs(address)
    system.invalidate_cache()
    return [str(path) for path in system.ls(folder, detail=False)]
