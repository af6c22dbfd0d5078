"""Weights are looked for where they may lie, and fetched from a hub of the test's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import Hub, hub_with, make_it_the_hub

from audio import download, model_weights
from audio.errors import EngineError
from audio.progress import tell_nobody

REPOSITORY, FILES = "someone/model", ["config.json", "model.*"]
WEIGHTS = bytes(range(256)) * 20_000  # 5 MB


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def hub(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    files = {"config.json": b"{}", "model.bin": WEIGHTS, "picture.png": b"not asked for"}
    monkeypatch.setattr(download, "PAUSE", 0.01)
    with hub_with({REPOSITORY: files}) as hub:
        make_it_the_hub(hub, models, monkeypatch)
        yield hub


def test_what_was_fetched_is_found_without_a_network(hub: Hub, models: Path) -> None:
    assert model_weights.cached_repository(REPOSITORY, "model.bin") is None
    folder = model_weights.fetch_repository(REPOSITORY, FILES, tell_nobody)
    assert folder.is_relative_to(models)
    asked = len(hub.asked)
    assert model_weights.cached_repository(REPOSITORY, "model.bin") == folder
    assert len(hub.asked) == asked
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"config.json": b"{}", "model.bin": WEIGHTS}


def test_all_files_are_fetched_where_none_is_named(hub: Hub) -> None:
    folder = model_weights.fetch_repository(REPOSITORY, None, tell_nobody)
    assert {path.name for path in folder.iterdir()} == {"config.json", "model.bin", "picture.png"}


def test_weights_go_into_the_hub_s_usual_cache_where_no_folder_is_named(
    hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNDERTONE_MODELS")
    folder = model_weights.fetch_repository(REPOSITORY, FILES, tell_nobody)
    assert folder.is_relative_to(models / "hub")
    assert model_weights.cached_repository(REPOSITORY, "model.bin") == folder


def test_the_share_of_all_files_grows_to_the_whole(hub: Hub) -> None:
    told: list[float] = []
    model_weights.fetch_repository(REPOSITORY, FILES, told.append)
    assert told[0] < 0.5
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_broke_off_is_not_taken_for_weights_and_goes_on_where_it_was(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TRIES", 1)
    hub.patience, hub.mended = 2_000_000, False
    with pytest.raises(EngineError, match=r"could not be fetched from .*: 503 Service Unavailable\.$"):
        model_weights.fetch_repository(REPOSITORY, FILES, tell_nobody)
    for file in ("config.json", "model.bin"):
        assert model_weights.cached_repository(REPOSITORY, file) is None
    hub.mended = True
    told: list[float] = []
    folder = model_weights.fetch_repository(REPOSITORY, FILES, told.append)
    assert hub.handed_out() == [
        ("config.json", 0),
        ("model.bin", 0),
        ("model.bin", 2_000_000),
        ("model.bin", 2_000_000),
    ]
    assert told[0] > 2_000_000 / len(WEIGHTS)
    assert (folder / "model.bin").read_bytes() == WEIGHTS


def test_what_arrives_damaged_is_removed_and_told_of(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_weights, "checksum", lambda path: "0" * 64)
    with pytest.raises(EngineError, match=r"arrived damaged and was removed, try again\.$"):
        model_weights.fetch_repository(REPOSITORY, FILES, tell_nobody)
    assert not list(models.rglob("*.part"))
    assert model_weights.cached_repository(REPOSITORY, "model.bin") is None


def test_weights_with_terms_are_told_of_with_their_page(hub: Hub) -> None:
    hub.gated.add(REPOSITORY)
    with pytest.raises(EngineError, match=r"accept their terms: do so at https://hf\.co/someone/model, and give"):
        model_weights.fetch_repository(REPOSITORY, FILES, tell_nobody)
    assert model_weights.cached_repository(REPOSITORY, "model.bin") is None


def test_a_repository_that_nobody_has_is_one_sentence(hub: Hub) -> None:
    with pytest.raises(EngineError, match=r'^The weights "no/body" could not be fetched from .*\.$') as failure:
        model_weights.fetch_repository("no/body", FILES, tell_nobody)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("name", ["a/b/c", "~/models/own", "", "../elsewhere"])
def test_what_is_no_repository_s_name_is_in_no_cache(hub: Hub, name: str) -> None:
    assert model_weights.cached_repository(name, "model.bin") is None


def test_a_host_that_answers_is_known_from_one_that_does_not(hub: Hub) -> None:
    assert model_weights.host_answers(hub.address)
    assert model_weights.host_answers(f"{hub.address}/nothing/there"), "to refuse is to answer"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        assert not model_weights.host_answers(f"http://127.0.0.1:{nobody.getsockname()[1]}")
    assert not model_weights.host_answers("no address")


def test_a_host_that_holds_the_line_without_a_word_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_weights, "KNOCK", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not model_weights.host_answers(f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_why_weights_cannot_be_fetched_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert model_weights.why_not_fetched("small", hub.address) is None
    assert "no address cannot be reached" in (model_weights.why_not_fetched("small", "no address") or "")
    asked = len(hub.asked)
    for yes in ("1", "true", "YES"):
        monkeypatch.setenv("HF_HUB_OFFLINE", yes)
        assert "HF_HUB_OFFLINE forbids" in (model_weights.why_not_fetched("small", hub.address) or "")
    assert len(hub.asked) == asked
