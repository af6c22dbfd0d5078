"""The sensitivity that the player's slider was left at in this tab, for pages that show the same moments.

In: a session's id. Out: a sensitivity, 0 to 1. The slider asks nobody, so only the browser knows where it stands: a
page asks it once it is drawn, and is drawn again where the answer is another than it took.
"""

from __future__ import annotations

import streamlit as st

from analysis.moments import DEFAULT_SENSITIVITY
from app.review.media import PLAYER

LEFT_AT = "sensitivity-{session}"  # in the state of the tab: what the browser answered last

SCRIPT = f"""
const {{ readSensitivity }} = await import(new URL("{PLAYER}/settings.js", window.location.origin).href);
export default function ({{ data, setStateValue }}) {{
  const leftAt = readSensitivity(data.session) ?? data.taken;
  if (leftAt !== data.taken) setStateValue("left_at", leftAt);
}}
"""

_memory = st.components.v2.component("undertone_slider_memory", html="<span></span>", js=SCRIPT)


def slider_left_at(session_id: str) -> float:
    """The sensitivity as far as it is known by now; the usual one until the browser said another."""
    known = st.session_state.get(LEFT_AT.format(session=session_id))
    return known if isinstance(known, int | float) and 0 <= known <= 1 else DEFAULT_SENSITIVITY


def ask_where_the_slider_is(session_id: str, taken: float) -> None:
    """Ask the browser; `taken` is the sensitivity that the page was drawn with. It takes no room worth speaking of."""
    key = f"slider-{session_id}"

    def keep() -> None:
        st.session_state[LEFT_AT.format(session=session_id)] = st.session_state[key].get("left_at")

    _memory(key=key, data={"session": session_id, "taken": taken}, on_left_at_change=keep)
