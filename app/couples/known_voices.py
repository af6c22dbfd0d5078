"""People whom the library knows by their voices, and who of them a session's voices sound like.

In: the library, and a session that was analysed. Out: a Suggestion, or none. A person is a name within a couple: what a
voice was called in the sessions of that couple. Nothing is taken for granted here: whoever asks shows the suggestion.
Coaches are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from statistics import median
from typing import Literal

from app.library import Library
from app.library.records import Couple, LibraryError, Session
from app.library.session_files import SessionFiles
from app.session.edits import Edit, GiveSpeech, NameVoice, SetRole, SwapVoices
from app.session.remarks import voices
from app.session.session_prints import Prints, kept_prints, session_prints
from audio.conversation import Conversation
from audio.voice_print import VoicePrint, distance
from audio.whole_files import write_whole

DECLINED = "declined_couples.json"  # in a session's folder: ids of couples
SESSIONS_A_COUPLE = 5  # the newest that a couple is known by: voices age, and reading more would take long
UNREAD = 3  # sessions whose prints are made in one go, when they were never made; the rest follow the next times

# Distances, see audio.voice_print: a couple within 1 is suggested. One voice alone has to be nearer, since more
# strangers come near one voice than near two at once.
COUPLE_LIMIT, VERY_LIKE, ALONE_LIMIT = 1.0, 0.6, 0.45
CLEAR = 0.25  # that the next best couple must be further away, or it is "perhaps"

Sureness = Literal["very_like", "perhaps"]
UNNAMED = re.compile(r"Speaker[ _]\d+")
People = Mapping[str, Sequence[VoicePrint]]  # of one couple, by name: a print a session


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whose session it may be. names: what each voice would be called, by label. sessions: how many are theirs."""

    couple: Couple
    names: Mapping[str, str]
    sure: Sureness
    sessions: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose session it is, None if nobody said; and what voices are called, by label."""

    couple: Couple | None
    names: Mapping[str, str]


def suggestion(library: Library, session_id: str) -> Suggestion | None:
    """Who the voices of a session sound like; None if like nobody, or if somebody said already who they are.

    Where somebody said only whose session it is, it is looked among those people. Raises LibraryError where the session
    cannot be read.
    """
    couple, edits = library.session(session_id).couple, library.edits(session_id)
    own = _partners(session_prints(library, session_id, edits), edits)
    if not own or (couple is not None and not _unnamed(own, edits)):
        return None
    declined = _declined(library.files(session_id))
    looked_among = library.sessions_of(couple)[::-1] if couple else library.sessions()
    sessions = [one for one in looked_among if one.couple and one.id != session_id and one.state == "done"]
    known = {couple: people for couple, people in _known(library, sessions).items() if couple.id not in declined}
    found = [match for couple, people in known.items() for match in _matches(own, couple, people)]
    best = min((match for match in found if match.is_near), key=lambda match: match.distance, default=None)
    if best is None:
        return None
    rival = min((match.distance for match in found if match.couple != best.couple), default=float("inf"))
    is_sure = len(best.names) > 1 and best.distance <= VERY_LIKE and rival - best.distance >= CLEAR
    count = sum(one.couple == best.couple for one in sessions)
    return Suggestion(best.couple, best.names, "very_like" if is_sure else "perhaps", count)


def assign(library: Library, session_id: str, assignment: Assignment) -> Assignment:
    """Say whose session it is and what some of its voices are called; returns what was said of the same before.

    Assigning that again is the way back.
    """
    couple, edits = library.session(session_id).couple, library.edits(session_id)
    called = voices(edits, Conversation("", 0.0, tuple(assignment.names), (), ())).names
    library.set_couple(session_id, assignment.couple)
    for label, name in assignment.names.items():
        if called[label] != name:
            library.edit(session_id, NameVoice(label, name))
    return Assignment(couple, called)


def decline(library: Library, session_id: str, couple: Couple) -> None:
    """Never suggest this couple for the session again."""
    files = library.files(session_id)
    _keep_declined(files, _declined(files) | {couple.id})


def allow(library: Library, session_id: str, couple: Couple) -> None:
    """The inverse of decline."""
    files = library.files(session_id)
    _keep_declined(files, _declined(files) - {couple.id})


def couple_distance(one: float, other: float) -> float:
    """How far two voices are from two others, by the distance of each from the one it is compared with."""
    return (one + other) / 2


@dataclass(frozen=True, slots=True)
class _Match:
    """Voices of a session as people of one couple, and how far they are from them."""

    couple: Couple
    names: Mapping[str, str]
    distance: float

    @property
    def is_near(self) -> bool:
        return self.distance <= (COUPLE_LIMIT if len(self.names) > 1 else ALONE_LIMIT)


def _matches(own: Prints, couple: Couple, people: People) -> list[_Match]:
    """Two of the voices as two of the people, in every way; or one as one, where either side has no more."""
    apart = {(label, name): median(distance(one, known) for known in prints)
             for label, one in own.items() for name, prints in people.items()}  # fmt: skip
    if min(len(own), len(people)) < 2:
        return [_Match(couple, {label: name}, found) for (label, name), found in apart.items()]
    return [
        _Match(couple, {one: first, other: second}, couple_distance(apart[one, first], apart[other, second]))
        for one, other in combinations(own, 2)
        for first, second in permutations(people, 2)
    ]


def _known(library: Library, sessions: Sequence[Session]) -> Mapping[Couple, People]:
    """The people of each couple by its newest sessions in which voices were named."""
    edits = library.edits_of(NameVoice, SwapVoices, SetRole, GiveSpeech)
    known: dict[Couple, dict[str, list[VoicePrint]]] = {}
    used: dict[Couple, int] = {}
    unread = 0
    for session in sessions:
        couple, written = session.couple, edits.get(session.id, ())
        if couple is None or used.get(couple, 0) >= SESSIONS_A_COUPLE:
            continue
        try:
            prints = kept_prints(library, session.id, written)
            if prints is None:
                unread += 1
                prints = session_prints(library, session.id, written) if unread <= UNREAD else {}
        except LibraryError:  # deleted just now, or damaged: the others may still be known
            continue
        partners, unnamed = _names(prints, written), _unnamed(prints, written)
        used[couple] = used.get(couple, 0) + (len(unnamed) < len(partners))
        for label, name in partners.items():
            if label not in unnamed:
                known.setdefault(couple, {}).setdefault(name, []).append(prints[label])
    return known


def _partners(prints: Prints, edits: Sequence[Edit]) -> Prints:
    return {label: prints[label] for label in _names(prints, edits)}


def _names(prints: Prints, edits: Sequence[Edit]) -> dict[str, str]:
    """What the partners among the voices are called, by label."""
    called = voices(edits, Conversation("", 0.0, tuple(prints), (), ()))
    return {label: name for label, name in called.names.items() if called.roles[label] == "partner"}


def _unnamed(prints: Prints, edits: Sequence[Edit]) -> set[str]:
    """The partners whom nobody gave a name."""
    return {label for label, name in _names(prints, edits).items() if UNNAMED.fullmatch(name)}


def _declined(files: SessionFiles) -> set[int]:
    try:
        return set(json.loads((files.folder / DECLINED).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return set()


def _keep_declined(files: SessionFiles, couples: set[int]) -> None:
    try:
        write_whole(files.folder / DECLINED, lambda file: file.write(json.dumps(sorted(couples)).encode()))
    except OSError as error:
        raise LibraryError(f"{files.folder / DECLINED}: {error.strerror}.") from error
