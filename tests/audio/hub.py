"""A hub of the test's own: what huggingface_hub's client asks of hf.co, answered on this machine from bytes."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

COMMIT = "0123456789" * 4  # the one version that there is
ABOUT = re.compile(r"/api/models/(?P<repository>[^/]+/[^/]+)(?P<tree>/tree/.*)?(/revision/.*)?")
FILE = re.compile(rf"/(?P<repository>[^/]+/[^/]+)/resolve/(main|{COMMIT})/(?P<file>.+)")


class Hub(ThreadingHTTPServer):
    """Gives away `repositories`: names of files and their bytes, by the repository's name.

    asked: all that was asked for, as method, path and first byte.
    patience: bytes that it sends of a file before it hangs up, once. mended: whether it goes on after that.
    gated: repositories whose files go only to those who accepted their terms; nobody has.
    """

    daemon_threads = True

    def __init__(self, repositories: Mapping[str, Mapping[str, bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.repositories = repositories
        self.asked: list[tuple[str, str, int]] = []
        self.patience: int | None = None
        self.mended = True
        self.gated: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handed_out(self) -> list[tuple[str, int]]:
        """The files that were sent, with the first byte of each sending."""
        return [(path.rpartition("/")[2], first) for method, path, first in self.asked if self._is_file(method, path)]

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is none."""

    @staticmethod
    def _is_file(method: str, path: str) -> bool:
        return method == "GET" and FILE.fullmatch(path) is not None


@contextmanager
def hub_with(repositories: Mapping[str, Mapping[str, bytes]]) -> Iterator[Hub]:
    """The hub, open as long as this lasts."""
    with Hub(repositories) as hub:
        threading.Thread(target=hub.serve_forever, args=(0.01,), daemon=True).start()
        yield hub
        hub.shutdown()


def make_it_the_hub(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the client ask this hub instead of hf.co, and keep what it gets in `models` alone."""
    constants = "huggingface_hub.constants"
    # Read from the environment when huggingface_hub was imported: too late to be set there.
    monkeypatch.setattr(f"{constants}.ENDPOINT", hub.address)
    monkeypatch.setattr(
        f"{constants}.HUGGINGFACE_CO_URL_TEMPLATE", f"{hub.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    )
    monkeypatch.setattr(f"{constants}.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(f"{constants}.HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(f"{constants}.HF_HUB_CACHE", str(models / "hub"))
    for name in ("HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (
        ("HF_ENDPOINT", hub.address),
        ("UNDERTONE_MODELS", str(models)),
        ("XDG_CACHE_HOME", str(models)),
    ):
        monkeypatch.setenv(name, value)


class _Answer(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self) -> None:
        path = unquote(self.path.partition("?")[0])
        self.server.asked.append((self.command, path, self._first()))
        if (about := ABOUT.fullmatch(path)) and about["repository"] in self.server.repositories:
            files = self.server.repositories[about["repository"]]
            return self._tell(_tree(files) if about["tree"] else _about(about["repository"], files))
        if (asked := FILE.fullmatch(path)) and (found := self._file(asked)) is not None:
            if asked["repository"] in self.server.gated:
                return self._refuse(403, "GatedRepo")
            return self._send(found)
        return self._refuse(404, "RepoNotFound" if about else "EntryNotFound")

    def _file(self, asked: re.Match[str]) -> bytes | None:
        return self.server.repositories.get(asked["repository"], {}).get(asked["file"])

    def _first(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])

    def _tell(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, code: int, reason: str) -> None:
        self.send_response(code)
        self.send_header("X-Error-Code", reason)
        self.send_header("X-Error-Message", reason)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes) -> None:
        first, patience = self._first(), self.server.patience
        if patience is None and not self.server.mended:
            return self._refuse(503, "Overloaded")
        self.send_response(206 if first else 200)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(content) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "HEAD":
            return None
        self.wfile.write(content[first:][:patience])
        if patience is not None and len(content) - first > patience:
            self.server.patience = None
            self.close_connection = True
        return None


def _about(repository: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    siblings = [{"rfilename": name, "size": len(content)} for name, content in files.items()]
    return {"_id": "0", "id": repository, "modelId": repository, "sha": COMMIT, "siblings": siblings}


def _tree(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
        for name, content in files.items()
    ]
