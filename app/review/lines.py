"""Lines of the transcript, as the browser names them: a voice and the stretch in which the line begins.

In: a conversation, and times in seconds, which the browser has rounded. Out: the utterances that are meant, in order.
"""

from __future__ import annotations

from collections.abc import Sequence

from audio.conversation import Conversation, Span, Utterance

ROUNDED = 0.001  # seconds by which the browser's times are off


def lines_begun(conversation: Conversation, speaker: str, within: Sequence[Span]) -> tuple[Utterance, ...]:
    """What a speaker begins to say in any of these stretches."""
    return tuple(
        said
        for said in conversation.of(speaker)
        if any(stretch.start - ROUNDED <= said.start < stretch.end for stretch in within)
    )
