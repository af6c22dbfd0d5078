"""The routes by which the browser fetches sound, tracks and words of a session, and the player's own files.

Names are looked up, never joined from what was asked: a session in the library, a kind of file in FILES, a file of the
player in its folder. No other site may read what is sent (no CORS header), and no cache keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.library import Library
from app.library_records import LibraryError
from app.session_files import SessionFiles

ROOT = "/undertone"  # not among the paths that Streamlit keeps for itself
PLAYER = Path(__file__).parent / "player"
PLAYER_TYPES: Mapping[str, str] = {".js": "text/javascript"}

PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
OURS = PRIVATE | {"Cache-Control": "no-cache"}  # the player's files are the program's, but change with its version

# What can be fetched of a session: where it lies, its type, and whether it is packed already (packing twice would only
# cost time, and breaks ranges).
FILES: Mapping[str, tuple[Callable[[SessionFiles], Path | None], str, bool]] = {
    "audio.webm": (lambda files: files.audio, "audio/webm", True),
    "tracks.bin": (
        lambda files: files.computed.review_tracks if files.computed else None, "application/octet-stream", False,
    ),
    "words.json": (lambda files: files.computed.review_words if files.computed else None, "application/json", False),
}  # fmt: skip


def media_addresses(session_id: str) -> dict[str, str]:
    """Where the browser finds the files of a session, by what they are: audio, tracks, words."""
    return {name.partition(".")[0]: f"{ROOT}/sessions/{session_id}/{name}" for name in FILES}


def media_routes(library: Library) -> list[Route]:
    """The routes for one library; ranges are answered, so that a browser can seek."""

    def session_file(request: Request) -> Response:
        return _session_file(library, request.path_params["session"], request.path_params["name"])

    return [
        Route(ROOT + "/sessions/{session}/{name}", session_file, methods=["GET"]),
        Route(ROOT + "/player/{name}", _player_file, methods=["GET"]),
    ]


def _session_file(library: Library, session: str, name: str) -> Response:
    if name not in FILES:
        return _not_there()
    place, kind, is_packed = FILES[name]
    try:
        path = place(library.files(session))
    except LibraryError:
        return _not_there()
    if path is None or not path.is_file():
        return _not_there()
    packed = {"Content-Encoding": "identity"} if is_packed else {}
    return FileResponse(path, media_type=kind, headers=PRIVATE | packed)


def _player_file(request: Request) -> Response:
    names = {path.name: path for path in PLAYER.iterdir() if path.suffix in PLAYER_TYPES}
    path = names.get(request.path_params["name"])
    if path is None:
        return _not_there()
    return FileResponse(path, media_type=PLAYER_TYPES[path.suffix], headers=OURS)


def _not_there() -> Response:
    return PlainTextResponse("There is no such file.", status_code=404, headers=PRIVATE)
