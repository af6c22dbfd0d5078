"""Join the words to the speakers, and cut each speaker's talk into utterances.

In: a Transcript and the turns that speaker separation found (seconds; turns of different speakers may
overlap). Out: Speech, one an utterance, sorted by start; every word belongs to exactly one, those of one
speaker never overlap, and their spans are where the turns hear that speaker, nothing else.

A sentence is one person's while turns are off by a tenth of a second, so a sentence of a caption is given to
one speaker as a whole where it can be, and word by word only where two clearly share it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeVar

from audio.conversation import Caption, Span, Transcript, Turn, Word
from audio.phrasing import ends_sentence
from audio.separation import PAUSE

Timed = TypeVar("Timed", bound=Span)

INTERJECTION = 1.0  # seconds; a shorter "mm-hm" of the other does not end it
BREATH = 0.25  # seconds; a shorter gap is within a word or a breath, whoever is heard meanwhile
MOSTLY = 0.75  # of the talk in a caption: then it is that speaker's, boundaries being as they are
SAME = 0.5  # shared over joint time of caption and stretch; above it the caption is what is said there
CLEARLY = 0.4  # seconds from its caption's speaker, in another's turn: then a word is that other's
TIE = 0.02  # seconds; two speakers who hold a word alike to that are talking at once
NEAR = 0.5  # seconds; a word where nobody is heard goes to a turn no further away than that
AGREEMENT = 0.8  # of the time of tagged captions is held most by the turns of that name: tags are believed


@dataclass(frozen=True, slots=True)
class Speech(Span):
    """An utterance before it is measured.

    spans: where the speaker is heard, sorted, apart; where no turn hears the words, the words' own time.
    words: in order of time; they may stick out of the spans by as much as turns and captions are off.
    """

    speaker: str
    spans: tuple[Span, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """Where one speaker is heard: spans sorted and apart, and the same joined across short pauses."""

    spans: list[Span]
    stretches: list[Span]

    def seconds(self, within: Span) -> float:
        return sum(span.overlap(within) for span in _around(self.spans, within))

    def distance(self, of: Span) -> float:
        return min((span.gap(of) for span in _around(self.spans, of)), default=float("inf"))

    def alike(self, to: Span) -> tuple[Span, float]:
        """The span or stretch that is most the same time as `to`, and how far: shared over joint time."""
        nearby = [*_around(self.stretches, to), *_around(self.spans, to)]
        best = max(nearby, key=lambda stretch: _likeness(stretch, to))
        return best, _likeness(best, to)


def join_words(transcript: Transcript, turns: Sequence[Turn]) -> dict[str, tuple[Word, ...]]:
    """The words of each speaker in order of time; every word goes to one. Empty where there are no turns.

    A caption's voice tag decides where the tags and the turns tell the same story. Else each sentence of it
    goes to the speaker whose stretch it is or who does most of the talking in it; where nothing is punctuated,
    save words that fill a turn of another or lie clearly in one. In a sentence that two share, each word goes
    to the larger part; when both talk at once, to the one who holds more of it; when nobody is heard, to the
    nearest turn if one is near, else to the one who holds most of the sentence, else to the nearest turn.
    """
    heard = _heard(turns)
    words: dict[str, list[Word]] = {speaker: [] for speaker in heard}
    if not heard:
        return {}
    believed = _tags_agree(transcript, heard)
    told = _told(transcript, heard)
    sentences = (sentence for caption in transcript.captions for sentence in _sentences(caption))
    for caption in sentences:
        if believed and caption.voice in heard:
            words[caption.voice].extend(caption.words)
            continue
        for speaker, said in _shared_out(caption, heard, told):
            words[speaker].extend(said)
    return {speaker: tuple(sorted(said, key=_start)) for speaker, said in words.items()}


def utterances(transcript: Transcript, turns: Sequence[Turn]) -> tuple[Speech, ...]:
    """What each speaker says between another's turn and the next, with its words, sorted by start.

    An utterance ends with a pause of PAUSE or more, or when another takes the turn. A short interjection of
    another does not end it when the speaker goes on with no such pause on either side; the end of a caption
    or a sentence does not either. Words that no turn of their speaker is near open an utterance of their own.
    """
    heard = _heard(turns)
    words = join_words(transcript, turns)
    speeches: list[Speech] = []
    for speaker in heard:
        others = [other for name, other in heard.items() if name != speaker]
        speeches += _speeches(speaker, _talk(heard[speaker], others), words[speaker])
    return tuple(sorted(speeches, key=lambda speech: (speech.start, speech.end)))


def _heard(turns: Iterable[Turn]) -> dict[str, _Heard]:
    spans: dict[str, list[Span]] = {}
    for turn in sorted(turns, key=_start):
        if turn.duration > 0:
            spans.setdefault(turn.speaker, []).append(Span(turn.start, turn.end))
    return {
        speaker: _Heard([_hull(group) for group in _grouped(own, 0.0)], [_hull(g) for g in _grouped(own, PAUSE)])
        for speaker, own in spans.items()
    }


def _tags_agree(transcript: Transcript, heard: Mapping[str, _Heard]) -> bool:
    """Another program's "Speaker 1" need not be ours, so the names alone prove nothing."""
    tagged = [caption for caption in transcript.captions if caption.voice in heard]
    agreed = [caption for caption in tagged if caption.voice and _holds_most(caption.voice, caption, heard)]
    return sum(c.duration for c in agreed) > AGREEMENT * sum(c.duration for c in tagged)


def _holds_most(speaker: str, caption: Caption, heard: Mapping[str, _Heard]) -> bool:
    talk = heard[speaker].seconds(caption)
    return talk > 0 and all(talk >= other.seconds(caption) for other in heard.values())


def _told(transcript: Transcript, heard: Mapping[str, _Heard]) -> frozenset[Span]:
    """The stretches that have a caption of their own: no other caption's words are looked for in them."""
    found = (heard[speaker].alike(caption) for caption in transcript.captions for speaker in heard)
    return frozenset(stretch for stretch, likeness in found if likeness > SAME)


def _shared_out(
    caption: Caption, heard: Mapping[str, _Heard], told: frozenset[Span]
) -> Iterator[tuple[str, list[Word]]]:
    """The caption's words in runs, each with its speaker."""
    owner = _owner(caption, heard)
    for speaker, run in groupby(caption.words, key=lambda word: _nearest(word, caption, heard)):
        said = list(run)
        if owner is None or speaker == owner:
            yield speaker, said
            continue
        if ends_sentence(caption.words[-1]):
            yield owner, said  # nobody else ends a sentence mid-way; the turns' edge is off
            continue
        if _is_own_turn(_hull(said), heard[speaker], told):
            yield speaker, said
            continue
        clear = [word for word in said if heard[owner].distance(_middle(word)) >= CLEARLY]
        yield speaker, clear
        yield owner, [word for word in said if word not in clear]


def _owner(caption: Caption, heard: Mapping[str, _Heard]) -> str | None:
    """The speaker to whom the caption goes as a whole, None where two share it or nobody is heard in it."""
    likeness = {speaker: who.alike(caption)[1] for speaker, who in heard.items()}
    same = max(likeness, key=lambda speaker: likeness[speaker])
    if likeness[same] > SAME:
        return same
    talk = {speaker: who.seconds(caption) for speaker, who in heard.items()}
    most = max(talk, key=lambda speaker: talk[speaker])
    return most if talk[most] > 0 and talk[most] >= MOSTLY * sum(talk.values()) else None


def _sentences(caption: Caption) -> list[Caption]:
    """The caption's sentences, each as a caption of its own; itself where nothing is punctuated."""
    if not caption.words or not ends_sentence(caption.words[-1]):
        return [caption]
    sentences: list[list[Word]] = [[]]
    for word in caption.words:
        sentences[-1].append(word)
        if ends_sentence(word):
            sentences.append([])
    return [Caption(said[0].start, _hull(said).end, tuple(said), caption.voice) for said in sentences if said]


def _is_own_turn(run: Span, heard: _Heard, told: frozenset[Span]) -> bool:
    """Whether the run is all that this speaker says in a stretch: an answer inside another's caption."""
    stretch, likeness = heard.alike(run)
    return likeness > SAME and stretch not in told


def _middle(word: Word) -> Span:
    middle = (word.start + word.end) / 2
    return Span(middle, middle)


def _nearest(word: Word, caption: Caption, heard: Mapping[str, _Heard]) -> str:
    """Who holds the larger part of the word, or else is nearest to it."""
    talk = {speaker: who.seconds(word) for speaker, who in heard.items()}
    of_caption = {speaker: who.seconds(caption) for speaker, who in heard.items()}
    most = max(talk.values())
    if most > 0:
        holders = [speaker for speaker in talk if talk[speaker] >= most - TIE]
        return max(holders, key=lambda speaker: of_caption[speaker])
    nearest = min(heard, key=lambda speaker: heard[speaker].distance(word))
    main = max(of_caption, key=lambda speaker: of_caption[speaker])
    return main if heard[nearest].distance(word) > NEAR and of_caption[main] > 0 else nearest


def _talk(own: _Heard, others: Sequence[_Heard]) -> list[list[Span]]:
    """The spans of one speaker, those of an utterance together."""
    groups = [own.spans[:1]]
    for before, after in pairwise(own.spans):
        gap = Span(before.end, after.start)
        if _goes_on(gap, [stretch for other in others for stretch in _around(other.stretches, gap)]):
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups


def _goes_on(gap: Span, meanwhile: Sequence[Span]) -> bool:
    """Whether the speaker who is silent in `gap` is still at the same utterance after it."""
    if gap.duration < BREATH:
        return True
    meanwhile = [other for other in meanwhile if other.overlap(gap) > 0]
    if any(other.duration >= INTERJECTION for other in meanwhile):
        return False
    return gap.duration - sum(other.overlap(gap) for other in meanwhile) < PAUSE


def _speeches(speaker: str, talk: Sequence[Sequence[Span]], words: Sequence[Word]) -> list[Speech]:
    """The words laid on the utterances of their speaker; far ones make utterances of their own."""
    hulls = [_hull(spans) for spans in talk]
    said: list[list[Word]] = [[] for _ in talk]
    far: list[Word] = []
    for word in words:
        near = [i for i in _indices(hulls, word) if hulls[i].gap(word) < PAUSE]
        if near:
            said[max(near, key=lambda i: (hulls[i].overlap(word), -hulls[i].gap(word)))].append(word)
        else:
            far.append(word)
    found = [
        Speech(hull.start, hull.end, speaker, tuple(spans), tuple(own))
        for hull, spans, own in zip(hulls, talk, said, strict=True)
    ]
    for group in _grouped(far, PAUSE):
        hull = _hull(group)
        found.append(Speech(hull.start, hull.end, speaker, (hull,), tuple(group)))
    return found


def _grouped(spans: Iterable[Timed], pause: float) -> list[list[Timed]]:
    """Spans (sorted by start) in groups that are `pause` or more apart; those that touch stay together."""
    groups: list[list[Timed]] = []
    end = float("-inf")
    for span in spans:
        if groups and (span.start <= end or span.start - end < pause):
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.end)
    return groups


def _hull(spans: Sequence[Span]) -> Span:
    return Span(spans[0].start, max(span.end for span in spans))


def _likeness(one: Span, other: Span) -> float:
    joint = max(one.end, other.end) - min(one.start, other.start)
    return one.overlap(other) / joint if joint > 0 else 0.0


def _around(spans: Sequence[Span], of: Span) -> Sequence[Span]:
    """Of spans that are sorted and apart: those that meet `of`, and the nearest on either side."""
    indices = _indices(spans, of)
    return spans[indices.start : indices.stop]


def _indices(spans: Sequence[Span], of: Span) -> range:
    first = bisect_left(spans, of.start, key=_end)
    last = bisect_left(spans, of.end, key=_start)
    return range(max(0, first - 1), min(len(spans), max(first, last) + 1))


def _start(span: Span) -> float:
    return span.start


def _end(span: Span) -> float:
    return span.end
