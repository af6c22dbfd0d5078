"""The player in the browser: mounted here, and what it sends is written to the library.

The browser sends every edit with a running number and keeps it until it is told that it was received; so nothing is
lost when edits come faster than answers, and nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.moments import Moment, Reading, read_conversation
from app.corrections import corrected, without_coach
from app.edits import CorrectWord, Edit, GiveSpeech, SetRole, SwapVoices, edit_from_json
from app.library import Library
from app.remarks import place_of, removed_moments, same_moment, voices
from app.review.media import ROOT
from app.review.player_data import player_data
from audio.conversation import Conversation

UNDO = "Undo"  # sent in place of an edit: takes back the last one
RECEIVED = "received"  # in the state of the tab: the number of the last edit that was written, by sender
CHANGE_THE_READING = (GiveSpeech, CorrectWord, SetRole, SwapVoices)
KEPT_READINGS = 4  # sessions, each of some ten megabytes

# The modules are fetched from our own route: a component's script is a blob, and a blob cannot import its neighbours.
SCRIPT = f"""
const {{ show }} = await import(new URL("{ROOT}/player/player.js", window.location.origin).href);
export default show;
"""

_player = st.components.v2.component(
    "undertone_player",
    html='<div class="player"></div>',
    css=(Path(__file__).parent / "player.css").read_text(encoding="utf-8"),
    js=SCRIPT,
)


@st.fragment
def review_player(library: Library, session_id: str) -> None:
    """Draw the player for a session; marks and notes are in the library before it is drawn again."""
    key = f"player-{session_id}"

    def write() -> None:
        _write(library, session_id, st.session_state[key].get("outbox"))

    edits = library.edits(session_id)
    corrections = tuple(edit for edit in edits if isinstance(edit, CHANGE_THE_READING))
    conversation, reading = _read(library, session_id, _analysis(library, session_id), corrections)
    moments = shown_moments(reading, edits)
    data = player_data(session_id, conversation, reading, moments, edits)
    data["received"] = st.session_state.get(RECEIVED, {})
    result = _player(key=key, data=data, on_outbox_change=write)
    # After a restart of the server the browser sends what it still holds, and no callback is called for that.
    if _write(library, session_id, result.get("outbox")):
        st.rerun(scope="fragment")


def shown_moments(reading: Reading, edits: Sequence[Edit]) -> tuple[Moment, ...]:
    """The moments to step through: those that stand out, without those that a person removed."""
    removed = removed_moments(edits)
    return tuple(
        moment for moment in reading.moments() if not any(same_moment(place, place_of(moment)) for place in removed)
    )


@st.cache_resource(max_entries=KEPT_READINGS, hash_funcs={Library: lambda library: str(library.folder)})
def _read(
    library: Library, session_id: str, analysis: str, corrections: tuple[Edit, ...]
) -> tuple[Conversation, Reading]:
    """The conversation as people put it right, and its reading; `analysis` tells one analysis from a later one."""
    conversation = library.conversation(session_id, tracks=any(isinstance(e, GiveSpeech) for e in corrections))
    conversation = corrected(conversation, corrections)
    roles = voices(corrections, conversation).roles
    return conversation, read_conversation(without_coach(conversation, roles))


def _analysis(library: Library, session_id: str) -> str:
    computed = library.files(session_id).computed
    return computed.conversation.parent.name if computed else ""


def _write(library: Library, session_id: str, outbox: Mapping[str, Any] | None) -> bool:
    """Write what the browser holds and was not received yet; whether there was any."""
    if not outbox:
        return False
    received = st.session_state.setdefault(RECEIVED, {})
    sender = outbox["sender"]
    fresh = [letter for letter in outbox["letters"] if letter["number"] > received.get(sender, 0)]
    for letter in fresh:
        if letter["edit"]["kind"] == UNDO:
            library.undo(session_id)
        else:
            library.edit(session_id, edit_from_json(letter["edit"]))
        received[sender] = letter["number"]
    return bool(fresh)
