"""`undertone batch`: many recordings into the library, on this machine or a Dask cluster."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.library import default_folder
from app.listening_options import Language, SpeakerEngine, SpeakerPipeline, Speakers, Transcriber
from app.model_weights import WHISPER
from app.models_command import WhisperModel
from app.terminal import BAD_INPUT, results, say_error, status
from audio.errors import UndertoneError
from audio.listen import ListenSettings

if TYPE_CHECKING:  # Dask takes a second to import: not for `undertone --help`
    from app.batch.outcomes import Told
    from app.batch.run import Request, Run

STOPPED = 1  # exit code: ended before all was done
STOPPED_BY_HAND = 130  # as shells have it


def batch(
    folders: Annotated[
        list[str],
        typer.Argument(
            help="Folders with recordings, and those within; also files, and addresses such as s3://practice/week48.",
            show_default=False,
        ),
    ],
    library: Annotated[Path | None, typer.Option(help="Folder of the library; your own if not given.")] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="How many recordings at once; as cores and memory allow if not given.", min=1),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask cluster that somebody runs, such as tcp://host:8786.")
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(help="Where its workers put results: a folder or address that they and this machine reach."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="The report as a CSV file; in the library if not given.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="Tell all as lines of JSON, for other programs.")] = False,
    speakers: Speakers = 2,
    speaker_engine: SpeakerEngine = "auto",
    speaker_model: SpeakerPipeline = None,
    transcriber: Transcriber = "auto",
    language: Language = None,
    whisper_model: WhisperModel = WHISPER,
) -> None:
    """Analyse all recordings in folders into the library; what is there already is not done again."""
    from app.batch.run import Request

    if scheduler is not None and workers is not None:
        say_error("--workers is for this machine; a cluster has as many as it has.")
        raise typer.Exit(BAD_INPUT)
    settings = ListenSettings(
        speakers=speakers,
        speaker_engine=speaker_engine,
        transcriber=transcriber,
        language=language,
        whisper_model=whisper_model,
        speaker_model=speaker_model,
    )
    folder = library or default_folder()
    request = Request(tuple(folders), folder, settings, workers, scheduler, storage, report)
    try:
        run = _told_in_json(request) if json_lines else _shown(request)
    except UndertoneError as error:
        say_error(str(error))
        raise typer.Exit(BAD_INPUT) from None
    if run.stopped is not None:
        say_error(run.stopped)
        raise typer.Exit(STOPPED_BY_HAND if run.by_hand else STOPPED)
    if any(row.outcome == "failed" for row in run.rows):
        raise typer.Exit(BAD_INPUT)


def _told_in_json(request: Request) -> Run:
    from app.batch.outcomes import as_json
    from app.batch.run import run_batch

    def tell(told: Told) -> None:
        sys.stdout.write(json.dumps(as_json(told), ensure_ascii=False) + os.linesep)
        sys.stdout.flush()

    return run_batch(request, tell)


def _shown(request: Request) -> Run:
    from app.batch.display import BatchDisplay
    from app.batch.report import report_table
    from app.batch.run import run_batch

    with BatchDisplay(status) as display:
        run = run_batch(request, display.tell)
    results.print(report_table(run.rows))
    results.print(f"The report as a file: {run.report}", soft_wrap=True)
    return run
