"""What people write about a session: marks, notes, names and corrections, each one edit.

Edits are only ever added, in order; undo takes the last one back. What a session looks like now is the sum of them, so
two tabs never overwrite each other, and everything can be undone. Times are seconds; speakers are labels of voices, as
in the Conversation ("Speaker_1"), whatever they are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import cattrs

from audio.conversation import Span

Verdict = Literal["agree", "dismiss", "unsure"]
Role = Literal["partner", "coach"]


@dataclass(frozen=True, slots=True)
class MomentPlace(Span):
    """Where a moment is and what it is: enough to find it again after the session was read anew."""

    speaker: str
    kind: str


@dataclass(frozen=True, slots=True)
class MarkMoment:
    """What the coach thinks of a moment; None takes a mark off."""

    moment: MomentPlace
    mark: Verdict | None


@dataclass(frozen=True, slots=True)
class WriteNote:
    """A note on a moment, or on the whole session where `moment` is None; replaces the note before, "" removes it."""

    text: str
    moment: MomentPlace | None = None


@dataclass(frozen=True, slots=True)
class TagMoment:
    """All tags of a moment."""

    moment: MomentPlace
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameVoice:
    """What a voice is called."""

    speaker: str
    name: str


@dataclass(frozen=True, slots=True)
class SwapVoices:
    """Two voices were taken for each other throughout: names and roles change places."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class SetRole:
    """A coach's voice is never flagged, and its turns are no replies."""

    speaker: str
    role: Role


@dataclass(frozen=True, slots=True)
class GiveSpeech:
    """What is said in these spans is this speaker's."""

    spans: tuple[Span, ...]
    speaker: str


@dataclass(frozen=True, slots=True)
class CorrectWord:
    """The word that lies at `place` reads so; "" removes it."""

    place: Span
    text: str


@dataclass(frozen=True, slots=True)
class AddMoment:
    """A moment that the person heard and the machine did not."""

    moment: MomentPlace


@dataclass(frozen=True, slots=True)
class RemoveMoment:
    """A moment that is not to be shown."""

    moment: MomentPlace


Edit = (
    MarkMoment | WriteNote | TagMoment | NameVoice | SwapVoices | SetRole | GiveSpeech | CorrectWord | AddMoment
    | RemoveMoment
)  # fmt: skip
KINDS: Mapping[str, type[Edit]] = {kind.__name__: kind for kind in get_args(Edit)}


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """Plain JSON values with the kind of the edit."""
    return {"kind": type(edit).__name__, **cattrs.unstructure(edit)}


def edit_from_json(plain: Mapping[str, Any]) -> Edit:
    """The inverse of edit_to_json. Raises KeyError for a kind that this version does not know."""
    fields = {name: value for name, value in plain.items() if name != "kind"}
    edit: Edit = cattrs.structure(fields, KINDS[plain["kind"]])
    return edit
