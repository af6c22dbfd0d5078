"""The installation: versions of the packages behind the engines, whether they load, and what they compute on.

In: this machine. Out: what is found. torch is imported where it is installed, which takes seconds.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from audio.errors import first_line

WITH_MODELS = '".[models]"'  # this project and its extra, as pip is told
INSTALL = f"pip install {WITH_MODELS}"
REINSTALL = "pip install --force-reinstall"  # also where versions fit, but not the builds (CUDA)
PATIENCE = 5.0  # seconds for nvidia-smi


@dataclass(frozen=True, slots=True)
class Package:
    """A package that engines need.

    name: of the distribution.
    module: what is imported to see whether it loads; None where no engine of ours depends on that.
    engines: those that cannot run without.
    """

    name: str
    module: str | None
    engines: tuple[str, ...]

    def version(self) -> str | None:
        """None when it is not installed."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return None


@dataclass(frozen=True, slots=True)
class Breakage:
    """A package that is installed and does not load, with the first line of why."""

    package: Package
    reason: str

    def remedy(self) -> str:
        """The command that installs anew what the package comes with."""
        return f"{REINSTALL} {'.' if self.package in DEFAULT else WITH_MODELS}"


CTRANSLATE2 = Package("ctranslate2", "ctranslate2", ("faster-whisper",))
FASTER_WHISPER = Package("faster-whisper", "faster_whisper", ("faster-whisper",))
TORCH = Package("torch", "torch", ("openai-whisper", "pyannote"))
DEFAULT = (CTRANSLATE2, FASTER_WHISPER)  # what every installation has
# What others build on comes first, so that the first that does not load is the one to put right.
PACKAGES = (
    *DEFAULT,
    TORCH,
    Package("torchaudio", "torchaudio", ("pyannote",)),
    Package("torchcodec", None, ()),  # pyannote decodes with it; we hand over sound that is decoded
    Package("openai-whisper", "whisper", ("openai-whisper",)),
    Package("pyannote.audio", "pyannote.audio", ("pyannote",)),
)


def is_installed(engine: str) -> bool:
    """Whether all packages that an engine needs are there; whether they load is another question."""
    return all(package.version() for package in PACKAGES if engine in package.engines)


def first_breakage() -> Breakage | None:
    """The first package that is installed and does not load, as when torch and torchaudio are of different builds."""
    for package in PACKAGES:
        if package.module is None or package.version() is None:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(package.module)
        except Exception as error:  # a library that is missing or of another build can raise anything
            return Breakage(package, first_line(error))
    return None


def devices(breakage: Breakage | None) -> Iterator[tuple[str, str]]:
    """What computes, and on what, for torch and for CTranslate2 apart; nothing for what does not load."""
    broken = breakage.package if breakage else None
    if broken != CTRANSLATE2 and CTRANSLATE2.version():
        yield "CTranslate2", _ctranslate2_device()
    if broken != TORCH and TORCH.version():
        yield "torch", _torch_device()


def _ctranslate2_device() -> str:
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    return _cards(_names_by_driver() or [f"{count} without a name"]) if count else _processor()


def _torch_device() -> str:
    import torch

    if torch.cuda.is_available():
        cards = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
        return _cards([f"{card.name}, {card.total_memory / 1e9:.0f} GB" for card in cards])
    if torch.backends.mps.is_available():
        return f"{_processor()}; Apple's MPS is here and not used"
    return _processor()


def _cards(names: list[str]) -> str:
    return f"CUDA: {'; '.join(names)}"


def _processor() -> str:
    """The processor with the cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"the processor, {cores} {'core' if cores == 1 else 'cores'}"


def _names_by_driver() -> list[str]:
    """Cards with their memory as NVIDIA's driver tells them; CTranslate2 only counts them."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
        rows = [line.rsplit(",", 1) for line in told.strip().splitlines()]
        return [f"{name.strip()}, {int(mebibytes) * 2**20 / 1e9:.0f} GB" for name, mebibytes in rows]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
