"""Weights are fetched once, from a hub of the test's own; then a recording is analysed with the network cut."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hub import Hub, hub_with, make_it_the_hub
from test_faster_whisper_transcript import write_tiny_whisper
from typer.testing import CliRunner

from app import model_weights
from app.cli import command

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "evening.ogg"
SPEECH, SILENCE = 4, 7  # seconds; a Whisper of random weights takes its time over what it cannot understand
TINY, LARGE, GATED = "Systran/faster-whisper-tiny", "Systran/faster-whisper-large-v2", "pyannote/speaker-diarization"
WEIGHTS = bytes(range(256)) * 100_000  # 25.6 MB


class Network:
    """The way out of this process: cut or not, with all that was tried while it was cut."""

    def __init__(self) -> None:
        self.is_cut = False
        self.tried: list[str] = []

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Called by Python before any socket is used."""
        if self.is_cut and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
            self.tried.append(f"{event} {arguments}")
            raise OSError("the network is cut")


NETWORK = Network()
sys.addaudithook(NETWORK.watch)  # for good: Python lets no such hook go


@pytest.fixture
def network() -> Iterator[Network]:
    NETWORK.tried.clear()
    yield NETWORK
    NETWORK.is_cut = False


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """A Whisper of random weights that runs, one that only has a size, and a pipeline with terms."""
    whisper = write_tiny_whisper(tmp_path_factory.mktemp("whisper") / "tiny")
    return {
        TINY: {path.name: path.read_bytes() for path in whisper.iterdir()} | {"README.md": b"Not needed."},
        LARGE: {"config.json": b"{}", "model.bin": WEIGHTS, "tokenizer.json": b"{ }"},
        GATED: {"config.yaml": b"pipeline:"},
    }


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def hub(repositories: dict[str, dict[str, bytes]], models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The only hub that there is, for a machine without weights."""
    with hub_with(repositories) as hub:
        hub.gated.add(GATED)
        make_it_the_hub(hub, models, monkeypatch)
        yield hub


def undertone(*arguments: object) -> Any:
    """What the command did: exit code, standard output and standard error."""
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def fetch(model: str) -> Any:
    return undertone("models", "fetch", "--whisper-model", model)


def test_after_one_fetch_a_recording_is_analysed_with_the_network_cut(
    hub: Hub, models: Path, network: Network, tmp_path: Path
) -> None:
    fetched = fetch("tiny")
    assert fetched.exit_code == 0, fetched.output
    assert fetched.stdout.startswith("tiny of faster-whisper was fetched (")
    assert str(models) in fetched.stdout
    names = [name for name, _ in hub.handed_out()]
    assert "model.bin" in names
    assert "README.md" not in names

    network.is_cut = True
    samples, rate = soundfile.read(SAMPLE, frames=16_000 * SPEECH)
    soundfile.write(tmp_path / "talk.wav", np.pad(samples, (0, rate * SILENCE)), rate)
    options = ("--transcriber", "faster-whisper", "--whisper-model", "tiny", "--speakers", 1, "--out", tmp_path / "out")
    analysed = undertone("analyze", tmp_path / "talk.wav", *options)
    assert analysed.exit_code == 0, analysed.output
    assert network.tried == []
    assert json.loads((tmp_path / "out" / "talk.json").read_text())["engines"]["words"] == "faster-whisper"


def test_the_network_is_really_cut_in_these_tests(hub: Hub, network: Network) -> None:
    network.is_cut = True
    assert fetch("tiny").exit_code == 2
    assert network.tried


def test_what_is_here_is_not_fetched_again(hub: Hub, network: Network) -> None:
    fetch("tiny")
    network.is_cut = True
    again = fetch("tiny")
    assert again.exit_code == 0, again.output
    assert again.stdout.startswith("tiny of faster-whisper is already here (")
    assert network.tried == []


def test_a_download_that_breaks_off_in_the_middle_goes_on_from_there(hub: Hub, models: Path) -> None:
    hub.patience = 15_000_000
    fetched = fetch("large-v2")
    assert fetched.exit_code == 0, fetched.output
    begun = [first for name, first in hub.handed_out() if name == "model.bin"]
    assert begun == [0, 15_000_000]
    (weights,) = models.rglob("snapshots/*/model.bin")
    assert weights.read_bytes() == WEIGHTS


def test_a_hub_that_fails_in_the_middle_is_told_of_and_another_day_it_goes_on_from_there(hub: Hub) -> None:
    hub.patience, hub.mended = 15_000_000, False
    failed = fetch("large-v2")
    assert (failed.exit_code, failed.stdout) == (2, "")
    (sentence,) = failed.stderr.strip().splitlines()
    assert sentence.startswith(f'The weights "{LARGE}" could not be fetched from')
    hub.mended = True
    before = hub.handed_out()
    fetched = fetch("large-v2")
    assert fetched.exit_code == 0, fetched.output
    assert "(26 MB)" in fetched.stdout
    assert ("model.bin", 15_000_000) in hub.handed_out()[len(before) :]
    assert ("model.bin", 0) not in hub.handed_out()[len(before) :]


def test_weights_with_terms_are_told_of_with_the_page_that_has_them(hub: Hub) -> None:
    refused = undertone("models", "fetch", "--engine", "pyannote", "--speaker-model", GATED)
    assert (refused.exit_code, refused.stdout) == (2, "")
    (sentence,) = refused.stderr.strip().splitlines()
    assert f"https://hf.co/{GATED}," in sentence
    assert sentence.endswith("by HF_TOKEN or `hf auth login`.")


def test_weights_that_nobody_has_are_one_sentence(hub: Hub) -> None:
    failed = fetch("nobody/such-a-model")
    assert (failed.exit_code, failed.stdout) == (2, "")
    (sentence,) = failed.stderr.strip().splitlines()
    assert sentence.startswith('The weights "nobody/such-a-model" could not be fetched from')
    assert sentence.endswith(".")


@pytest.mark.parametrize("engine", model_weights.SOURCES)
def test_where_fetching_is_forbidden_every_engine_says_so(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    refused = undertone("models", "fetch", "--engine", engine)
    assert refused.exit_code == 2
    (sentence,) = refused.stderr.strip().splitlines()
    assert "HF_HUB_OFFLINE forbids" in sentence


def test_an_unknown_engine_has_no_weights() -> None:
    refused = undertone("models", "fetch", "--engine", "crystal-ball")
    assert refused.exit_code == 2
    assert "crystal-ball has no weights" in refused.output


def test_models_alone_shows_what_can_be_done() -> None:
    shown = undertone("models").output
    assert "fetch" in shown
    assert "list" in shown


def test_the_list_shows_what_is_here_and_how_to_get_the_rest(hub: Hub, models: Path) -> None:
    models.mkdir()
    (models / "medium.pt").write_bytes(bytes(4_000_000))
    shown = " ".join(undertone("models", "list").output.split())
    assert "openai-whisper medium: 4 MB" in shown
    assert "undertone models fetch" in shown
    assert hub.asked == []
