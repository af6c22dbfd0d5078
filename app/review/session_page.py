"""The page of one session: its moments, or its summary, and the ways between them and back to the recordings."""

from __future__ import annotations

import streamlit as st

from app.couples.couple_trends import FEWEST
from app.library import Library
from app.review.player import review_player
from app.review.trends_link import ask_for_trends
from app.review.whose_session import choose_couple, show_whose
from app.texts import load_texts

VIEW, SUMMARY = "view", "summary"  # in the address: ?session=...&view=summary


def show_session(library: Library, session_id: str) -> None:
    """Draw the page of a session that the library has."""
    texts = load_texts()
    session, files = library.session(session_id), library.files(session_id)
    in_summary = st.query_params.get(VIEW) == SUMMARY
    with st.container(horizontal=True):
        st.button(f"← {texts['start']['back']}", type="tertiary", on_click=leave_session)
        if in_summary:
            st.button(texts["page"]["moments"], type="tertiary", on_click=show_moments)
        else:
            st.button(texts["summary"]["title"], type="tertiary", on_click=ask_for_summary)
        if session.couple is not None and len(library.sessions_of(session.couple)) >= FEWEST:
            st.button(texts["trends"]["link"], type="tertiary", on_click=ask_for_trends, args=(session.couple,))
        if files.computed is not None:
            choose_couple(library, session_id)
    if files.computed is None or not files.audio.exists():
        st.text(texts["page"]["not_ready"].format(title=session.title))
    elif in_summary:
        from app.review.summary_page import show_summary  # it draws with Altair: 40 MB that the player does without

        show_summary(library, session_id)
    else:
        above = st.container()
        review_player(library, session_id)
        with above:  # drawn after the player, which must not wait until voices are compared
            show_whose(library, session_id)


def leave_session() -> None:
    """Go back to the recordings."""
    st.query_params.clear()


def show_moments() -> None:
    """Go from the summary to the player."""
    st.query_params.pop(VIEW, None)


def ask_for_summary() -> None:
    """Go from the player to the summary."""
    st.query_params.update({VIEW: SUMMARY})
