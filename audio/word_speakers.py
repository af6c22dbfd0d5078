"""Which speaker said each word.

In: a Transcript and the turns that speaker separation found (seconds; turns of different speakers may overlap).
Out: the words of each speaker; those that may be another's carry Doubt.SPEAKER.

Turns and words are each off by a tenth of a second and more, so a word alone cannot tell whose it is. The words of
a caption are given out together, so that two costs in seconds are least in sum (dynamic programming): how far each
word lies outside the turns of its speaker, and what each change of speaker costs, which is dear within a sentence
and nothing at its end or in a pause. A word is in doubt where another choice would cost hardly more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audio.conversation import Caption, Doubt, Span, Transcript, Turn, Word
from audio.phrasing import ends_sentence, runs_ended_by
from audio.stretches import Heard, hull, start_of, where_heard

Costs = npt.NDArray[np.float64]

LONGEST_WORD = 1.0  # seconds; where a word is written longer, silence was added to it
FAR = 0.5  # seconds outside a turn; beyond, all are about as bad: whoever is heard there, it is not this one
NOWHERE = 60.0  # seconds; a speaker who is not heard at all is as far as that
FURTHER = 0.01  # of a second, for each second beyond FAR: where nobody is heard, the nearest is the likeliest
DEEP = 0.3  # seconds inside a turn; deeper is no better: twice what a boundary is off
CHANGE = 0.3  # seconds; what a change of speaker costs within a sentence
BARE_CHANGE = 0.1  # seconds; the same where nothing is punctuated, so that each pair of words may be a sentence's end
OPENING = 0.3  # of that where the next word has a capital; names have one too, so it is not for nothing
CLEAR_PAUSE = 0.4  # seconds of silence between two words, from which on a change costs only AFTER_PAUSE of that
AFTER_PAUSE = 0.1  # share; not nothing, so that a word far from everybody stays with its sentence
MURMUR = 1.0  # seconds; what is said within another's sentence is hardly longer
SAME = 0.4  # shared over joint time of a murmur and a stretch; above it the murmur is what is said there
AS_SAME = 0.5  # seconds; how much less the words of a murmur cost the speaker whose stretch they fill
WITHIN = 0.75  # of a caption's time lies in another's: somebody else says it meanwhile
UNSURE = 0.25  # seconds; a word is in doubt if it costs no more than that to give it to another
ALIKE = 0.5  # another holds so much of the word as compared with its speaker: both talk
SENTENCE_WORDS = 30  # where fewer than one in so many words ends a sentence, nothing is punctuated
BREAKS = ("-", "–", "—")  # how a sentence that is cut short is written, besides the ends of whole ones
AGREEMENT = 0.8  # of the time of tagged captions is held most by the turns of that name: tags are believed


def join_words(transcript: Transcript, turns: Sequence[Turn]) -> dict[str, tuple[Word, ...]]:
    """The words of each speaker in order of time; every word goes to one. Empty where there are no turns.

    A caption's voice tag decides where the tags and the turns tell the same story. Else its words are given out
    as the module says. Words keep their texts and times; those that may be another's have Doubt.SPEAKER besides.
    """
    heard = where_heard(turns)
    words: dict[str, list[Word]] = {speaker: [] for speaker in heard}
    if not heard:
        return {}
    meanwhile = _said_meanwhile(transcript.captions, heard)
    open_to_all = {
        name: who.apart_from([caption for caption, owner in meanwhile.items() if owner == name], SAME)
        for name, who in heard.items()
    }
    believed = _tags_agree(transcript, heard)
    punctuated = _is_punctuated([word for caption in transcript.captions for word in caption.words])
    for caption in transcript.captions:
        owner = caption.voice if believed and caption.voice in heard else meanwhile.get(caption)
        if owner is not None:
            words[owner].extend(caption.words)
            continue
        change = CHANGE if punctuated or _is_punctuated(caption.words) else BARE_CHANGE
        for speaker, word in _given_out(caption, open_to_all, change):
            words[speaker].append(word)
    return {speaker: tuple(sorted(said, key=start_of)) for speaker, said in words.items()}


def _tags_agree(transcript: Transcript, heard: Mapping[str, Heard]) -> bool:
    """Another program's "Speaker 1" need not be ours, so the names alone prove nothing."""
    tagged = [caption for caption in transcript.captions if caption.voice in heard]
    agreed = [caption for caption in tagged if caption.voice and _holds_most(caption.voice, caption, heard)]
    return sum(c.duration for c in agreed) > AGREEMENT * sum(c.duration for c in tagged)


def _holds_most(speaker: str, caption: Caption, heard: Mapping[str, Heard]) -> bool:
    talk = heard[speaker].seconds(caption)
    return talk > 0 and all(talk >= other.seconds(caption) for other in heard.values())


def _is_punctuated(words: Sequence[Word]) -> bool:
    return SENTENCE_WORDS * sum(ends_sentence(word) for word in words) > len(words)


def _said_meanwhile(captions: Sequence[Caption], heard: Mapping[str, Heard]) -> Mapping[Caption, str]:
    """Captions that lie within another and fill a stretch, with its speaker: the stretch has no other words."""
    found: dict[Caption, str] = {}
    outer = Span(float("-inf"), float("-inf"))
    for caption in sorted(captions, key=lambda caption: (caption.start, -caption.end)):
        likeness = {name: who.likeness(caption) for name, who in heard.items()}
        best = max(likeness, key=lambda name: likeness[name])
        if likeness[best] > SAME and outer.overlap(caption) >= WITHIN * caption.duration:
            found[caption] = best
        elif caption.end > outer.end:
            outer = caption
    return found


def _given_out(caption: Caption, heard: Mapping[str, Heard], change: float) -> Iterator[tuple[str, Word]]:
    """The caption's words, each with its speaker and its doubt."""
    if not caption.words:
        return
    words = sorted(caption.words, key=_middle)
    names = list(heard)
    totals = _least_totals(_costs(words, heard), [_change_cost(a, b, change) for a, b in pairwise(words)])
    for word, total in zip(words, totals, strict=True):
        best = int(total.argmin())
        others = np.delete(total, best)
        unsure = bool((others - total[best] <= UNSURE).any())
        if unsure or _both_talk(word, names[best], heard) or _nobody_near(word, heard):
            word = replace(word, doubts=(*word.doubts, Doubt.SPEAKER))
        yield names[best], word


def _costs(words: Sequence[Word], heard: Mapping[str, Heard]) -> Costs:
    """How far each word lies outside the turns of each speaker, seconds, shape (words, speakers)."""
    outside = np.array([[who.outside(_middle(word)) for who in heard.values()] for word in words])
    outside = np.minimum(outside, NOWHERE)
    costs: Costs = np.clip(outside, -DEEP, FAR) + FURTHER * np.maximum(0.0, outside - FAR)
    end = 0
    for sentence in runs_ended_by(words, _may_end):
        end += len(sentence)
        costs[end - len(sentence) : end] -= AS_SAME * _fills_a_stretch(sentence, heard)
    return costs


def _fills_a_stretch(sentence: Sequence[Word], heard: Mapping[str, Heard]) -> npt.NDArray[np.bool_]:
    """Which words at the sentence's end fill a stretch of a speaker, as a murmur does, shape (words, speakers)."""
    filled = np.zeros((len(sentence), len(heard)), np.bool_)
    most = SAME
    for first, word in enumerate(sentence):
        said = hull(sorted(sentence[first:], key=start_of))
        if said.duration > MURMUR or not (first == 0 or _opens(word)):
            continue
        likeness = np.array([who.likeness(said) for who in heard.values()])
        if likeness.max() > most:
            most = float(likeness.max())
            filled[:] = False
            filled[first:, likeness.argmax()] = True
    return filled


def _opens(word: Word) -> bool:
    """Whether the word is written as the first of a sentence, even where the one before does not end one."""
    return word.text[:1].isupper() and word.text.replace("’", "'").split("'")[0] != "I"


def _change_cost(word: Word, following: Word, change: float) -> float:
    """What it costs that the speaker changes between two words, seconds."""
    if _may_end(word):
        return 0.0
    silence = following.start - min(word.end, word.start + LONGEST_WORD)
    weight = OPENING if _opens(following) else 1.0
    return weight * change * float(np.clip(1 - silence / CLEAR_PAUSE, AFTER_PAUSE, 1))


def _may_end(word: Word) -> bool:
    return ends_sentence(word) or word.text.endswith(BREAKS)


def _least_totals(costs: Costs, changes: Sequence[float]) -> Costs:
    """The least that all words cost together if a word goes to a speaker, shape as `costs` (words, speakers)."""
    before = np.zeros_like(costs)
    after = np.zeros_like(costs)
    for i, change in enumerate(changes):
        reached = before[i] + costs[i]
        before[i + 1] = np.minimum(reached, reached.min() + change)
    for i, change in reversed(list(enumerate(changes))):
        reached = after[i + 1] + costs[i + 1]
        after[i] = np.minimum(reached, reached.min() + change)
    totals: Costs = before + costs + after
    return totals


def _both_talk(word: Word, speaker: str, heard: Mapping[str, Heard]) -> bool:
    held = heard[speaker].seconds(word)
    return any(
        who.seconds(word) > 0 and who.seconds(word) >= ALIKE * held for name, who in heard.items() if name != speaker
    )


def _nobody_near(word: Word, heard: Mapping[str, Heard]) -> bool:
    return all(who.outside(_middle(word)) > FAR for who in heard.values())


def _middle(word: Word) -> float:
    return word.start + min(word.duration, LONGEST_WORD) / 2
