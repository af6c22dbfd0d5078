"""The review app as a server: Streamlit's pages and the routes for what a browser plays.

Run by `streamlit run app/review/asgi.py`; the library is the one that UNDERTONE_LIBRARY names, else the user's own.
"""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from analysis.cue_phrases import load_cues
from analysis.suggested_replies import load_suggestions
from analysis.word_weights import load_weights
from app.analysis_job import go_on
from app.library import Library, default_folder
from app.review.media import media_routes

# Only these names lead here: a page elsewhere that has its own name point to this machine is turned away.
HOSTS = ["127.0.0.1", "localhost"]

LANGUAGE = "en"  # the likeliest; another is loaded when it is first read

library = Library(default_folder())
go_on(library)  # what was being analysed when the machine went down


def get_ready() -> None:
    """Import and load what the first page would else wait for."""
    import app.review.session_page
    import app.review.start  # noqa: F401

    load_cues(LANGUAGE)
    load_weights(LANGUAGE)
    load_suggestions(LANGUAGE)


Thread(target=get_ready, daemon=True).start()

app = st.App(
    Path(__file__).with_name("main.py"),
    routes=media_routes(library),
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
)
