"""The review app as a server: Streamlit's pages and the routes for what a browser plays.

Run by `undertone review` (app.review_command); the library is the one that UNDERTONE_LIBRARY names, else the user's
own. What a page will need is made ready beforehand: what all need once the server runs, a session once it is asked for.
"""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.bootstrap import load_config_options

from analysis.cue_phrases import load_cues
from analysis.suggested_replies import load_suggestions
from analysis.word_weights import load_weights
from app.analysing.analysis_job import go_on
from app.library import Library, default_folder
from app.review.media import media_routes
from app.review.questions import question_routes
from app.review.settings import SETTINGS
from app.session.read_session import READER
from audio.errors import UndertoneError

# Only these names lead here: a page elsewhere that has its own name point to this machine is turned away.
HOSTS = ["127.0.0.1", "localhost"]

LANGUAGE = "en"  # the likeliest; another is loaded when it is first read

# Seconds that a thread may keep the others waiting, a tenth of Python's own. A file is sent in some ten short steps;
# while a session is read beside it, each of them would wait 5 ms.
SWITCH_AFTER = 0.0005

library = Library(default_folder())
go_on(library)  # what was being analysed when the machine went down


def get_ready() -> None:
    """Import and load what the first page would else wait for."""
    import app.review.session_page
    import app.review.start  # noqa: F401

    load_cues(LANGUAGE)
    load_weights(LANGUAGE)
    load_suggestions(LANGUAGE)
    gc.collect()
    gc.freeze()  # what is left stays: Streamlit looks for garbage after each click, which took 60 ms with all this


class ReadAhead:
    """Begins to read a session when its page is asked for, while the browser still fetches what all pages need."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; no answer waits for the reading."""
        if scope["type"] == "http" and scope["path"] == "/":
            for session in parse_qs(scope["query_string"].decode()).get("session", [])[:1]:
                beforehand.submit(read_ahead, session)
        await self._app(scope, receive, send)


def read_ahead(session_id: str) -> None:
    """Have the reader hold a session; whether there is one is for the page to say."""
    with suppress(UndertoneError):
        READER.read(library, session_id, library.edits(session_id))


sys.setswitchinterval(SWITCH_AFTER)
beforehand = ThreadPoolExecutor(max_workers=1)  # one after the other: a session is read with what get_ready loads
beforehand.submit(get_ready)

load_config_options(dict(SETTINGS))
app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[*question_routes(library), *media_routes(library)],
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS), Middleware(ReadAhead)],
)
