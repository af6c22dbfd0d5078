"""How to listen, as options of a command: what `undertone analyze` and `undertone batch` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from audio import speakers as speaker_engines
from audio import transcript as transcribers


def _choices(engines: Iterable[str]) -> str:
    return f"One of auto, {', '.join(engines)}."


def _one_of(engines: Iterable[str]) -> Callable[[str], str]:
    """A check of an engine's name, made before anything is analysed."""

    def check(name: str) -> str:
        if name not in ("auto", *engines):
            raise typer.BadParameter(f"there is no {name}; choose auto, {', '.join(engines)}.")
        return name

    return check


Speakers = Annotated[int, typer.Option(help="How many people talk, 1 to 4.", min=1, max=4)]
SpeakerEngine = Annotated[
    str, typer.Option(help=_choices(speaker_engines.ENGINES), callback=_one_of(speaker_engines.ENGINES))
]
SpeakerPipeline = Annotated[
    str | None, typer.Option(help="Pipeline of pyannote: its name at the hub, or a folder.", show_default=False)
]
Transcriber = Annotated[str, typer.Option(help=_choices(transcribers.ENGINES), callback=_one_of(transcribers.ENGINES))]
Language = Annotated[str | None, typer.Option(help="Language of the talk, such as en or de; detected if not given.")]
