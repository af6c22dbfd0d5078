"""The names and terms that the transcriber is told of, to be seen, added to and taken off.

In: the library. Out: the list, in the library as soon as something was added or taken off. Another tab may write
meanwhile: only what was changed here is changed there.
"""

from __future__ import annotations

import streamlit as st

from app.library import Library
from app.texts import load_texts
from audio.terms import terms_in

LIST, SHOWN = "terms", "terms_shown"  # in the state of the tab: the list as it was changed, and as it was drawn


def show_terms(library: Library) -> None:
    """Draw the list."""
    texts = load_texts()["terms"]
    terms = list(library.terms())
    st.session_state[LIST] = st.session_state[SHOWN] = terms
    st.multiselect(
        texts["title"],
        terms,
        key=LIST,
        placeholder=texts["hint"],
        help=texts["about"],
        accept_new_options=True,
        on_change=_keep,
        args=(library,),
    )


def _keep(library: Library) -> None:
    before, after = set(st.session_state[SHOWN]), st.session_state[LIST]
    for written in after:
        if written not in before:
            for term in terms_in(written):
                library.add_term(term)
    for gone in before.difference(after):
        library.remove_term(gone)
