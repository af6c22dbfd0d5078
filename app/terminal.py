"""The terminal: results go to standard output, all else to standard error.

In: sentences and rows. Out: text, folded to the width that there is. Widths are cells.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

BAD_INPUT = 2  # exit code; one sentence has said what was wrong

results = Console(highlight=False)
status = Console(stderr=True, highlight=False)


def say_error(sentence: str) -> None:
    """One sentence, as it is."""
    status.print(sentence, style="bold", markup=False, soft_wrap=True)


def section(title: str, rows: Iterable[tuple[str | Text, ...]]) -> RenderableType:
    """A title and rows below it; the last column is folded, the others are as wide as their longest cell."""
    listed = list(rows)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in listed[0][:-1]:
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for row in listed:
        grid.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return Padding(Group(Text(title, style="bold"), Padding(grid, (0, 0, 0, 2))), (0, 0, 1, 0))
