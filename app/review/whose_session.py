"""Whose session it is, above its moments: a suggestion from the voices to say yes or no to, and couples to choose from.

In: the library and an analysed session. What is suggested is written only when somebody says so, and a way back is
there. Names are shown through html.escape or as options; no text of a person's is read as Markdown.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from app.couples.known_voices import Assignment, Suggestion, allow, assign, decline, suggestion
from app.library import Library
from app.library.records import Couple, LibraryError
from app.texts import load_texts

STYLE = "<style>.whose { margin: 0; font-size: 1.0625rem; line-height: 1.45; overflow-wrap: anywhere; }</style>"
# In the tab: how the last answer is told and the way back from it, until the page is drawn once more; and the fields
# of a session by which another couple is chosen or named. What is chosen has another field for every couple that was
# chosen before: a browser that has it folded away would send the old one for a new choice.
ANSWERED, CHOSEN, NEW = "whose_session_answered", "couple-of-{}-{}", "new-couple-of-{}"


def show_whose(library: Library, session_id: str) -> None:
    """Draw one line where there is something to answer, or to take back; else nothing."""
    texts = load_texts()["whose"]
    of, told, back = st.session_state.pop(ANSWERED, ("", "", None))
    if of == session_id:
        with _line(told):
            st.button(texts["undo"], on_click=back)
        return
    try:
        found = suggestion(library, session_id)
    except LibraryError:  # what is wrong with the session is said in the place of its moments
        return
    if found is None:
        return
    with _line(_said(found)):
        st.button(texts["yes"], on_click=_agree, args=(library, session_id, found))
        st.button(texts["no"], type="tertiary", on_click=_disagree, args=(library, session_id, found.couple))


def choose_couple(library: Library, session_id: str) -> None:
    """Draw a word that opens on a click: the couple of the session, chosen among those that have any, or named anew."""
    texts = load_texts()["whose"]
    couple = library.session(session_id).couple
    couples = sorted({one.couple for one in library.sessions() if one.couple}, key=lambda one: one.name.casefold())
    with st.popover(texts["of" if couple else "whose"], type="tertiary"):
        if couples:
            options, key = [None, *couples], CHOSEN.format(session_id, couple.id if couple else None)
            st.selectbox(texts["choose"], options, options.index(couple), key=key, on_change=_choose,
                         args=(library, session_id, key), format_func=_called)  # fmt: skip
        st.text_input(texts["new"], key=NEW.format(session_id), placeholder=texts["new_hint"])
        st.button(texts["add"], on_click=_add, args=(library, session_id))


def _line(told: str) -> st.delta_generator.DeltaGenerator:
    """A sentence, and room for buttons beside it."""
    line = st.container(horizontal=True, vertical_alignment="center")
    line.html(f'{STYLE}<p class="whose" role="status">{escape(told)}</p>', width="content")
    return line


def _said(found: Suggestion) -> str:
    texts = load_texts()
    names = texts["start"]["partners_joined"].join(found.names.values())
    which = "one_voice" if len(found.names) == 1 else found.sure
    sessions = texts["whose"]["session_one" if found.sessions == 1 else "session_n"].format(n=found.sessions)
    return str(texts["whose"][which].format(names=names, sessions=sessions, couple=found.couple.name))


def _called(couple: Couple | None) -> str:
    return couple.name if couple else str(load_texts()["whose"]["nobody"])


def _agree(library: Library, session_id: str, found: Suggestion) -> None:
    told = load_texts()["whose"]["is_of"].format(couple=found.couple.name)
    _write(library, session_id, Assignment(found.couple, found.names), told)


def _disagree(library: Library, session_id: str, couple: Couple) -> None:
    told = load_texts()["whose"]["is_not_of"].format(couple=couple.name)
    _tell(session_id, told, lambda: decline(library, session_id, couple), lambda: allow(library, session_id, couple))


def _choose(library: Library, session_id: str, key: str) -> None:
    texts, couple = load_texts()["whose"], st.session_state[key]
    told = texts["is_of"].format(couple=couple.name) if couple else texts["is_of_nobody"]
    _write(library, session_id, Assignment(couple, {}), told)


def _add(library: Library, session_id: str) -> None:
    name = st.session_state.pop(NEW.format(session_id), "").strip()
    if name:
        told = load_texts()["whose"]["is_of"].format(couple=name)
        _write(library, session_id, Assignment(library.add_couple(name), {}), told)


def _write(library: Library, session_id: str, assignment: Assignment, told: str) -> None:
    before: list[Assignment] = []
    _tell(session_id, told, lambda: before.append(assign(library, session_id, assignment)),
          lambda: assign(library, session_id, before[0]))  # fmt: skip


def _tell(session_id: str, told: str, act: Callable[[], object], back: Callable[[], object]) -> None:
    """Do what was answered, and have it told with the way back; or have told why it cannot be done."""
    try:
        act()
        st.session_state[ANSWERED] = (session_id, told, back)
    except LibraryError as error:
        st.error(str(error))
