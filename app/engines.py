"""What `undertone doctor` shows: which engines can run here, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from audio import speakers, transcript


def engine_table() -> Table:
    """A row an engine: its task, its name, what it is, and whether it can run on this machine."""
    table = Table(title="Engines")
    for column in ("task", "engine", "what it is", "here"):
        table.add_column(column, overflow="fold")
    for task, name, about, missing in _engines():
        table.add_row(task, name, about, Text(missing) if missing else Text("can run", style="cyan"))
    return table


def _engines() -> Iterator[tuple[str, str, str, str | None]]:
    for name, engine in speakers.ENGINES.items():
        yield "who speaks when", name, engine.about, engine.unavailable()
    for name, words_engine in transcript.ENGINES.items():
        yield "which words", name, words_engine.about, words_engine.unavailable()
