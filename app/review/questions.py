"""The routes by which the browser asks about a session, and is answered in JSON: nothing is written by asking.

`written`: the state of what people wrote, which is another once somebody wrote in another tab. `alike`, with the voice
and the start and end of a line in seconds: which lines of that voice sound like this one. As with the files of a
session, no other site may read the answers, and no cache keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.library import Library
from app.review.lines import lines_begun
from app.review.media import PRIVATE, ROOT
from app.session.read_session import READER
from audio.conversation import Span
from audio.errors import UndertoneError

Question = Callable[[Library, str, Mapping[str, str]], Any]


def written(library: Library, session_id: str, asked: Mapping[str, str]) -> str:
    """The state of the session's edits."""
    return library.state_of_edits(session_id)


def alike(library: Library, session_id: str, asked: Mapping[str, str]) -> list[dict[str, float]]:
    """Start and end of each line that sounds like the one asked about, itself among them; none if it cannot be told."""
    from app.session.alike_lines import lines_alike  # with what it needs to compare voices, which no other page needs

    conversation = READER.read(library, session_id, library.edits(session_id)).conversation
    within = Span(float(asked["start"]), float(asked["end"]))
    lines = lines_begun(conversation, asked["speaker"], [within])
    found = lines_alike(library, session_id, conversation, lines[0]) if lines else ()
    return [{"start": line.start, "end": line.end} for line in found]


QUESTIONS: Mapping[str, Question] = {"written": written, "alike": alike}


def question_addresses(session_id: str) -> dict[str, str]:
    """Where the browser asks about a session, by what it asks."""
    return {name: f"{ROOT}/sessions/{session_id}/{name}" for name in QUESTIONS}


def question_routes(library: Library) -> list[Route]:
    """The routes for one library; they come before those of the session's files, whose names are any."""

    def route(name: str, question: Question) -> Route:
        def answer(request: Request) -> Response:
            return _answer(question, library, request)

        return Route(f"{ROOT}/sessions/{{session}}/{name}", answer, methods=["GET"])

    return [route(name, question) for name, question in QUESTIONS.items()]


def _answer(question: Question, library: Library, request: Request) -> Response:
    try:
        found = question(library, request.path_params["session"], request.query_params)
    except UndertoneError as error:
        return PlainTextResponse(str(error), status_code=404, headers=PRIVATE)
    except (KeyError, ValueError):
        return PlainTextResponse("This cannot be asked so.", status_code=400, headers=PRIVATE)
    return JSONResponse(found, headers=PRIVATE)
