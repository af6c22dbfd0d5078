"""The engines as `undertone doctor` shows them: which can run here, and why the others cannot.

In: the models that a person means to use. Out: a Condition an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from app.installation import Breakage, is_installed
from app.model_weights import SOURCES, weights_of
from app.terminal import section
from audio import speakers, transcript

VOICES, WORDS = "Who speaks when", "Which words"
WITHOUT_WORDS = (transcript.GIVEN, transcript.NONE)  # what brings no words of its own


@dataclass(frozen=True, slots=True)
class Condition:
    """An engine on this machine.

    missing: why it cannot run, in one line; None when it can.
    to_fetch: whether it can run, but for weights that it fetches at first use.
    """

    task: str
    name: str
    about: str
    missing: str | None
    to_fetch: bool = False


def conditions(whisper_model: str, speaker_model: str, breakage: Breakage | None) -> list[Condition]:
    """All engines, in the order in which `auto` tries them. Knocks at the hub where weights are missing."""
    return [*_voices(speaker_model, breakage), *_words(whisper_model, breakage)]


def engine_list(listed: Sequence[Condition]) -> RenderableType:
    """A paragraph an engine, by task: its name, whether it can run, what it is and why it cannot."""
    return Group(*(section(task, [_row(one) for one in listed if one.task == task]) for task in (VOICES, WORDS)))


def voices_by(listed: Sequence[Condition]) -> str:
    """The engine that `auto` takes for voices in one channel, without an RTTM file."""
    ready = (one.name for one in listed if one.task == VOICES and not one.missing)
    return next(name for name in ready if name not in ("channels", "given"))


def words_by(listed: Sequence[Condition]) -> Condition | None:
    """The engine that `auto` takes for words, its weights here or to be fetched; None where there is none."""
    ready = (one for one in listed if one.task == WORDS and not one.missing)
    return next((one for one in ready if one.name not in WITHOUT_WORDS), None)


def _voices(model: str, breakage: Breakage | None) -> Iterator[Condition]:
    request = speakers.SpeakerRequest(model=model)
    for name, engine in speakers.ENGINES.items():
        missing = _broken(name, breakage) or _unfetched(name, model) or engine.missing(request)
        yield Condition(VOICES, name, engine.about, missing)


def _words(model: str, breakage: Breakage | None) -> Iterator[Condition]:
    request = transcript.TranscriptRequest(model=model)
    for name, engine in transcript.ENGINES.items():
        if name not in SOURCES:
            yield Condition(WORDS, name, engine.about, engine.unavailable())
            continue
        missing = _broken(name, breakage) or engine.unfit(request)
        yield Condition(WORDS, name, engine.about, missing, missing is None and weights_of(name, model) is None)


def _broken(engine: str, breakage: Breakage | None) -> str | None:
    if breakage is None or engine not in breakage.package.engines:
        return None
    return f"Its package {breakage.package.name} does not load: see Packages."


def _unfetched(engine: str, model: str) -> str | None:
    """In short that weights are missing: what to do about it stands with the weights."""
    if engine not in SOURCES or not is_installed(engine) or weights_of(engine, model):
        return None
    return "Its weights are not here: see Weights."


def _row(one: Condition) -> tuple[str | Text, ...]:
    if one.missing is None:
        return one.name, Text("to fetch" if one.to_fetch else "can run", style="cyan"), one.about
    reason = f"{one.missing[0].upper()}{one.missing[1:].rstrip('.')}."
    return one.name, Text("cannot", style="dim"), Text.assemble(one.about, "\n", (reason, "dim"))
