"""The pages of the review app: the recordings, the one that the address names, or a couple over all of theirs."""

from __future__ import annotations

import streamlit as st

from app.library import Library, default_folder
from app.review.session_page import show_session
from app.review.start import show_start
from app.review.trends_link import asked_couple
from app.review.trends_page import show_trends
from app.texts import load_texts

MORE_ROOM = ".stMainBlockContainer { padding-top: 3.25rem; padding-bottom: 2rem; }"  # Streamlit leaves 6 and 10 rem


@st.cache_resource
def open_library() -> Library:
    """The library, opened once for all tabs."""
    return Library(default_folder())


def asked_session(library: Library) -> str | None:
    """The id of the session that the address names; None where there is none of it."""
    asked = st.query_params.get("session")
    if asked is None:
        return None
    return asked if asked in {session.id for session in library.sessions()} else None


def show(library: Library) -> None:
    """Draw the page."""
    texts = load_texts()["page"]
    st.set_page_config(page_title=texts["title"], layout="wide")
    st.html(f"<style>{MORE_ROOM}</style>")
    session_id, couple = asked_session(library), asked_couple(library)
    if session_id is not None:
        show_session(library, session_id)
    elif couple is not None:
        show_trends(library, couple)
    else:
        show_start(library)


show(open_library())
