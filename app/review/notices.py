"""What the first page says to a person once, after something was done: kept in the tab until it was shown."""

from __future__ import annotations

from html import escape

import streamlit as st

NOTICES = "notices"


def say(sentence: str) -> None:
    """Have a sentence shown the next time that the page is drawn."""
    st.session_state.setdefault(NOTICES, []).append(sentence)


def show_notices() -> None:
    """Draw what was said since the page was drawn last; screen readers read it out."""
    for sentence in st.session_state.pop(NOTICES, []):
        st.html(f'<p class="notice" role="status">{escape(sentence)}</p>')
