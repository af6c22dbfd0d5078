"""Give speech to another speaker: turns, utterances with their words, and the frames of the tracks go along.

In: turns, speeches (utterances before they are measured) and the spans to give, in seconds. Out: the same anew.
No audio is needed: frames move from track to track. They keep the pitch that was tracked in the range of the voice
they were first taken for, and their tilt stays against that voice's mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from audio.conversation import FRAME, NAN, Doubt, ProsodyTrack, Span, Transcript, Turn, Word
from audio.prosody import EDGE
from audio.separation import PAUSE, frame_mask
from audio.stretches import around, grouped, hull, indices_around, start_of
from audio.utterances import Speech, utterances

SLIVER = 0.05  # seconds; a shorter rest at the edge of a turn is an edge that was drawn a little beside

Arrays = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Gift:
    """What one speaker gave to another. spans: the stretches given; kept: where the giver is still heard."""

    giver: str
    taker: str
    spans: tuple[Span, ...]
    kept: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The spans of one stretch of talk: those that are given away, and those that are left."""

    given: tuple[Span, ...]
    left: tuple[Span, ...]

    def gives(self, word: Word) -> bool:
        """Whether a word goes along: its middle lies nearer to what is given than to what is left."""
        middle = Span((word.start + word.end) / 2, (word.start + word.end) / 2)
        return _distance(self.given, middle) < _distance(self.left, middle)


def give_turns(turns: Sequence[Turn], given: Sequence[Span], taker: str) -> tuple[tuple[Turn, ...], tuple[Gift, ...]]:
    """The turns with all speech in `given` as the taker's, and who gave what; turns of one speaker never overlap."""
    gifts: list[Gift] = []
    taken: list[Span] = [Span(turn.start, turn.end) for turn in turns if turn.speaker == taker]
    after: list[Turn] = []
    for giver in dict.fromkeys(turn.speaker for turn in turns if turn.speaker != taker):
        parts = _parted([Span(turn.start, turn.end) for turn in turns if turn.speaker == giver], given)
        after += [Turn(span.start, span.end, giver) for span in parts.left]
        taken += parts.given
        if parts.given:
            gifts.append(Gift(giver, taker, parts.given, parts.left))
    if not gifts:
        return tuple(turns), ()
    after += [Turn(span.start, span.end, taker) for span in _apart(taken)]
    return tuple(sorted(after)), tuple(gifts)


def give_speeches(speeches: Sequence[Speech], given: Sequence[Span], taker: str) -> tuple[Speech, ...]:
    """The speeches divided where speech is given away, each part with its words; see cut_anew."""
    after: list[Speech] = []
    for speech in speeches:
        parts = _parted(speech.spans, given)
        if speech.speaker == taker or not parts.given:
            after.append(speech)
            continue
        gone = tuple(word for word in speech.words if parts.gives(word))
        after.append(_part(taker, parts.given, tuple(_settled(word) for word in gone)))
        if parts.left:
            after.append(_part(speech.speaker, parts.left, tuple(word for word in speech.words if word not in gone)))
    return tuple(after)


def cut_anew(speeches: Sequence[Speech], turns: Sequence[Turn]) -> tuple[Speech, ...]:
    """The same words of each speaker, in utterances as the turns have them now, sorted by start; no word is lost."""
    cut = utterances(Transcript(), turns)
    anew: list[Speech] = []
    for speaker in dict.fromkeys(speech.speaker for speech in (*cut, *speeches)):
        words = [word for speech in speeches if speech.speaker == speaker for word in speech.words]
        anew += _with_words([speech for speech in cut if speech.speaker == speaker], words, speaker)
    return tuple(sorted(anew, key=lambda speech: (speech.start, speech.end)))


def give_frames(tracks: Mapping[str, ProsodyTrack], gifts: Sequence[Gift]) -> dict[str, ProsodyTrack]:
    """The tracks (all of one length) with the frames of each gift moved; where both are heard, the taker's stay.

    Up to EDGE seconds behind a gift go along, for the sniffs and sighs in them, unless the giver speaks on there.
    """
    speakers = dict.fromkeys(speaker for gift in gifts for speaker in (gift.giver, gift.taker))
    arrays = {speaker: _copied(tracks, speaker) for speaker in speakers}
    for gift in gifts:
        _move(arrays[gift.giver], arrays[gift.taker], gift)
    return {**tracks, **{speaker: ProsodyTrack(**own) for speaker, own in arrays.items()}}


def _move(giver: Arrays, taker: Arrays, gift: Gift) -> None:
    count = len(giver["loudness"])
    with_breath = [Span(span.start, span.end + EDGE) for span in gift.spans]
    gone = np.flatnonzero(frame_mask(with_breath, count, FRAME) & ~frame_mask(gift.kept, count, FRAME))
    free = gone[~np.isfinite(taker["loudness"][gone])]
    for name, values in giver.items():
        taker[name][free] = values[free]
        values[gone] = NAN


def _copied(tracks: Mapping[str, ProsodyTrack], speaker: str) -> Arrays:
    """The arrays of a speaker's track, to be written; not heard anywhere where there is none."""
    if speaker in tracks:
        return {item.name: getattr(tracks[speaker], item.name).copy() for item in fields(ProsodyTrack)}
    like = next(iter(tracks.values()))
    return {item.name: np.full_like(getattr(like, item.name), NAN) for item in fields(ProsodyTrack)}


def _part(speaker: str, spans: tuple[Span, ...], words: tuple[Word, ...]) -> Speech:
    return Speech(spans[0].start, spans[-1].end, speaker, spans, words)


def _parted(spans: Iterable[Span], given: Sequence[Span]) -> _Parts:
    taken: list[Span] = []
    left: list[Span] = []
    whole = hull(given)
    for span in spans:
        own = _taken(span, given) if span.gap(whole) <= 0 else []
        taken += own
        edges = [span.start, *(edge for piece in own for edge in (piece.start, piece.end)), span.end]
        left += [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end or not own]
    return _Parts(tuple(taken), tuple(left))


def _taken(span: Span, given: Sequence[Span]) -> list[Span]:
    """The pieces of `span` that lie in `given` (sorted, apart), without slivers on either side of a cut."""
    pieces: list[Span] = []
    for gift in around(given, span):
        piece = Span(max(gift.start, span.start), min(gift.end, span.end))
        if piece.duration < 0 or piece.duration < min(SLIVER, span.duration / 2):
            continue
        start = span.start if piece.start - span.start < SLIVER else piece.start
        end = span.end if span.end - piece.end < SLIVER else piece.end
        pieces.append(Span(start, end))
    return _apart(pieces)


def _with_words(cut: Sequence[Speech], words: Sequence[Word], speaker: str) -> list[Speech]:
    """One speaker's words laid on their speeches; those far from all make speeches of their own."""
    said: list[list[Word]] = [[] for _ in cut]
    far: list[Word] = []
    for word in sorted(words, key=start_of):
        near = [place for place in indices_around(cut, word) if cut[place].gap(word) < PAUSE]
        if near:
            said[max(near, key=lambda place: (cut[place].overlap(word), -cut[place].gap(word)))].append(word)
        else:
            far.append(word)
    laid = [Speech(s.start, s.end, speaker, s.spans, tuple(own)) for s, own in zip(cut, said, strict=True)]
    alone = [(hull(group), group) for group in grouped(far, PAUSE)]
    return laid + [Speech(whole.start, whole.end, speaker, (whole,), tuple(group)) for whole, group in alone]


def _settled(word: Word) -> Word:
    """The word of somebody whom a person knows to have said it."""
    return replace(word, doubts=tuple(doubt for doubt in word.doubts if doubt is not Doubt.SPEAKER))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans sorted, those that touch joined."""
    return [hull(group) for group in grouped(sorted(spans, key=start_of), 0.0)]


def _distance(spans: Iterable[Span], of: Span) -> float:
    return min((span.gap(of) for span in spans), default=float("inf"))
