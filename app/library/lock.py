"""Locks between processes, on a file in the library: let go by themselves when their process dies, even by kill -9.

They are SQLite's own locks on an empty database, so that they work wherever the library does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.library.records import LibraryError

PATIENCE = 60.0  # seconds; opening a library or moving a folder takes far less

SHARED = ("BEGIN", "SELECT count(*) FROM sqlite_master")
EXCLUSIVE = ("BEGIN EXCLUSIVE",)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock alone. Raises LibraryError where others hold it for longer than PATIENCE."""
    with closing(_taken(path, EXCLUSIVE, PATIENCE)):
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock together with others who share it. Raises LibraryError as `exclusive` does."""
    with closing(_taken(path, SHARED, PATIENCE)):
        yield


@contextmanager
def exclusive_if_free(path: Path) -> Iterator[bool]:
    """Hold the lock alone if nobody holds it; says whether it is held."""
    try:
        held = _taken(path, EXCLUSIVE, 0.0)
    except LibraryError:
        yield False
        return
    with closing(held):
        yield True


def _taken(path: Path, statements: tuple[str, ...], patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        for statement in statements:
            connection.execute(statement).fetchall()
    except sqlite3.Error as error:
        connection.close()
        raise LibraryError(
            f"The library {path.parent} is held by another program, or cannot be written ({error}): try again later."
        ) from error
    return connection
