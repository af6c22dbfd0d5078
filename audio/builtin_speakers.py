"""The built-in engine: tell voices apart by timbre and pitch, with nothing to download.

In: a recording and its spans of speech. Out: a Separation with one speaker at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from audio.channel_speakers import mixdown
from audio.conversation import FRAME, Span, Turn
from audio.errors import SpeakersError
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.separation import PAUSE, Separation, SpeakerRequest, bridged, by_appearance, numbered
from audio.timbre import Timbre, timbre
from audio.voice_models import Labels, told_apart

MEASURING = 0.4  # share of the time that goes into measuring timbre, for the progress bar


def unavailable() -> str | None:
    """The built-in engine runs wherever Undertone is installed."""
    return None


def unfit(recording: Recording, regions: Sequence[Span], request: SpeakerRequest) -> str | None:
    """Why the built-in engine has nothing to go by in this recording."""
    return None if regions else f"No speech was found in {recording.path.name}."


def builtin_speakers(
    recording: Recording, regions: Sequence[Span], request: SpeakerRequest, progress: Progress = tell_nobody
) -> Separation:
    """Tell `request.count` voices apart in the mix of all channels; the same input gives the same turns.

    Raises SpeakersError when there is no speech. Fewer voices come back, with a note, where fewer are heard.
    """
    from threadpoolctl import threadpool_limits

    voices = timbre(mixdown(recording), regions, lambda share: progress(MEASURING * share))
    if not len(voices.frame):
        raise SpeakersError(f"No speech was found in {recording.path.name}: check that it holds a conversation.")
    with threadpool_limits(limits=1):  # the matrices are small: more threads only wait for each other
        told = told_apart(voices, request.count)
    turns, _ = numbered(bridged(_turns(voices, told.labels), PAUSE))
    speakers = by_appearance(turns)
    progress(1.0)
    return Separation(turns, speakers, "built-in", notes=_notes(len(speakers), request.count, told.is_doubtful))


def _turns(voices: Timbre, labels: Labels) -> list[Turn]:
    edges = [*np.flatnonzero(voices.begins | (np.diff(labels, prepend=labels[0]) != 0)), len(labels)]
    return [
        Turn(float(voices.frame[first]) * FRAME, float(voices.frame[last - 1] + 1) * FRAME, str(labels[first]))
        for first, last in pairwise(edges)
    ]


def _notes(found: int, asked: int, is_doubtful: bool) -> tuple[str, ...]:
    if found < asked:
        only = "one voice was" if found == 1 else f"{found} voices were"
        return (f"Only {only} found, where {asked} were expected.",)
    if found > 1 and is_doubtful:
        return ("The voices are hard to tell apart: check some of the turns before trusting the moments.",)
    return ()
