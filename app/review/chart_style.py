"""How all charts of the app look: text as large as the page's own, shades that stand out on the ground of each theme.

In: nothing but the reader's theme. Out: constants and the `config` of a Vega-Lite chart, for whatever draws it. Loads
no library of charts: Altair takes most of a second and 40 MB.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

AXIS, LEGEND = 52, 68  # pixels; Streamlit fits a chart with all that stands around it into its height
TEXT = 15  # pixels
MARK = 170  # square pixels
NAME_LIMIT = 240  # pixels of a label

# From what was met to what was passed by: shades that stand out from each other and from the ground, by theme.
SHADES = {"light": ["#3d3d3d", "#8a8a8a", "#c9c9c9"], "dark": ["#e6e6e6", "#9c9c9c", "#5c5c5c"]}
WORDS = {"light": "#4a4a4a", "dark": "#c9c9c9"}  # at axes and in legends: 8:1 and more on the ground of each theme


def page_theme() -> str:
    """Of the reader's page: light or dark; light where it is not known."""
    return "dark" if st.context.theme.type == "dark" else "light"


def legible_config() -> dict[str, Any]:
    """The `config` of a chart with text as large as the page's own."""
    words: dict[str, Any] = {"labelFontSize": TEXT, "labelLimit": NAME_LIMIT, "labelColor": WORDS[page_theme()]}
    return {
        "axis": {**words, "titleFontSize": TEXT, "titleColor": WORDS[page_theme()]},
        "legend": {**words, "orient": "bottom", "symbolSize": MARK},
    }
