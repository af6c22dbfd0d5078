"""Weights of the engines: which are on this machine, and how those that are not are fetched, once.

In: the name of an engine and of a model. Out: where the weights are and how large, in bytes. What is there already is
not fetched again, and only `fetch_once` asks the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from audio import faster_whisper_transcript, pyannote_speakers, transcript, whisper_weights
from audio.progress import Progress
from audio.pyannote_speakers import COMMUNITY

FETCH = "undertone models fetch"
WHISPER = "small"  # the model of Whisper that is used unless another is named
SNAPSHOTS = "snapshots"  # how the hub's cache calls the folder of all versions of a repository


@dataclass(frozen=True, slots=True)
class Source:
    """Where an engine's weights come from.

    find: where a model's are on this machine; None when they are not. Asks no network.
    fetch: brings a model's weights and says where they are; raises EngineError.
    sizes: names of the models that may be here.
    """

    find: Callable[[str], Path | None]
    fetch: Callable[[str, Progress], Path]
    sizes: Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one model on this machine: a file, or a folder."""

    engine: str
    model: str
    path: Path

    def size(self) -> int:
        """Bytes of all files, links followed."""
        files = [self.path] if self.path.is_file() else [file for file in self.path.rglob("*") if file.is_file()]
        return sum(file.stat().st_size for file in files)

    def place(self) -> str:
        """Where they are, for a person: the home folder as ~, a repository of the hub without its version."""
        path = self.path.parents[1] if self.path.parent.name == SNAPSHOTS else self.path
        home = Path.home()
        return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _sizes_of_faster_whisper() -> Sequence[str]:
    try:
        from faster_whisper import available_models
    except (ImportError, OSError):  # it does not load: the doctor says so
        return ()
    return tuple(available_models())


SOURCES: Mapping[str, Source] = {
    "faster-whisper": Source(
        faster_whisper_transcript.weights_here, faster_whisper_transcript.fetch_weights, _sizes_of_faster_whisper
    ),
    "openai-whisper": Source(
        whisper_weights.weights_here, whisper_weights.fetch_weights, lambda: tuple(whisper_weights.FILES)
    ),
    "pyannote": Source(pyannote_speakers.weights_here, pyannote_speakers.fetch_weights, lambda: (COMMUNITY,)),
}
# The first engine with weights in the order of `auto`; it comes with every installation.
FIRST = next(name for name in transcript.ENGINES if name in SOURCES)


def weights_of(engine: str, model: str) -> Weights | None:
    """The weights of `model` that are on this machine."""
    try:
        path = SOURCES[engine].find(model)
    except (ImportError, OSError):  # the package that knows the model's repository does not load: the doctor says so
        return None
    return None if path is None else Weights(engine, model, path)


def fetch_once(engine: str, model: str, progress: Progress) -> Weights:
    """The weights of `model`, fetched if they are not here. Raises EngineError when they cannot be had."""
    return weights_of(engine, model) or Weights(engine, model, SOURCES[engine].fetch(model, progress))


def weights_rows(whisper_model: str, speaker_model: str) -> Iterator[tuple[str | Text, ...]]:
    """What an engine would use, here or not, then all else that is here: engine; model, size and place or remedy."""
    listed: set[Path] = set()
    wanted = {name: speaker_model if name == "pyannote" else whisper_model for name in SOURCES}
    for engine, model in wanted.items():
        weights = weights_of(engine, model)
        if weights is None:
            yield Text(engine, style="dim"), Text(f"{model}: not here\n{remedy(engine, model)}", style="dim")
            continue
        listed.add(weights.path)
        yield engine, shown(weights)
    for engine, source in SOURCES.items():
        for weights in filter(None, (weights_of(engine, model) for model in source.sizes())):
            if weights.path not in listed:
                listed.add(weights.path)
                yield engine, shown(weights)


def shown(weights: Weights) -> str:
    """Model, size and place; the place in a line of its own, as it is long."""
    return f"{weights.model}: {megabytes(weights.size())}\n{weights.place()}"


def megabytes(size: int) -> str:
    """Bytes as a person reads them: millions of them, never 0 of what there is."""
    return f"{max(1, round(size / 1e6))} MB"


def remedy(engine: str, model: str) -> str:
    """The one command, or page and command, by which weights that are not here are had; each in a line to copy."""
    if Path(model).expanduser().exists():
        return f"There are no weights of {engine} in it."
    option = "speaker" if engine == "pyannote" else "whisper"
    command = FETCH if engine == FIRST else f"{FETCH} --engine {engine}"
    if model not in (WHISPER, COMMUNITY):
        command += f" --{option}-model {model}"
    if engine != "pyannote":
        return command
    token = "Give your token by HF_TOKEN or `hf auth login`, then"
    return f"Accept the terms at\nhttps://hf.co/{model}\n{token}\n{command}"
