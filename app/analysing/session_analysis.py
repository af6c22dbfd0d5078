"""The analysis of one recording into what a session keeps: heard, and ready to be listened to in a browser.

In: a recording, with what lies beside it, and how to listen. Out: its Conversation, and the sound in a file. Progress
is a stage of STAGES and a share from 0 to 1. The review app does it in a process of its own, a batch on its workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cattrs

from app.analysing.provenance import TURNS, Provenance, checksums, files_beside, provenance_of
from audio.conversation import Conversation
from audio.listen import STAGES as LISTENING
from audio.listen import ListenSettings, StageProgress

PREPARING, READING = "preparing sound", "reading replies"
STAGES = (*LISTENING, PREPARING, READING)


def listen_settings(plain: Mapping[str, Any]) -> ListenSettings:
    """How to listen, from the settings of a session; what is not named is as usual."""
    return cattrs.structure(dict(plain), ListenSettings)


def hear(source: Path, audio: Path, settings: ListenSettings, tell: StageProgress) -> Conversation:
    """Listen to `source`, and write what a browser plays to `audio` unless it is there.

    Who speaks when is read from an RTTM file of the same name, where one lies beside it. Raises UndertoneError.
    """
    from app.analysing.review_audio import write_review_audio
    from audio.listen import listen

    turns = source.with_suffix(TURNS)
    if settings.rttm is None and turns.is_file():
        settings = replace(settings, rttm=turns)
    conversation = listen(source, settings, tell)
    if not audio.exists():
        write_review_audio(source, audio, lambda share: tell(PREPARING, share))
    return conversation


def made_of(source: Path, settings: ListenSettings) -> Provenance:
    """What an analysis of `source` as it lies there is made of. Raises OSError."""
    return provenance_of(settings, checksums(source, files_beside(source)))
