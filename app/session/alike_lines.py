"""Lines of one voice that sound like another of its lines: what to put right at once when that one is somebody else's.

In: a session of the library, its conversation as people put it right so far, and a line. Out: the lines of the same
label that sound more like this one than like the rest of what the label says. Nothing is changed here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.library import Library
from audio.conversation import VOICE_STEP, Conversation, Utterance, VoiceFrames
from audio.voice_likeness import Sums, ratio, stretch_sums

LEAST_LINE = 0.5  # seconds of a line in which nobody else is heard; in less any voice may be found
LEAST_REST = 5.0  # seconds of the rest of the label's speech, to compare with

# How much likelier a line must be under the voice of the one that was pointed at, log-likelihood a frame. Between 0.05
# and 0.2 all wrong lines of the bench are found and no right ones; in dialogues of actors with strong emotions 0.1
# finds 95 per cent of them, with 1.6 per cent right ones among those found, 0.2 finds 92 per cent, with 1.2 per cent.
CLEARLY = 0.2
DOUBT = 1.0  # seconds that every line is taken to last longer, so that a short one proves little
ROUNDS = 6  # after which the two groups have settled, or never will

Mask = npt.NDArray[np.bool_]


def lines_alike(
    library: Library, session_id: str, conversation: Conversation, utterance: Utterance
) -> tuple[Utterance, ...]:
    """The lines of the utterance's speaker that sound like it, with itself among them, in order of time.

    Empty where it cannot be told: the analysis kept nothing to compare voices by, or too little is heard. Raises
    LibraryError where what was kept cannot be read.
    """
    voices = library.voices(session_id)
    if voices is None or not len(voices):
        return ()
    return sounding_like(voices, conversation, utterance)


def sounding_like(voices: VoiceFrames, conversation: Conversation, utterance: Utterance) -> tuple[Utterance, ...]:
    """The same from the frames of the recording. Raises ValueError for an utterance that is not the conversation's."""
    lines = conversation.utterances
    at = lines.index(utterance)
    stretch = np.full(len(voices), -1)
    for number, line in enumerate(lines):
        stretch[voices.within(line.spans)] = number
    seconds = np.bincount(stretch[stretch >= 0], minlength=len(lines)) * VOICE_STEP
    own = np.array([line.speaker == utterance.speaker for line in lines])
    if seconds[at] < LEAST_LINE or seconds[own].sum() - seconds[at] < LEAST_REST:
        return ()
    sums = stretch_sums(voices, stretch, len(lines))
    others = [np.array([line.speaker == speaker for line in lines]) for speaker in conversation.speakers
              if speaker != utterance.speaker]  # fmt: skip
    alike = _alike(sums, own, at, _known_voice(sums, own, at, others))
    return tuple(line for line, is_alike in zip(lines, alike, strict=True) if is_alike)


def _known_voice(sums: Sums, own: Mask, at: int, others: list[Mask]) -> Mask:
    """The lines of the other label that the line sounds like, more than like its own: none if it does so of none.

    One line is little to know a voice by. Where it is one that is heard elsewhere, all of that is known of it.
    """
    line, rest = sums.at(at), sums.of(own).less(sums.at(at)).voice()
    likelier = [(float(ratio(line, sums.of(other).voice(), rest)[0]), other) for other in others]
    gain, voice = max(likelier, key=lambda one: one[0], default=(0.0, np.zeros_like(own)))
    return voice if gain > 0 else np.zeros_like(own)


def _alike(sums: Sums, own: Mask, at: int, known: Mask) -> Mask:
    """Part the lines of `own` into those like the one at `at` and the rest, until both stay as they are.

    Every line is compared with the voices of both groups without itself.
    """
    alike = np.zeros_like(own)
    alike[at] = True
    weight = sums.frames.sum(axis=1) + DOUBT / VOICE_STEP
    for _ in range(ROUNDS):
        one, rest = sums.of(alike | known), sums.of(own & ~alike)
        inside = sums.masked(alike)
        outside = sums.masked(own & ~alike)
        gain = ratio(sums, one.less(inside).voice(), rest.less(outside).voice()) / weight
        found = own & (gain > CLEARLY)
        found[at] = True
        if (found == alike).all():
            break
        alike = found
    return alike
