"""The pyannote engine: a neural diarization pipeline, by default pyannote's community-1, on this machine alone.

In: a recording (mixed to one channel of 16 kHz) and the number of speakers. Out: a Separation whose turns may overlap.
Weights are looked for in a folder, in UNDERTONE_MODELS and in the hub's cache, never fetched: their authors ask for
consent first. Load only pipelines you trust: their weights are pickles, which can run code. Pipeline:
Bredin (2023), "pyannote.audio 2.1 speaker diarization pipeline", Interspeech; Plaquet & Bredin (2023), Interspeech.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.channel_speakers import mixdown
from audio.conversation import Span, Turn
from audio.errors import EngineError, SpeakersError, first_line
from audio.model_weights import cached_repository, fetch_repository, hub, models_folder, why_not_fetched
from audio.progress import Progress, tell_nobody
from audio.recording import SAMPLE_RATE, Recording
from audio.separation import PAUSE, Separation, SpeakerRequest, bridged, by_appearance, numbered

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization
    from pyannote.core import Annotation

COMMUNITY = "pyannote/speaker-diarization-community-1"
CONFIG = "config.yaml"  # what makes a folder a pipeline
PART = "$model/"  # how a pipeline's configuration names a folder of its own
# What runs here. Others of pyannote's pipelines send the recording to a paid service.
LOCAL = (
    "pyannote.audio.pipelines.SpeakerDiarization",
    "pyannote.audio.pipelines.speaker_diarization.SpeakerDiarization",
)
# Where each step lies on the progress bar, begin and end. With models of full size on one core, the first takes
# 2.5 % and the second 97.3 % of the time.
STEPS = {"segmentation": (0.0, 0.03), "embeddings": (0.03, 0.98), "discrete_diarization": (0.98, 0.99)}


def unavailable(model: str = COMMUNITY) -> str | None:
    """Why pyannote cannot run on this machine with `model`, in one line; None when it can. Imports no torch."""
    if not _is_installed():
        return 'The package pyannote.audio is not installed: pip install ".[models]" brings it.'
    folder = weights_here(model)
    return _not_here(model) if folder is None else _flaw(folder)


def unfit(recording: Recording, regions: Sequence[Span], request: SpeakerRequest) -> str | None:
    """Why pyannote has nothing to go by in this recording."""
    return None if regions else f"No speech was found in {recording.path.name}."


def pyannote_speakers(
    recording: Recording, regions: Sequence[Span], request: SpeakerRequest, progress: Progress = tell_nobody
) -> Separation:
    """Tell `request.count` voices apart with the pipeline `request.model`, on the GPU if there is one.

    The pipeline finds speech by itself; `regions` only say that there is some. Raises EngineError when the pipeline
    is not here, does not load or fails, and SpeakersError when it hears nobody. Fewer voices come back, with a note,
    where fewer are heard.
    """
    model = request.model or COMMUNITY
    if reason := unavailable(model):
        raise EngineError(reason)
    folder = weights_here(model)
    assert folder is not None  # or it were unavailable
    with _discreet():
        found = _heard(_load(folder), recording, request.count, progress)
    # Pipelines made for pyannote 3 give their annotation bare, and no exclusive one.
    turns, names = numbered(bridged(_turns(getattr(found, "speaker_diarization", found), recording.duration), PAUSE))
    if not turns:
        raise SpeakersError(f"pyannote heard nobody speak in {recording.path.name}: choose another speaker engine.")
    speakers = by_appearance(turns)
    progress(1.0)
    alone = _turns(getattr(found, "exclusive_speaker_diarization", None), recording.duration)
    exclusive = bridged([Turn(turn.start, turn.end, names[turn.speaker]) for turn in alone], PAUSE)
    return Separation(
        turns, speakers, "pyannote", notes=_notes(len(speakers), request.count), model=_used(model), exclusive=exclusive
    )


def weights_here(model: str) -> Path | None:
    """The folder with the pipeline `model` on this machine: itself, UNDERTONE_MODELS, the hub's cache."""
    own = models_folder()
    places = [Path(model).expanduser()] + ([own / model.rpartition("/")[2]] if own else [])
    found = next((place for place in places if (place / CONFIG).is_file()), None)
    return found or cached_repository(model, CONFIG)


def fetch_weights(model: str, progress: Progress) -> Path:
    """Fetch the pipeline `model` of the hub, for those who accepted its terms. Raises EngineError if it cannot be."""
    if not _is_repository(model):
        raise EngineError(_not_here(model))
    if reason := why_not_fetched(model, hub()):
        raise EngineError(f"pyannote cannot run: {reason}.")
    return fetch_repository(model, None, progress)


def _is_installed() -> bool:
    try:
        return importlib.util.find_spec("pyannote.audio") is not None
    except ModuleNotFoundError:  # not even another package of pyannote's
        return False


def _not_here(model: str) -> str:
    if not _is_repository(model):
        return f"There is no {CONFIG} in {model}, so it is no pipeline's folder."
    return (
        f"The weights {model} are not on this machine: accept their terms at https://hf.co/{model}, give your token "
        f"by HF_TOKEN or `hf auth login`, and run `undertone models fetch --engine pyannote`."
    )


def _is_repository(model: str) -> bool:
    return model.count("/") == 1 and not model.startswith((".", "~", "/")) and not Path(model).is_dir()


def _flaw(folder: Path) -> str | None:
    """What is wrong with a pipeline's folder, as far as its configuration tells."""
    import yaml  # type: ignore[import-untyped]

    try:
        pipeline = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))["pipeline"]
        name, parts = pipeline["name"], list(pipeline.get("params", {}).values())
    except (yaml.YAMLError, OSError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return f"{folder / CONFIG} does not describe a pipeline of pyannote."
    if name not in LOCAL:
        return f"The pipeline {name} of {folder} is refused: it does not tell speakers apart on this machine."
    own = [
        part.removeprefix(PART).partition("@")[0] for part in parts if isinstance(part, str) and part.startswith(PART)
    ]
    missing = [part for part in own if not (folder / part).is_dir()]
    return f"The weights in {folder} are not whole: {', '.join(missing)} is missing." if missing else None


@contextmanager
def _discreet() -> Iterator[None]:
    """Nothing leaves the machine and pyannote does not talk to the terminal, as long as this lasts."""
    from huggingface_hub import constants

    # pyannote reports each use, with the length of the recording, to its makers unless told not to; the variable is
    # read at each use, and set for the whole process because a report is never wanted.
    os.environ["PYANNOTE_METRICS_ENABLED"] = "false"
    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True  # read from the environment once, at import: too late for us to set it there
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"pyannote\.audio")  # torchcodec, which is not needed, and others
            yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _load(folder: Path) -> SpeakerDiarization:
    try:
        import torch
        from pyannote.audio import Pipeline
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(f"pyannote.audio is installed but does not load: {first_line(error)}.") from None
    try:
        pipeline = Pipeline.from_pretrained(folder, cache_dir=models_folder())
        pipeline.to(torch.device(_device()))
    except Exception as error:  # a broken pickle, archive or configuration can raise anything
        raise EngineError(f"The pipeline in {folder} does not load: {first_line(error)}.") from None
    return pipeline


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _used(model: str) -> str:
    where = "a CUDA card" if _device() == "cuda" else "the processor"
    return f"{model}, pyannote.audio {version('pyannote.audio')} (torch {version('torch')}), on {where}"


def _heard(pipeline: SpeakerDiarization, recording: Recording, count: int, progress: Progress) -> Any:
    """Who speaks when, in the pipeline's own form."""
    import torch

    file = {"waveform": torch.tensor(mixdown(recording))[None], "sample_rate": SAMPLE_RATE}
    try:
        return pipeline(file, num_speakers=count, hook=_hook(progress))
    except (RuntimeError, ValueError) as error:  # out of memory, weights that do not fit each other
        raise EngineError(f"pyannote failed on {recording.path.name}: {first_line(error)}.") from None


def _turns(annotation: Annotation | None, duration: float) -> list[Turn]:
    """The annotation's turns within the recording, by the pipeline's own names for the speakers."""
    if annotation is None:
        return []
    turns = [
        Turn(max(0.0, segment.start), min(segment.end, duration), str(label))
        for segment, _, label in annotation.itertracks(yield_label=True)
    ]
    return [turn for turn in turns if turn.duration > 0]


def _hook(progress: Progress) -> Callable[..., None]:
    """What the pipeline calls at the end of each step, and within long ones with how much is completed."""

    def hook(step: str, artifact: object, file: object = None, total: int = 1, completed: int = 1) -> None:
        if step in STEPS:
            begin, end = STEPS[step]
            progress(float(begin + (end - begin) * min(1.0, completed / total)))

    return hook


def _notes(found: int, asked: int) -> tuple[str, ...]:
    if found >= asked:
        return ()
    only = "one voice was" if found == 1 else f"{found} voices were"
    return (f"Only {only} found, where {asked} were expected.",)
