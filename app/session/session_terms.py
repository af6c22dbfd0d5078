"""The names and terms that the transcriber is told of for one session.

In: the library and a session in it. Out: what its voices are called, here and in the couple's other sessions, then the
library's list. The names of other couples stay out: a transcriber writes at times what it was told, and nobody's name
is to come up in the words of somebody else. They are kept in no other place than where people wrote them.
"""

from __future__ import annotations

from app.library import Library
from app.library.records import Session
from app.session.edits import NameVoice


def session_terms(library: Library, session: Session) -> tuple[str, ...]:
    """Each once, those first that are surest to be said: a transcriber is told only the first of a long list."""
    others = library.sessions_of(session.couple)[::-1] if session.couple else ()
    written = library.edits_of(NameVoice)
    named = [
        edit.name.strip()
        for id in (session.id, *(other.id for other in others))
        for edit in written.get(id, ())
        if isinstance(edit, NameVoice) and edit.name.strip()
    ]
    return tuple(dict.fromkeys([*named, *library.terms()]))
