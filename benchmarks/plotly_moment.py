"""The peer of the player: a moment drawn by Plotly in a Streamlit page, a button to step on; see review_app.py.

Run by Streamlit; the address names the session of the library that UNDERTONE_LIBRARY names. Three panels of the same
stretch of time as the player shows: pitch and loudness of each voice, and the outline of the sound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from analysis.moments import Moment, read_conversation
from app.analysing.review_media import Int8, sound_outline
from app.library import Library, default_folder
from audio.conversation import FRAME, Conversation, Span
from audio.recording import open_recording

BEFORE, AFTER = 4.0, 3.0  # seconds around a moment, as in player/settings.js
PANELS = ("Pitch, Hz", "Loudness, dB", "Sound")
HEIGHT = 600  # pixels
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that is drawn of a session."""

    conversation: Conversation
    moments: tuple[Moment, ...]
    low: Int8
    high: Int8


@st.cache_resource
def load(session_id: str) -> Drawn:
    """The session, loaded once for all tabs."""
    library = Library(default_folder())
    conversation = library.conversation(session_id)
    sound = open_recording(library.files(session_id).source).samples
    return Drawn(conversation, read_conversation(conversation).moments(), *sound_outline(sound))


def figure(session: Drawn, place: int) -> go.Figure:
    """The three panels of one moment."""
    view = stretch(session.moments[place], session.conversation.duration)
    drawn = make_subplots(rows=len(PANELS), cols=1, shared_xaxes=True, subplot_titles=PANELS)
    for speaker, track in session.conversation.tracks.items():
        frames = track.frames(view)
        times = np.arange(frames.start, frames.stop) * FRAME
        drawn.add_scatter(x=times, y=track.pitch[frames], name=speaker, row=1, col=1)
        drawn.add_scatter(x=times, y=track.loudness[frames], name=speaker, row=2, col=1)
    shown = slice(round(view.start / FRAME), round(view.end / FRAME))
    outline = np.arange(shown.start, shown.stop) * FRAME
    for edge in (session.low, session.high):
        drawn.add_scatter(x=outline, y=edge[shown], row=3, col=1)
    drawn.update_layout(title=f"Moment {place + 1}", height=HEIGHT, showlegend=False)
    return drawn


def stretch(moment: Moment, duration: float) -> Span:
    """The time that is shown: the moment and its reply with what is around them."""
    ends = [moment.end, moment.reply.end if moment.reply else 0.0]
    return Span(max(0.0, moment.start - BEFORE), min(max(ends) + AFTER, duration))


def step() -> None:
    """Go to the next moment."""
    st.session_state[PLACE] += 1


st.set_page_config(layout="wide")
session = load(st.query_params["session"])
st.button("Next", on_click=step)
st.plotly_chart(figure(session, st.session_state.setdefault(PLACE, 0) % len(session.moments)), key="moment")
