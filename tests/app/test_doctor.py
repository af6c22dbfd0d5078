"""What `undertone doctor` says of a machine; nothing here touches the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from app import installation
from app.cli import command

WIDTH = 80  # cells, of a terminal as they open
COMMUNITY = "pyannote/speaker-diarization-community-1"
# The code of a torch that loads and sees no card.
TORCH = """
from types import SimpleNamespace
cuda = SimpleNamespace(is_available=lambda: False)
backends = SimpleNamespace(mps=cuda)
"""
without_the_extra = pytest.mark.skipif(find_spec("torch") is not None, reason="the extra `models` is installed here")


@pytest.fixture(autouse=True)
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder for weights, and no other place where any could lie; nothing may be fetched."""
    for name in ("UNDERTONE_MODELS", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(*arguments: str) -> str:
    result = CliRunner().invoke(command, ["doctor", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def doctor_with(packages: Path) -> str:
    """The doctor of a Python that also finds what lies in `packages`."""
    run = [sys.executable, "-m", "app.cli", "doctor"]
    told = subprocess.run(run, env={**os.environ, "PYTHONPATH": str(packages)}, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return told.stdout


def unfolded(shown: str) -> str:
    return " ".join(shown.split())


def put(path: Path, size: int = 3_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    return path


def install(packages: Path, name: str, version: str, code: str) -> None:
    """A package that pip would list, and whose import runs `code`."""
    put(packages / name / "__init__.py").write_text(code)
    about = packages / f"{name}-{version}.dist-info" / "METADATA"
    put(about).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def torch_with(*cards: str, mps: bool = False) -> Any:
    """A torch that sees these cards of 24 GB."""
    return SimpleNamespace(
        cuda=SimpleNamespace(
            is_available=lambda: bool(cards),
            device_count=lambda: len(cards),
            get_device_properties=lambda index: SimpleNamespace(name=cards[index], total_memory=24e9),
        ),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
    )


def test_every_engine_is_listed_and_every_package_with_its_version() -> None:
    shown = doctor()
    for name in ("channels", "given", "pyannote", "built-in", "faster-whisper", "openai-whisper", "none"):
        assert f"  {name}  " in shown
    for package in installation.PACKAGES:
        assert f"{package.name} {package.version() or 'not installed'}" in unfolded(shown)


def test_nothing_is_wider_than_the_terminal_and_commands_can_be_copied() -> None:
    lines = [line.strip() for line in doctor().splitlines()]
    assert max(map(len, lines)) <= WIDTH
    assert any(line.endswith("  undertone models fetch") or line == "undertone models fetch" for line in lines)
    for line in ("undertone models fetch --engine openai-whisper", "undertone models fetch --engine pyannote"):
        assert line in lines
    assert f"https://hf.co/{COMMUNITY}" in lines


def test_the_commands_name_the_models_that_were_asked_for() -> None:
    shown = unfolded(doctor("--whisper-model", "turbo", "--speaker-model", "ours/pipeline"))
    assert "turbo: not here undertone models fetch --whisper-model turbo" in shown
    assert "undertone models fetch --engine openai-whisper --whisper-model turbo" in shown
    assert "https://hf.co/ours/pipeline" in shown


@without_the_extra
def test_what_is_not_installed_comes_with_one_command() -> None:
    assert doctor().count('To install what is not: pip install ".[models]"') == 1


def test_weights_that_are_here_are_shown_with_size_and_place_other_sizes_too(weights: Path) -> None:
    put(weights / "faster-whisper-small" / "model.bin")
    put(weights / "faster-whisper-tiny" / "model.bin", 2_000_000)
    put(weights / "large-v3-turbo.pt", 7_000_000)
    put(weights / COMMUNITY.partition("/")[2] / "config.yaml", 10)
    shown = unfolded(doctor())
    assert "faster-whisper small: 3 MB" in shown
    assert "faster-whisper tiny: 2 MB" in shown
    assert shown.count("7 MB") == 1, "turbo and large-v3-turbo are one file"
    assert f"pyannote {COMMUNITY}: 1 MB" in shown
    assert str(weights / "faster-whisper-small") in shown.replace(" ", "")


def test_weights_of_the_hub_s_cache_are_shown_as_their_repository_and_counted_through_links(weights: Path) -> None:
    repository = weights / "hub" / "models--Systran--faster-whisper-small"
    blob = put(repository / "blobs" / "ab12")
    put(repository / "refs" / "main").write_text("c0ffee")
    (repository / "snapshots" / "c0ffee").mkdir(parents=True)
    (repository / "snapshots" / "c0ffee" / "model.bin").symlink_to(blob)
    shown = doctor()
    assert "small: 3 MB" in shown
    assert str(repository) in shown.replace("\n", "").replace(" ", "")
    assert "c0ffee" not in shown


def test_the_verdict_is_one_line_of_what_would_be_used(weights: Path) -> None:
    assert doctor().splitlines()[-1] == "Ready but for words: see Weights, or give a .vtt."
    put(weights / "faster-whisper-small" / "model.bin")
    assert doctor().splitlines()[-1] == "Ready: voices by built-in, words by faster-whisper."


def test_weights_that_can_be_fetched_at_first_use_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr("audio.model_weights.host_answers", lambda address: True)
    assert doctor().splitlines()[-1] == "Ready; words fetch their weights at first use."


def test_torch_and_torchaudio_that_do_not_match_are_one_line_with_the_remedy(tmp_path: Path, weights: Path) -> None:
    put(weights / "faster-whisper-small" / "model.bin")
    install(tmp_path, "torch", "2.11.0", TORCH)
    install(tmp_path, "torchaudio", "2.10.0", "raise OSError('undefined symbol: torch_call\\nin a library')")
    shown = doctor_with(tmp_path)
    told = "torchaudio 2.10.0, but it does not load: undefined symbol: torch_call."
    assert f'{told} pip install --force-reinstall ".[models]"' in unfolded(shown)
    assert shown.splitlines()[-1] == "torchaudio is broken. Ready: voices by built-in, words by faster-whisper."
    assert "Its package torchaudio does not load" in unfolded(shown)


def test_where_not_even_the_default_engine_loads_the_doctor_still_speaks(tmp_path: Path) -> None:
    install(tmp_path, "ctranslate2", "4.0", "raise ImportError('libcudart.so.12: cannot open shared object file')")
    shown = doctor_with(tmp_path)
    assert "pip install --force-reinstall ." in unfolded(shown)
    assert shown.splitlines()[-1].startswith("ctranslate2 is broken. Ready but for words")


@pytest.mark.parametrize(
    ("torch", "told"),
    [
        (torch_with("H100", "A10"), "^CUDA: H100, 24 GB; A10, 24 GB$"),
        (torch_with(mps=True), "^the processor, .* cores?; Apple's MPS is here and not used$"),
        (torch_with(), "^the processor, .* cores?$"),
    ],
)
def test_what_torch_computes_on_is_told(monkeypatch: pytest.MonkeyPatch, torch: Any, told: str) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(installation, "version", lambda name: "2.11.0")
    assert re.search(told, dict(installation.devices(None))["torch"])


def test_cards_that_ctranslate2_only_counts_are_named_by_the_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = tmp_path / "nvidia-smi"
    driver.write_text("#!/bin/sh\necho 'NVIDIA H100 80GB HBM3, 81559'\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    assert "CTranslate2 CUDA: NVIDIA H100 80GB HBM3, 86 GB" in unfolded(doctor())
