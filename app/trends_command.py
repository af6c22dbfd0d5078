"""`undertone trends COUPLE`: what changed in a couple's sessions, in sentences and a table, or as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.couples.couple_trends import couple_trends, find_couple
from app.library import Library, default_folder
from app.library.database import FILE
from app.library.records import LibraryError
from app.terminal import BAD_INPUT, results, say_error, status

DAY = "%Y-%m-%d"


def trends(
    couple: Annotated[
        str, typer.Argument(help="The couple's name or a part of it, or its number.", show_default=False)
    ],
    library: Annotated[Path | None, typer.Option(help="Folder of the library; your own if not given.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            help="Only sessions from this day on, as 2026-03-01.", formats=[DAY], metavar="DAY", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Show what changed over a couple's sessions, and how sure that is."""
    from app.couples.trends_table import trends_json, trends_table

    folder = (library or default_folder()).absolute()
    if not (folder / FILE).exists():
        say_error(f"There is no library in {folder}: name its folder with --library.")
        raise typer.Exit(BAD_INPUT)
    try:
        opened = Library(folder)
        with status.status("Reading the sessions") as shown:
            found = couple_trends(
                opened,
                find_couple(opened, couple),
                since=since.date() if since else None,
                tell=lambda share: shown.update(f"Reading the sessions, {share:.0%}"),
            )
        opened.close()
    except LibraryError as error:
        say_error(str(error))
        raise typer.Exit(BAD_INPUT) from None
    if as_json:
        typer.echo(json.dumps(trends_json(found), ensure_ascii=False, indent=1))
        return
    results.print(trends_table(found))
