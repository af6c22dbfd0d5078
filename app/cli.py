"""The `undertone` command.

Exit codes: 0 done; 1 stopped before its end; 2 bad input (one sentence says what was wrong). Progress goes to
standard error, results to standard output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from analysis.moments import DEFAULT_SENSITIVITY, Moment, read_conversation
from app.batch_command import batch
from app.doctor import doctor_report
from app.listening_options import Language, SpeakerEngine, SpeakerPipeline, Speakers, Transcriber
from app.model_weights import WHISPER
from app.models_command import SpeakerModel, WhisperModel, models
from app.report import analysis_json, analysis_table
from app.review_command import review
from app.second_reader import NO_SECOND, SecondReader, SecondReadings, checked_address, read_again
from app.terminal import BAD_INPUT, results, say_error, status
from app.trends_command import trends
from audio.conversation import Conversation
from audio.errors import UndertoneError
from audio.listen import ListenSettings, listen
from audio.pyannote_speakers import COMMUNITY
from audio.storage import write_json, write_rttm, write_tracks
from audio.terms import terms_in

command = typer.Typer(
    help="Find the moments in a couple's conversation where a tone turned and the reply passed it by.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
command.add_typer(models, name="models")
command.command()(review)
command.command()(trends)
command.command()(batch)


@command.callback()
def undertone() -> None:
    """Everything stays on this machine: recordings and results are sent nowhere."""


@command.command()
def analyze(
    recordings: Annotated[list[Path], typer.Argument(help="Audio or video files.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Folder for NAME.json, NAME.rttm and NAME.npz.")] = None,
    speakers: Speakers = 2,
    speaker_engine: SpeakerEngine = "auto",
    speaker_model: SpeakerPipeline = None,
    rttm: Annotated[Path | None, typer.Option(help="Who speaks when, as an RTTM file.")] = None,
    transcriber: Transcriber = "auto",
    transcript: Annotated[Path | None, typer.Option(help="The words, as .vtt or .srt.")] = None,
    language: Language = None,
    whisper_model: WhisperModel = WHISPER,
    terms: Annotated[
        str, typer.Option(help='Names and terms that are said, for the transcriber, such as "Anna, Vojta".')
    ] = "",
    sensitivity: Annotated[
        float, typer.Option(help="0 shows only what is certain, 1 all that might be.", min=0.0, max=1.0)
    ] = DEFAULT_SENSITIVITY,
    second_reader: Annotated[
        str | None,
        typer.Option(
            help="Address of a language model on this machine that reads the replies as well, "
            "such as http://127.0.0.1:11434/v1 (Ollama)."
        ),
    ] = None,
    second_reader_model: Annotated[
        str | None, typer.Option(help="Its name there; the first that the server has if not given.")
    ] = None,
    second_reader_anywhere: Annotated[
        bool,
        typer.Option("--second-reader-anywhere", help="Allow an address on another machine: the words leave this."),
    ] = False,
) -> None:
    """Analyse recordings and print the moments, with the evidence for each."""
    if len(recordings) > 1 and (transcript or rttm):
        say_error("--transcript and --rttm belong to one recording: analyse it by itself.")
        raise typer.Exit(BAD_INPUT)
    if out is not None and not _is_ready(out):
        raise typer.Exit(BAD_INPUT)
    reader = SecondReader(second_reader, second_reader_model, second_reader_anywhere) if second_reader else None
    if reader is not None and not _is_allowed(reader):
        raise typer.Exit(BAD_INPUT)
    settings = ListenSettings(
        speakers, speaker_engine, rttm, transcriber, transcript, language, whisper_model, speaker_model, terms_in(terms)
    )
    failed = 0
    for path, name in zip(recordings, _names(recordings), strict=True):
        try:
            conversation = _listen(path, settings)
            reading = read_conversation(conversation)
            second = _read_again(reading.moments(sensitivity), reader) if reader else NO_SECOND
            if out is not None:
                _write(conversation, analysis_json(conversation, reading, sensitivity, second), out, name)
        except UndertoneError as error:
            say_error(str(error))
            failed += 1
            continue
        except OSError as error:
            say_error(f"{error.filename or path}: {error.strerror or error}.")
            failed += 1
            continue
        results.print(analysis_table(conversation, reading, sensitivity, second))
        results.print()
    if out is not None and failed < len(recordings):
        status.print(f"Written to {out}")
    if failed:
        raise typer.Exit(BAD_INPUT)


@command.command()
def doctor(whisper_model: WhisperModel = WHISPER, speaker_model: SpeakerModel = COMMUNITY) -> None:
    """Show what can run here, with which versions, on what it computes, and which weights are here or missing."""
    with status.status("Looking at the installation"):
        report = doctor_report(whisper_model, speaker_model)
    results.print(report)


def main() -> None:
    """Run the command."""
    command()


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:>22}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=status,
        transient=True,
    )


def _listen(path: Path, settings: ListenSettings) -> Conversation:
    with _bars() as bars:
        return listen(path, settings, _bar_a_stage(bars))


def _read_again(moments: Sequence[Moment], reader: SecondReader) -> SecondReadings:
    with _bars() as bars:
        tell = _bar_a_stage(bars)
        return read_again(moments, reader, lambda share: tell("second reader", share))


def _is_allowed(reader: SecondReader) -> bool:
    """Whether the second reader may be asked; told before an hour is analysed for nothing."""
    try:
        checked_address(reader)
    except UndertoneError as error:
        say_error(str(error))
        return False
    return True


def _bar_a_stage(bars: Progress) -> Callable[[str, float], None]:
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, share: float) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=1.0)
        bars.update(tasks[stage], completed=share)

    return tell


def _write(conversation: Conversation, plain: dict[str, Any], out: Path, name: str) -> None:
    write_tracks(conversation.tracks, out / f"{name}.npz")
    write_rttm(conversation.turns, name, out / f"{name}.rttm")
    write_json(plain, out / f"{name}.json")


def _is_ready(out: Path) -> bool:
    """Whether results can be written to `out`; asked before an hour is analysed for nothing."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say_error(f"Results cannot be written to {out}: {error.strerror}.")
        return False
    return True


def _names(recordings: list[Path]) -> list[str]:
    """A name a recording for its results: its stem, or the whole file name where two would be one."""
    stems = [path.stem for path in recordings]
    return [path.stem if stems.count(path.stem) == 1 else path.name for path in recordings]


if __name__ == "__main__":
    main()
