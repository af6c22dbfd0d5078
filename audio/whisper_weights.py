"""The weights of openai-whisper: where they lie on this machine, and how to get those that do not.

In: a size of Whisper or the path of a .pt file. Out: the path of the file. Looked for in the folder that
UNDERTONE_MODELS names and in Whisper's own cache. Imports neither torch nor whisper before it fetches something.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audio.download import download
from audio.errors import EngineError, first_line
from audio.model_weights import models_folder, why_not_fetched
from audio.progress import Progress
from audio.whole_files import checksum

SUFFIX = ".pt"
_OWN_FILE = (
    "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en",
    "large-v1", "large-v2", "large-v3", "large-v3-turbo",
)  # fmt: skip
# The file of every size that the authors publish. A test holds this to the package, which takes seconds to import.
FILES: Mapping[str, str] = {size: f"{size}{SUFFIX}" for size in _OWN_FILE} | {
    "large": "large-v3.pt",
    "turbo": "large-v3-turbo.pt",
}
HOST = "https://openaipublic.azureedge.net"  # where the authors keep them


def package() -> Any:
    """The module whisper, with torch behind it. Raises EngineError where they do not import."""
    try:
        import whisper
    except (ImportError, OSError) as error:  # OSError: a library of torch that is missing or made for another CUDA
        raise EngineError(f"openai-whisper cannot be imported: {first_line(error)}.") from None
    return whisper


def weights_here(model: str) -> Path | None:
    """The .pt file of `model` on this machine: itself, in UNDERTONE_MODELS, in Whisper's cache."""
    if model.endswith(SUFFIX) and Path(model).is_file():
        return Path(model)
    name = FILES.get(model, model if model.endswith(SUFFIX) else f"{model}{SUFFIX}")
    places = [folder / name for folder in (models_folder(), _cache()) if folder]
    return next((place for place in places if place.is_file()), None)


def why_missing(model: str) -> str | None:
    """One line why there are no weights of `model` and none can be fetched; None where there are or can be."""
    if weights_here(model):
        return None
    if model not in FILES:
        return f'"{model}" is neither a .pt file that is here nor a size of Whisper ({", ".join(FILES)})'
    return why_not_fetched(model, HOST)


def fetch_weights(model: str, progress: Progress) -> Path:
    """Fetch a size of Whisper into UNDERTONE_MODELS or Whisper's cache; a download that broke off goes on.

    `progress` is told the share of the bytes that are here. Raises EngineError when they cannot be had.
    """
    if reason := why_missing(model):
        raise EngineError(f"openai-whisper cannot run: {reason}.")
    address: str = package()._MODELS[model]
    target = (models_folder() or _cache()) / FILES[model]
    part = target.with_suffix(".part")
    try:
        download(address, part, lambda here, whole: progress(here / whole))
        arrived = checksum(part)
    except OSError as error:
        raise EngineError(f'The weights "{model}" could not be fetched from {HOST}: {first_line(error)}.') from None
    if arrived != address.split("/")[-2]:  # the authors name the folder by it
        part.unlink()
        raise EngineError(f'The weights "{model}" arrived damaged from {HOST} and were removed: try again.')
    return part.replace(target)


def _cache() -> Path:
    """Where whisper itself keeps what it fetches."""
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "whisper"
