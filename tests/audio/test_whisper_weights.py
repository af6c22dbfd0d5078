"""Weights are fetched from a server of the test's own; the package whisper is a stand-in that names its address."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from audio import download, model_weights, whisper_weights
from audio.errors import EngineError

WEIGHTS = bytes(range(256)) * 12_000  # 3 MB
CHECKSUM = hashlib.sha256(WEIGHTS).hexdigest()


class Authors(BaseHTTPRequestHandler):
    """Serves WEIGHTS, also from the middle on, but no more than `patience` bytes at once."""

    def do_GET(self) -> None:
        first = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        self.server.asked.append(first)  # type: ignore[attr-defined]
        if first >= len(WEIGHTS):
            self.send_error(416)
            return
        self.send_response(206)
        self.send_header("Content-Length", str(len(WEIGHTS) - first))
        self.end_headers()
        self.wfile.write(WEIGHTS[first:][: self.server.patience])  # type: ignore[attr-defined]

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def authors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(download, "PAUSE", 0.01)
    server: Any = HTTPServer(("127.0.0.1", 0), Authors)
    server.asked, server.patience = [], len(WEIGHTS)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{CHECKSUM}/large-v3-turbo.pt"
    monkeypatch.setitem(sys.modules, "whisper", SimpleNamespace(_MODELS={"turbo": address}))
    monkeypatch.setattr(model_weights, "host_answers", lambda address: True)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("UNDERTONE_MODELS", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache" / "whisper"


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_weights_are_found_by_path_in_our_folder_and_in_whisper_s_cache(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert whisper_weights.weights_here("turbo") is None
    cached = put(cache / "large-v3-turbo.pt")
    assert whisper_weights.weights_here("turbo") == cached
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path / "models"))
    ours = put(tmp_path / "models" / "large-v3-turbo.pt")
    assert whisper_weights.weights_here("turbo") == whisper_weights.weights_here("large-v3-turbo") == ours
    tuned = put(tmp_path / "models" / "tuned.pt")
    for name in ("tuned", "tuned.pt", str(tuned)):
        assert whisper_weights.weights_here(name) == tuned
        assert whisper_weights.why_missing(name) is None


def test_what_is_neither_a_file_nor_a_size_is_answered_with_the_sizes(tmp_path: Path) -> None:
    for name in ("enormous", str(tmp_path / "gone.pt"), str(tmp_path), "Systran/faster-whisper-small"):
        assert f'"{name}" is neither' in (whisper_weights.why_missing(name) or "")
    assert "tiny, tiny.en, base" in (whisper_weights.why_missing("enormous") or "")


def test_offline_by_wish_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(model_weights, "host_answers", lambda address: pytest.fail("knocked nevertheless"))
    assert "HF_HUB_OFFLINE" in (whisper_weights.why_missing("small") or "")


def test_a_host_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_weights, "host_answers", lambda address: False)
    with pytest.raises(EngineError, match=r"^openai-whisper cannot run: .*azureedge\.net cannot be reached"):
        whisper_weights.fetch_weights("small", lambda share: None)


def test_a_package_that_does_not_import_is_one_sentence(authors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whisper", None)
    with pytest.raises(EngineError, match=r"^openai-whisper cannot be imported: .*\.$"):
        whisper_weights.fetch_weights("turbo", lambda share: None)


def test_weights_are_fetched_with_progress_and_found_afterwards(authors: Any, cache: Path) -> None:
    told: list[float] = []
    assert whisper_weights.fetch_weights("turbo", told.append) == cache / "large-v3-turbo.pt"
    assert (cache / "large-v3-turbo.pt").read_bytes() == WEIGHTS
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [path.name for path in cache.iterdir()] == ["large-v3-turbo.pt"]
    assert whisper_weights.weights_here("turbo")


def test_a_download_that_breaks_off_goes_on_where_it_was(authors: Any, cache: Path) -> None:
    authors.patience = 2_000_000
    whisper_weights.fetch_weights("turbo", lambda share: None)
    assert authors.asked == [0, 2_000_000]
    assert (cache / "large-v3-turbo.pt").read_bytes() == WEIGHTS


def test_one_that_brings_nothing_more_is_told_and_goes_on_another_time(authors: Any, cache: Path) -> None:
    put(cache / "large-v3-turbo.part").write_bytes(WEIGHTS[:2_000_000])
    authors.patience = 0
    with pytest.raises(EngineError, match=r"^The weights \"turbo\" could not be fetched from .*\.$"):
        whisper_weights.fetch_weights("turbo", lambda share: None)
    assert authors.asked == [2_000_000] * download.TRIES
    assert whisper_weights.weights_here("turbo") is None
    authors.patience = len(WEIGHTS)
    told: list[float] = []
    whisper_weights.fetch_weights("turbo", told.append)
    assert told[0] > 2_000_000 / len(WEIGHTS)
    assert (cache / "large-v3-turbo.pt").read_bytes() == WEIGHTS


def test_a_whole_file_that_was_not_yet_put_in_place_is_not_fetched_again(authors: Any, cache: Path) -> None:
    put(cache / "large-v3-turbo.part").write_bytes(WEIGHTS)
    assert whisper_weights.fetch_weights("turbo", lambda share: None).read_bytes() == WEIGHTS


def test_damaged_weights_are_removed(authors: Any, cache: Path) -> None:
    put(cache / "large-v3-turbo.part").write_bytes(b"damaged")
    with pytest.raises(EngineError, match="arrived damaged"):
        whisper_weights.fetch_weights("turbo", lambda share: None)
    assert list(cache.iterdir()) == []
