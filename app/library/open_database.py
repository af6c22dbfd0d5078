"""The database of a library that is open: transactions to read and to write in, and what goes wrong in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Rows

from app.library.database import empty_log, open_database, writer
from app.library.records import LibraryError


class OpenDatabase:
    """The database in the folder of a library. Raises LibraryError where it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._engine = open_database(folder)
        self._writer = writer(self._engine)

    def close(self) -> None:
        """Let go of the files."""
        self._engine.dispose()

    def _forget_log(self) -> None:
        """See to it that nothing that was deleted is still in the database's own log."""
        empty_log(self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Rows]:
        with self._sentences(), Rows(self._engine) as rows:
            yield rows

    @contextmanager
    def _writing(self) -> Iterator[Rows]:
        with self._sentences(), Rows(self._writer, expire_on_commit=False) as rows, rows.begin():
            yield rows

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Say in one sentence what the disk or the database refuses."""
        try:
            yield
        except DatabaseError as error:
            raise LibraryError(f"The library {self.folder} cannot be used ({error.orig}).") from error
        except OSError as error:
            raise LibraryError(f"{error.filename or self.folder}: {error.strerror}.") from error
