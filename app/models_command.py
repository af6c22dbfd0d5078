"""The commands `undertone models ...`: fetch weights once, so that everything runs without the network afterwards."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.model_weights import FIRST, SOURCES, WHISPER, Weights, fetch_once, megabytes, weights_of, weights_rows
from app.terminal import BAD_INPUT, results, say_error, section, status
from audio.errors import UndertoneError
from audio.pyannote_speakers import COMMUNITY

WhisperModel = Annotated[str, typer.Option(help="Size, repository of the hub, or folder of the Whisper model.")]
SpeakerModel = Annotated[str, typer.Option(help="Pipeline of pyannote: its name at the hub, or a folder.")]

models = typer.Typer(
    help="Weights of models: which are here, and fetching them once, so that all runs without the network.",
    no_args_is_help=True,
)


def _known(engine: str) -> str:
    if engine not in SOURCES:
        raise typer.BadParameter(f"{engine} has no weights; choose {', '.join(SOURCES)}.")
    return engine


@models.command()
def fetch(
    engine: Annotated[str, typer.Option(help=f"One of {', '.join(SOURCES)}.", callback=_known)] = FIRST,
    whisper_model: WhisperModel = WHISPER,
    speaker_model: SpeakerModel = COMMUNITY,
) -> None:
    """Fetch the weights of a model; what is here is not fetched again, and what broke off goes on."""
    model = speaker_model if engine == "pyannote" else whisper_model
    found = weights_of(engine, model)
    if found is not None:
        _say("is already here", found)
        return
    try:
        fetched = _fetch(engine, model)
    except UndertoneError as error:
        say_error(str(error))
        raise typer.Exit(BAD_INPUT) from None
    _say("was fetched", fetched)


@models.command("list")
def list_weights(whisper_model: WhisperModel = WHISPER, speaker_model: SpeakerModel = COMMUNITY) -> None:
    """Show which weights are here, where and how large, and how to get the others."""
    results.print(section("Weights", weights_rows(whisper_model, speaker_model)))


def _say(state: str, weights: Weights) -> None:
    size, place = megabytes(weights.size()), weights.place()
    sentence = f"{weights.model} of {weights.engine} {state} ({size}): {place}"
    results.print(sentence, markup=False, soft_wrap=True)


def _fetch(engine: str, model: str) -> Weights:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=status, transient=True) as bars:
        task = bars.add_task(f"{engine} {model}", total=1.0)
        return fetch_once(engine, model, lambda share: bars.update(task, completed=share))
