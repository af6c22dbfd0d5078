"""The prints of a session's voices, kept in its folder: made once an analysis, and again where speech changed hands.

In: the library, a session that was analysed, and its edits. Out: a VoicePrint for each label of which enough is heard.
They go with the session when it is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.library import Library
from app.library.records import LibraryError
from app.library.session_files import SessionFiles
from app.session.corrections import corrected
from app.session.edits import Edit, GiveSpeech
from app.session.kept_records import fingerprint, write_record
from audio.conversation import Conversation, Span
from audio.voice_print import KIND, VoicePrint, voice_print

FILE = "voice_prints.json"

Prints = Mapping[str, VoicePrint]


def kept_prints(library: Library, session_id: str, edits: Sequence[Edit]) -> Prints | None:
    """The prints as they were kept; None where they were not made yet of what is there now."""
    files = library.files(session_id)
    try:
        kept = json.loads((files.folder / FILE).read_text(encoding="utf-8"))
        if kept["made_of"] != _made_of(files, edits):
            return None
        return {label: _print(plain) for label, plain in kept["voices"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def session_prints(library: Library, session_id: str, edits: Sequence[Edit]) -> Prints:
    """The prints as they are now, kept for the next time; empty where the analysis kept nothing to make them of.

    Raises LibraryError where the session was not analysed or cannot be read.
    """
    kept = kept_prints(library, session_id, edits)
    if kept is not None:
        return kept
    frames = library.voices(session_id)
    if frames is None:
        return {}
    given = [edit for edit in edits if isinstance(edit, GiveSpeech)]
    conversation = corrected(library.conversation(session_id, tracks=bool(given)), given)
    heard = {label: voice_print(frames, _spans(conversation, label)) for label in conversation.speakers}
    prints = {label: found for label, found in heard.items() if found is not None}
    _keep(library.files(session_id), prints, edits)
    return prints


def _keep(files: SessionFiles, prints: Prints, edits: Sequence[Edit]) -> None:
    kept = {"made_of": _made_of(files, edits), "voices": {label: _plain(found) for label, found in prints.items()}}
    try:
        write_record(kept, files.folder / FILE)
    except OSError as error:
        raise LibraryError(f"{files.folder / FILE}: {error.strerror}.") from error


def _spans(conversation: Conversation, label: str) -> list[Span]:
    return [span for said in conversation.of(label) for span in said.spans]


def _made_of(files: SessionFiles, edits: Sequence[Edit]) -> str:
    analysis = files.computed.conversation.parent.name if files.computed else ""
    return fingerprint(analysis, [edit for edit in edits if isinstance(edit, GiveSpeech)], KIND)


def _plain(one: VoicePrint) -> dict[str, Any]:
    return {"seconds": one.seconds, "is_wide": one.is_wide,
            "wide": one.wide.round(3).tolist(), "narrow": one.narrow.round(3).tolist()}  # fmt: skip


def _print(plain: Mapping[str, Any]) -> VoicePrint:
    return VoicePrint(plain["seconds"], plain["is_wide"], np.array(plain["wide"]), np.array(plain["narrow"]))
