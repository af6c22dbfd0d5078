"""What the edits of a session say about its moments and voices: marks, notes, tags; names and roles.

In: edits in order. Out: what counts after the last of them. A moment is known by its place, not by a number, so that
what was written about it is found again after a session was read with another sensitivity or a word was corrected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.moments import Moment
from app.session.edits import (
    AddMoment,
    Edit,
    MarkMoment,
    MomentPlace,
    NameVoice,
    RemoveMoment,
    Role,
    SetRole,
    SwapVoices,
    TagMoment,
    Verdict,
    WriteNote,
)
from audio.conversation import Conversation, speaker_name

ENOUGH = 0.5  # of the shorter of two places is shared by both: they are one moment


@dataclass(frozen=True, slots=True)
class Remarks:
    """What people wrote about one moment."""

    mark: Verdict | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voices:
    """What the voices are called, and who they are, by label."""

    names: Mapping[str, str]
    roles: Mapping[str, Role]


def place_of(moment: Moment) -> MomentPlace:
    """Where a moment is and what it is."""
    return MomentPlace(moment.start, moment.end, moment.speaker, moment.kind)


def same_moment(place: MomentPlace, moment: Moment | MomentPlace) -> bool:
    """Whether both are one moment: the same voice and kind, and ENOUGH of the shorter shared."""
    if (place.speaker, place.kind) != (moment.speaker, moment.kind):
        return False
    shared = min(place.end, moment.end) - max(place.start, moment.start)
    return shared >= 0 and shared >= ENOUGH * min(place.duration, moment.end - moment.start)


def marks(edits: Sequence[Edit]) -> dict[MomentPlace, Remarks]:
    """What was written about each moment; the key is where it was when somebody wrote last. Empty remarks are left out.

    See remarks_on to find those of a moment, and session_note for the note on the whole session.
    """
    found: dict[MomentPlace, Remarks] = {}
    for edit in edits:
        if isinstance(edit, MarkMoment):
            found[edit.moment] = replace(_before(found, edit.moment), mark=edit.mark)
        elif isinstance(edit, TagMoment):
            found[edit.moment] = replace(_before(found, edit.moment), tags=edit.tags)
        elif isinstance(edit, WriteNote) and edit.moment is not None:
            found[edit.moment] = replace(_before(found, edit.moment), note=edit.text)
    return {place: remarks for place, remarks in found.items() if remarks != Remarks()}


def remarks_on(moment: Moment | MomentPlace, found: Mapping[MomentPlace, Remarks]) -> Remarks:
    """What `marks` found for a moment; empty remarks where nothing was written."""
    return next((remarks for place, remarks in found.items() if same_moment(place, moment)), Remarks())


def session_note(edits: Sequence[Edit]) -> str:
    """The note on the whole session, "" without one."""
    notes = [edit.text for edit in edits if isinstance(edit, WriteNote) and edit.moment is None]
    return notes[-1] if notes else ""


def added_moments(edits: Sequence[Edit]) -> tuple[MomentPlace, ...]:
    """Moments that a person added and did not remove again, in order of time."""
    return _last_said(edits, AddMoment)


def removed_moments(edits: Sequence[Edit]) -> tuple[MomentPlace, ...]:
    """Moments that are not to be shown, in order of time; one that was added again after is not among them."""
    return _last_said(edits, RemoveMoment)


def voices(edits: Sequence[Edit], conversation: Conversation) -> Voices:
    """Name and role of each voice of the (corrected) conversation: as given, else "Speaker 1" and a partner."""
    names: dict[str, str] = {}
    roles: dict[str, Role] = {}
    for edit in edits:
        if isinstance(edit, NameVoice):
            names[edit.speaker] = edit.name
        elif isinstance(edit, SetRole):
            roles[edit.speaker] = edit.role
        elif isinstance(edit, SwapVoices):
            one, other = edit.one, edit.other
            names[one], names[other] = _name(names, other), _name(names, one)
            roles[one], roles[other] = _role(roles, other), _role(roles, one)
    return Voices(
        {speaker: _name(names, speaker) for speaker in conversation.speakers},
        {speaker: _role(roles, speaker) for speaker in conversation.speakers},
    )


def _last_said(edits: Sequence[Edit], kind: type[AddMoment | RemoveMoment]) -> tuple[MomentPlace, ...]:
    """The moments of which the last that was said, added or removed, is an edit of this kind."""
    found: list[MomentPlace] = []
    for edit in edits:
        if isinstance(edit, AddMoment | RemoveMoment):
            found = [place for place in found if not same_moment(place, edit.moment)]
            found += [edit.moment] if isinstance(edit, kind) else []
    return tuple(sorted(found))


def _before(found: dict[MomentPlace, Remarks], place: MomentPlace) -> Remarks:
    """What was written about a moment so far, taken out of `found`, so that it can stand at its newest place."""
    known = next((other for other in found if same_moment(other, place)), None)
    return found.pop(known) if known is not None else Remarks()


def _name(names: Mapping[str, str], speaker: str) -> str:
    return names.get(speaker) or speaker_name(speaker)


def _role(roles: Mapping[str, Role], speaker: str) -> Role:
    return roles.get(speaker, "partner")
