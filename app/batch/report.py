"""The report of a batch: a table for the terminal, and a CSV file with all of it.

In: a Row a recording. Out: Rich's renderables, and a file, in which no line of a deleted session stays. Lengths and
times are seconds there.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.tone import VOICE_KINDS
from analysis.verdict import Verdict
from app.analysing.provenance import Figures
from app.batch.outcomes import SAID, Row, reason
from app.report import VERDICT_STYLES, clock
from app.terminal import section
from audio.whole_files import write_whole

KINDS = (*VOICE_KINDS, "quiet")
VERDICTS: tuple[str, ...] = tuple(reversed(get_args(Verdict)))
MOST_ROWS = 60  # in the terminal; the file has all
COLUMNS = (
    "recording", "outcome", "why", "session", "length_s", "partners",
    *(f"{kind}_{verdict}" for kind in KINDS for verdict in VERDICTS),
    "warnings", "seconds", "speakers_engine", "words_engine",
)  # fmt: skip
FOLDER = "batch"  # in the library: what belongs to batches, their reports among it
REPORT = "report {now:%Y-%m-%d %H.%M.%S}.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a name that begins so would be computed by a spreadsheet


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write a line a recording, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write([[_harmless(cell) for cell in _cells(row)] for row in rows], path)


def forget_session(library: Path, session_id: str) -> None:
    """Take a deleted session out of the reports that lie in the folder of its library. Raises OSError."""
    for path in (library / FOLDER).glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        kept = [line for line in lines if line.get("session") != session_id]
        if len(kept) < len(lines):
            _write([list(line.values()) for line in kept], path)


def report_table(rows: Sequence[Row]) -> RenderableType:
    """A line a recording that is in the library, then why the others are not."""
    known = [row for row in rows if row.figures is not None]
    parts: list[RenderableType] = [_table(known[:MOST_ROWS])] if known else []
    if len(known) > MOST_ROWS:
        parts.append(Text(f"And {len(known) - MOST_ROWS} more, in the file.\n", style="dim"))
    for outcome, said in SAID.items():
        others = [(reason(row),) for row in rows if row.outcome == outcome and row.figures is None]
        if others:
            more = [(f"And {len(others) - MOST_ROWS} more, in the file.",)] if len(others) > MOST_ROWS else []
            parts.append(section(said.capitalize(), [*others[:MOST_ROWS], *more]))
    return Group(*parts, counted(rows))


def _write(lines: Sequence[Sequence[object]], path: Path) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, *lines])
    write_whole(path, lambda file: file.write(text.getvalue().encode("utf-8-sig")))  # spreadsheets need the mark


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("recording\npartners", overflow="fold", ratio=1)
    table.add_column("length", justify="right", no_wrap=True)
    table.add_column("moments", no_wrap=True)
    table.add_column("warnings", justify="right", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("voices by\nwords by", no_wrap=True)
    for row in rows:
        if row.figures is not None:
            table.add_row(*_about(row, row.figures))
    return table


def counted(rows: Sequence[Row]) -> Text:
    """How many recordings came to which end, in a line."""
    found = Counter(row.outcome for row in rows)
    said = [f"{found[outcome]} {word}" for outcome, word in SAID.items() if found[outcome]]
    return Text(f"{len(rows)} recording{'s' * (len(rows) != 1)}: {', '.join(said)}." if said else "No recordings.")


def _about(row: Row, figures: Figures) -> tuple[str | Text, ...]:
    """The cells of a recording."""
    return (
        Text.assemble(row.shown, "\n", (", ".join(figures.partners), "dim")),
        clock(figures.length),
        _moments(figures),
        str(len(figures.notes) or ""),
        f"{figures.seconds:.1f}" if row.outcome == "analysed" else "there",
        "\n".join(figures.engines.get(task, "") for task in ("speakers", "words")),
    )


def _moments(figures: Figures) -> Text:
    """ "heavy: 2 missed, 1 met", a kind a line."""
    said = Text()
    for kind in KINDS:
        counts = figures.moments.get(kind, {})
        if not counts:
            continue
        counted = [
            Text(f"{counts[verdict]} {verdict}", VERDICT_STYLES[verdict]) for verdict in VERDICTS if counts.get(verdict)
        ]
        said.append_text(Text.assemble("\n" if said else "", f"{kind}: ", Text(", ").join(counted)))
    return said or Text("none", style="dim")


def _cells(row: Row) -> list[object]:
    start: list[object] = [row.shown, SAID[row.outcome], row.why, row.session or ""]
    figures = row.figures
    if figures is None:
        return start + [""] * (len(COLUMNS) - len(start))
    moments: Mapping[str, Mapping[str, int]] = figures.moments
    return [
        *start,
        round(figures.length, 1),
        ", ".join(figures.partners),
        *(moments.get(kind, {}).get(verdict, 0) for kind in KINDS for verdict in VERDICTS),
        " ".join(figures.notes),
        round(figures.seconds, 1),
        figures.engines.get("speakers", ""),
        figures.engines.get("words", ""),
    ]


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
