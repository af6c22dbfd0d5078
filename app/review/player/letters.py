"""What the browser sends about a session, written to its library: each letter is an edit, or asks for one.

In: plain JSON values, {"number": n, "edit": {"kind": ..., ...}}, with "remember" where a word is a name to be handed to
the transcriber. Besides the edits of app/session there are Undo, which takes the last edit back, and GiveUtterances
(giver, taker, stretches): all that the giver begins to say in any of the stretches, each with its start and end in
seconds. Only here is it known in which spans that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.library import Library
from app.review.lines import lines_begun
from app.session.edits import GiveSpeech, edit_from_json
from app.session.read_session import READER
from audio.conversation import Conversation, Span

UNDO = "Undo"
GIVE_UTTERANCES = "GiveUtterances"
AROUND_A_TERM = " .,;:!?…\"'“”„‘’()"  # marks that belong to the sentence, not to the name


def write_letter(library: Library, session_id: str, letter: Mapping[str, Any]) -> None:
    """Write one letter; on the disk when it returns. A word that is to be remembered is handed to the transcriber."""
    plain = letter["edit"]
    if plain["kind"] == UNDO:
        library.undo(session_id)
        return
    if plain["kind"] == GIVE_UTTERANCES:
        conversation = READER.read(library, session_id, library.edits(session_id)).conversation
        stretches = [Span(stretch["start"], stretch["end"]) for stretch in plain["stretches"]]
        spans = spans_of(conversation, plain["giver"], stretches)
        if spans:
            library.edit(session_id, GiveSpeech(spans, plain["taker"]))
        return
    library.edit(session_id, edit_from_json(plain))
    term = letter.get("remember", "").strip(AROUND_A_TERM)
    if term:
        library.add_term(term)


def spans_of(conversation: Conversation, speaker: str, within: Sequence[Span]) -> tuple[Span, ...]:
    """Where a speaker is heard in the utterances that begin in any of these stretches, in order."""
    return tuple(span for said in lines_begun(conversation, speaker, within) for span in said.spans)
