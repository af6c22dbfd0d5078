"""Trim turns to where their speaker is heard: separation cuts between phrases, not at the first and last sound.

In: turns (seconds) and the mono samples at 16 kHz that they were found in. Out: the same turns, shorter by the
silence at their edges, so that delays between speakers can be told and rates are not slowed by silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from audio.conversation import FRAME, Turn
from audio.prosody import FloatArray, frame_levels

# Chosen on dialogues with exact turns: the error without a collar falls from 10.7 to 7.0 per cent on synthetic
# ones and from 10.5 to 10.2 on joined real voices, that with a collar of 0.25 s not at all.
DEPTH = 30.0  # dB below the loud parts of the turn; quieter edges are no speech
ABOVE_NOISE = 6.0  # dB above the quietest twentieth of the recording
QUIET_PERCENTILE, LOUD_PERCENTILE = 5, 95
KEPT = 0.05  # seconds of the silence that are kept: the onset of a soft consonant
SHORTEST = 5  # frames; shorter turns are left as they are


def trimmed(turns: Sequence[Turn], samples: FloatArray) -> tuple[Turn, ...]:
    """`turns` without the silence at their edges; none is lost."""
    if not turns:
        return ()
    levels = frame_levels(samples)
    floor = float(np.percentile(levels, QUIET_PERCENTILE)) + ABOVE_NOISE
    return tuple(_trimmed(turn, levels, floor) for turn in turns)


def _trimmed(turn: Turn, levels: FloatArray, floor: float) -> Turn:
    first = round(turn.start / FRAME)
    own = levels[first : round(turn.end / FRAME)]
    if len(own) < SHORTEST:
        return turn
    sound = np.flatnonzero(own > max(float(np.percentile(own, LOUD_PERCENTILE)) - DEPTH, floor))
    if not len(sound):
        return turn
    start = (first + int(sound[0])) * FRAME - KEPT
    end = (first + int(sound[-1]) + 1) * FRAME + KEPT
    return replace(turn, start=max(turn.start, start), end=min(turn.end, end))
