"""The way to a couple's trends: the address of the page, and links to it; light enough for any page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

import streamlit as st

from app.couples.couple_trends import FEWEST
from app.library import Library
from app.library.records import Couple, Session
from app.texts import load_texts

COUPLE = "couple"  # in the address: ?couple=...


def asked_couple(library: Library) -> Couple | None:
    """The couple that the address names; None where there is none of it."""
    asked = st.query_params.get(COUPLE)
    return next((one for one in library.couples() if str(one.id) == asked), None) if asked else None


def couples_with_trends(sessions: Iterable[Session]) -> frozenset[int]:
    """The ids of the couples that have sessions enough among these."""
    of = Counter(session.couple.id for session in sessions if session.couple is not None)
    return frozenset(id for id, count in of.items() if count >= FEWEST)


def link_to_trends(couple: Couple, with_trends: frozenset[int]) -> str:
    """A couple's name as HTML: a link to their trends where there are any."""
    if couple.id not in with_trends:
        return escape(couple.name)
    told = escape(load_texts()["trends"]["link_long"].format(couple=couple.name))
    return f'<a href="?{COUPLE}={couple.id}" title="{told}">{escape(couple.name)}</a>'


def ask_for_trends(couple: Couple) -> None:
    """Go to the trends of a couple."""
    st.query_params.from_dict({COUPLE: str(couple.id)})
