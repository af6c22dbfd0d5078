"""The review app as a server: Streamlit's pages and the routes for what a browser plays.

Run by `streamlit run app/review/asgi.py`; the library is the one that UNDERTONE_LIBRARY names, else the user's own.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.analysis_job import go_on
from app.library import Library, default_folder
from app.review.media import media_routes

# Only these names lead here: a page elsewhere that has its own name point to this machine is turned away.
HOSTS = ["127.0.0.1", "localhost"]

library = Library(default_folder())
go_on(library)  # what was being analysed when the machine went down

app = st.App(
    Path(__file__).with_name("main.py"),
    routes=media_routes(library),
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
)
