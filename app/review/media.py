"""The routes by which the browser fetches sound, tracks and words of a session, and the player's own files.

Names are looked up, never joined from what was asked: a session in the library, a kind of file in FILES, a file of the
player in MODULES. No other site may read what is sent (no CORS header), and no cache keeps what is a session's. Where
people put the conversation right, tracks and words are made of it as it is now; their address says by a mark that they
are others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.analysing.review_media import review_words, tracks_put_right
from app.library import Library
from app.library.records import LibraryError
from app.library.session_files import SessionFiles
from app.session.edits import CorrectWord, Edit, GiveSpeech, edit_to_json
from app.session.read_session import READER
from audio.conversation import Conversation

ROOT = "/undertone"  # not among the paths that Streamlit keeps for itself

# The modules of the player by name, as they are when the server starts. Their address changes with any of them, so that
# a browser may keep them for good.
MODULES: Mapping[str, bytes] = {
    path.name: path.read_bytes() for path in sorted((Path(__file__).parent / "player").glob("*.js"))
}
PLAYER = f"{ROOT}/player/{hashlib.sha256(b''.join(MODULES.values())).hexdigest()[:16]}"

PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
OURS = PRIVATE | {"Cache-Control": "private, max-age=31536000, immutable"}  # a year

# What can be fetched of a session: where it lies, its type, and whether it is packed already (packing twice would only
# cost time, and breaks ranges).
FILES: Mapping[str, tuple[Callable[[SessionFiles], Path | None], str, bool]] = {
    "audio.webm": (lambda files: files.audio, "audio/webm", True),
    "tracks.bin": (
        lambda files: files.computed.review_tracks if files.computed else None, "application/octet-stream", False,
    ),
    "words.json": (lambda files: files.computed.review_words if files.computed else None, "application/json", False),
}  # fmt: skip


# What is made anew of a corrected conversation, from the file that was there before, and which edits ask for it.
PUT_RIGHT: Mapping[str, tuple[tuple[type[Edit], ...], Callable[[Conversation, Path], bytes]]] = {
    "tracks.bin": ((GiveSpeech,), lambda conversation, path: tracks_put_right(conversation, path.read_bytes())),
    "words.json": (
        (GiveSpeech, CorrectWord),
        lambda conversation, _: json.dumps(review_words(conversation), ensure_ascii=False).encode(),
    ),
}


def media_addresses(session_id: str, edits: Sequence[Edit] = ()) -> dict[str, str]:
    """Where the browser finds the files of a session, by what they are: audio, tracks, words."""
    return {
        name.partition(".")[0]: f"{ROOT}/sessions/{session_id}/{name}{_mark(_corrections(name, edits))}"
        for name in FILES
    }


def media_routes(library: Library) -> list[Route]:
    """The routes for one library; ranges are answered, so that a browser can seek."""

    def session_file(request: Request) -> Response:
        return _session_file(library, request.path_params["session"], request.path_params["name"])

    return [
        Route(ROOT + "/sessions/{session}/{name}", session_file, methods=["GET"]),
        Route(PLAYER + "/{name}", _module, methods=["GET"]),
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
    if name in PUT_RIGHT and _corrections(name, edits := library.edits(session)):
        content = PUT_RIGHT[name][1](READER.read(library, session, edits).conversation, path)
        return Response(content, media_type=kind, headers=PRIVATE)
    packed = {"Content-Encoding": "identity"} if is_packed else {}
    return FileResponse(path, media_type=kind, headers=PRIVATE | packed)


def _corrections(name: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that make a file another."""
    kinds = PUT_RIGHT[name][0] if name in PUT_RIGHT else ()
    return [edit for edit in edits if isinstance(edit, kinds)]


def _mark(corrections: Sequence[Edit]) -> str:
    """What an address ends in after these corrections; the same again once they were undone."""
    if not corrections:
        return ""
    written = json.dumps([edit_to_json(edit) for edit in corrections])
    return f"?corrected={hashlib.sha256(written.encode()).hexdigest()[:16]}"


async def _module(request: Request) -> Response:
    module = MODULES.get(request.path_params["name"])
    if module is None:
        return _not_there()
    return Response(module, media_type="text/javascript", headers=OURS)


def _not_there() -> Response:
    return PlainTextResponse("There is no such file.", status_code=404, headers=PRIVATE)
