"""Open the database of a library: settings that survive a power cut, and migrations up to this version's tables.

In: the folder of a library. Out: an SQLAlchemy engine on `library.sqlite` in it. All transactions are begun by
SQLite's own statement, since the driver's habit of beginning late would let two writers meet half-way.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from app.library.lock import exclusive
from app.library.records import LibraryError
from app.library.tables import VERSION

FILE = "library.sqlite"
LOCK = "opening.lock"
MIGRATIONS = Path(__file__).parent / "migrations"
BEGIN = "sqlite_begin"  # execution option: the statement that begins a transaction
PRAGMAS = (
    "busy_timeout = 30000",  # ms; a writer waits for another, who is done in milliseconds
    "journal_mode = WAL",  # readers and one writer at once
    "synchronous = FULL",  # what was committed survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what was deleted is overwritten
)


def open_database(folder: Path) -> Engine:
    """The database in `folder`, made or migrated where needed. Raises LibraryError where that cannot be."""
    engine = create_engine(URL.create("sqlite", database=str(folder / FILE)))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with exclusive(folder / LOCK), writer(engine).begin() as connection:
            _bring_up_to_date(connection, folder)
        empty_log(engine)
    except DatabaseError as error:
        raise LibraryError(f"The library {folder} cannot be opened ({error.orig}).") from error
    return engine


def writer(engine: Engine) -> Engine:
    """The same database for transactions that write: they queue at their beginning, and never fail half-way."""
    return engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})


def empty_log(engine: Engine) -> None:
    """Bring all that was written into the database itself, so that its log keeps no trace of what was deleted."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in PRAGMAS:
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))


def _bring_up_to_date(connection: Connection, folder: Path) -> None:
    version = _version(connection)
    if version == VERSION:
        return
    _migrate(connection, version, folder)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _migrate(connection: Connection, version: str | None, folder: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise LibraryError(f"The library {folder} was written by a newer version of Undertone: install that one.")
    command.upgrade(config, VERSION)
