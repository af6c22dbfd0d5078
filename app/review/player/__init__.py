"""The player in the browser: mounted here, and what it sends is written to the library.

The browser sends every edit with a running number and keeps it until it is told that it was received; so nothing is
lost when edits come faster than answers, and nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from app.library import Library
from app.library.records import LibraryError
from app.review.media import PLAYER
from app.review.player.letters import write_letter
from app.review.player_data import player_data
from app.session.read_session import READER
from audio.errors import UndertoneError

RECEIVED = "received"  # in the state of the tab: the number of the last edit that was written, by sender
STYLES = ("player.css", "putting_right.css")

# The modules are fetched from our own route: a component's script is a blob, and a blob cannot import its neighbours.
SCRIPT = f"""
const {{ show }} = await import(new URL("{PLAYER}/mount.js", window.location.origin).href);
export default show;
"""

_player = st.components.v2.component(
    "undertone_player",
    html='<div class="player"></div>',
    css="".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in STYLES),
    js=SCRIPT,
)


@st.fragment
def review_player(library: Library, session_id: str) -> None:
    """Draw the player for a session, or say why it cannot be; what was written is on the disk before that."""
    try:
        _show_player(library, session_id)
    except UndertoneError as error:
        st.error(str(error))


def _show_player(library: Library, session_id: str) -> None:
    key = f"player-{session_id}"

    def write() -> None:
        with suppress(LibraryError):  # the browser keeps what was not received, and below it is tried again
            _write(library, session_id, st.session_state[key].get("outbox"))

    written = library.state_of_edits(session_id)  # before the edits are read, so that none of them is missed
    edits = library.edits(session_id)
    data = player_data(session_id, READER.read(library, session_id, edits), edits)
    data |= {"written": written, "tags": library.tags(), "received": st.session_state.get(RECEIVED, {})}
    # In a list: of a mapping, Streamlit loads pandas (0.3 s, 60 MB) to see whether a table is in it.
    result = _player(key=key, data=[data], on_outbox_change=write, on_look_change=_look)
    # After a restart of the server the browser sends what it still holds, and no callback is called for that.
    if _write(library, session_id, result.get("outbox")):
        st.rerun(scope="fragment")


def _look() -> None:
    """Somebody wrote in another tab: being asked is enough for the session to be read and sent again."""


def _write(library: Library, session_id: str, outbox: Mapping[str, Any] | None) -> bool:
    """Write what the browser holds and was not received yet; whether there was any."""
    if not outbox:
        return False
    received = st.session_state.setdefault(RECEIVED, {})
    sender = outbox["sender"]
    fresh = [letter for letter in outbox["letters"] if letter["number"] > received.get(sender, 0)]
    for letter in fresh:
        write_letter(library, session_id, letter)
        received[sender] = letter["number"]
    return bool(fresh)
