"""A session as people put it right, and read: kept for the page and the routes alike, made anew only where it changed.

In: a library, a session's id and its edits in order. Out: a ReadSession. Marks, notes and names change nothing here;
what was measured before a correction is not measured again after it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from analysis.learnt_confidence import LearntConfidence
from analysis.moments import Reading, read_conversation
from app.learning import learnt_confidence
from app.library import Library
from app.library.records import LibraryError
from app.session.corrections import corrected, without_coach
from app.session.edits import CorrectWord, Edit, GiveSpeech, Role
from app.session.remarks import voices
from audio.conversation import Conversation

KEPT = 2  # sessions: an hour with its tracks, heard and corrected, takes about 100 MB


@dataclass(frozen=True, slots=True)
class ReadSession:
    """A session that was analysed, corrected and read.

    analysis: the name of the analysis that it was made of. heard: the conversation before anybody corrected it.
    corrections: the edits that changed it, in order. conversation: after them, all voices in it.
    analysed: the same without the coach. reading: of `analysed`, as it was measured.
    learnt: what marks taught about the confidence in its moments; None where nothing is to be learnt.
    """

    analysis: str
    heard: Conversation
    corrections: tuple[Edit, ...]
    roles: Mapping[str, Role]
    conversation: Conversation
    analysed: Conversation
    reading: Reading
    learnt: LearntConfidence | None = None


class SessionReader:
    """Reads sessions, and keeps the KEPT that were asked for last. Several threads may use one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Path, str], ReadSession] = OrderedDict()

    def read(self, library: Library, session_id: str, edits: Sequence[Edit]) -> ReadSession:
        """The session after these edits. Raises LibraryError where it was not analysed or cannot be read."""
        with self._lock:
            before = self._kept.pop((library.folder, session_id), None)
            session = _with_learnt(_read(library, session_id, edits, before), learnt_confidence(library))
            self._kept[library.folder, session_id] = session
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return session


READER = SessionReader()  # one for all tabs and routes of the server


def read_untouched(analysis: str, heard: Conversation) -> ReadSession:
    """A session that nobody wrote in yet. analysis: the name of its folder."""
    return ReadSession(analysis, heard, (), voices((), heard).roles, heard, heard, read_conversation(heard))


def corrections_among(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that change what is said and by whom, in order."""
    return tuple(edit for edit in edits if isinstance(edit, GiveSpeech | CorrectWord))


def _with_learnt(session: ReadSession, learnt: LearntConfidence | None) -> ReadSession:
    return session if session.learnt == learnt else replace(session, learnt=learnt)


def _read(library: Library, session_id: str, edits: Sequence[Edit], before: ReadSession | None) -> ReadSession:
    files = library.files(session_id)
    if files.computed is None:
        raise LibraryError(f'"{library.session(session_id).title}" has not been analysed yet.')
    analysis = files.computed.conversation.parent.name
    known = before if before is not None and before.analysis == analysis else None
    corrections = corrections_among(edits)
    heard = known.heard if known else library.conversation(session_id, tracks=bool(corrections))
    if corrections and not heard.tracks:
        heard = library.conversation(session_id)
    if known and known.corrections == corrections:
        conversation = known.conversation
    else:
        conversation = corrected(heard, corrections, known.conversation if known else None)
    roles = voices(edits, conversation).roles
    if known and known.conversation is conversation and known.roles == roles:
        return known
    analysed = without_coach(conversation, roles)
    return ReadSession(analysis, heard, corrections, roles, conversation, analysed, read_conversation(analysed))
