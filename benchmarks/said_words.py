"""Conversations whose every word's speaker is known, and the captions in which a transcriber would give them.

In: the ground truth of a bench (NAME.json: turns with start, end, speaker, text; seconds). Out: Said words, and
Transcripts without voice tags. Words have no times in the bench: those of a turn are spread over it by their letters,
with small pauses. Everything random comes from the generator that is handed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

import numpy as np

from audio.conversation import Caption, Span, Transcript, Turn, Word, speaker_label
from audio.phrasing import ends_sentence

LETTERS_OF_A_WORD = 1.5  # added to each word's letters: short words take longer than their letters say
PAUSES = 0.25  # letters' worth of pause before a word, at most (uniform): some 15 ms
JITTER = 0.05  # seconds; word times of Whisper are off by about that, on either side (uniform)
LONG_ENOUGH = 3.0  # seconds; a caption of Whisper that is so long ends with its sentence
LONGEST = 10.0  # seconds; there it ends anyway
SILENCE = 0.8  # seconds; and there
CHUNK = 30.0  # seconds; what batched Whisper is given at once, cut in silence
CHUNK_SILENCE = 0.3  # seconds
MURMURS = ("Mm-hm.", "Yeah.", "Right.", "Okay.", "Uh-huh.", "mm-hm,", "yeah,", "right,", "okay,", "uh-huh,")
MURMUR = (0.3, 0.5)  # seconds; shortest and longest
MURMURED_TURN = 3.0  # seconds; shorter turns are not murmured in
OFTEN = 0.3  # share of the turns that could be that are murmured in, or broken off


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it was: where its speaker is heard, and the words with their true times (+- JITTER)."""

    turn: Turn
    words: tuple[Word, ...]


Change = Callable[[list[tuple[Turn, str]], np.random.Generator], list[tuple[Turn, str]]]


def turns_of(truth: Path) -> list[tuple[Turn, str]]:
    """The turns of a conversation with their texts, sorted by start."""
    turns = json.loads(truth.read_text())["turns"]
    return sorted((Turn(t["start"], t["end"], speaker_label(t["speaker"])), t["text"]) for t in turns)


def whole(turns: list[tuple[Turn, str]], rng: np.random.Generator) -> list[tuple[Turn, str]]:
    """Every turn ends with a sentence."""
    return turns


def ends_lost(turns: list[tuple[Turn, str]], rng: np.random.Generator) -> list[tuple[Turn, str]]:
    """Half of the turns lose the ends of their sentences, as Whisper leaves them out."""
    return [(turn, re.sub(r"[.?!]", "", text) if rng.random() < 0.5 else text) for turn, text in turns]


def murmured(turns: list[tuple[Turn, str]], rng: np.random.Generator) -> list[tuple[Turn, str]]:
    """Within long turns the other murmurs: half the time while the first pauses for it, else over the talk."""
    speakers = sorted({turn.speaker for turn, _ in turns})
    return sorted(chain.from_iterable(_with_murmur(turn, text, speakers, rng) for turn, text in turns))


def _with_murmur(
    turn: Turn, text: str, speakers: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[Turn, str]]:
    texts = text.split()
    if turn.duration < MURMURED_TURN or len(texts) < 4 or rng.random() > OFTEN:
        yield turn, text
        return
    other = speakers[1 - speakers.index(turn.speaker)] if len(speakers) == 2 else speakers[0]
    length = rng.uniform(*MURMUR)
    cut = int(rng.integers(2, len(texts) - 1))
    paused = rng.random() < 0.5
    silence = length + rng.uniform(0.1, 0.4) if paused else 0.0
    first = turn.start + (turn.duration - silence) * len(" ".join(texts[:cut])) / len(text)
    start = first + (silence - length) / 2 if paused else first
    yield Turn(start, start + length, other), str(rng.choice(MURMURS))
    if not paused:
        yield turn, text
        return
    yield Turn(turn.start, first, turn.speaker), " ".join(texts[:cut])
    yield Turn(first + silence, turn.end, turn.speaker), " ".join(texts[cut:])


def broken_off(turns: list[tuple[Turn, str]], rng: np.random.Generator) -> list[tuple[Turn, str]]:
    """Turns are cut in mid-sentence by the next speaker; half of them are written with a dash."""
    made = list(turns)
    for i in range(len(made) - 1):
        (turn, text), (after, reply) = made[i], made[i + 1]
        texts = text.split()
        if turn.speaker == after.speaker or len(texts) < 5 or rng.random() > OFTEN:
            continue
        kept = " ".join(texts[: len(texts) * 2 // 3])
        end = turn.start + turn.duration * len(kept) / len(text)
        made[i] = (replace(turn, end=end), kept.rstrip(".,?!") + ("-" if rng.random() < 0.5 else ""))
        made[i + 1] = (replace(after, start=end + rng.uniform(-0.1, 0.1)), reply)
    return made


CONVERSATIONS: Mapping[str, Change] = {
    "whole sentences": whole,
    "ends of sentences lost": ends_lost,
    "murmurs of the other": murmured,
    "broken off": broken_off,
}


def spoken(turns: Iterable[tuple[Turn, str]], rng: np.random.Generator) -> list[Said]:
    """Turns with their words in time."""
    return [Said(turn, tuple(_spread(turn, text.split(), rng))) for turn, text in turns]


def _spread(turn: Turn, texts: Sequence[str], rng: np.random.Generator) -> Iterator[Word]:
    lengths = np.array([len(text) + LETTERS_OF_A_WORD for text in texts])
    pauses = rng.uniform(0.0, PAUSES, len(texts))
    pauses[0] = 0.0
    ends = np.cumsum(lengths + pauses)
    second = turn.duration / ends[-1]
    for text, end, length in zip(texts, ends, lengths, strict=True):
        start, stop = turn.start + second * (end - length), turn.start + second * end
        start, stop = np.sort(np.array([start, stop]) + rng.uniform(-JITTER, JITTER, 2))
        yield Word(round(max(0.0, start), 3), round(max(0.0, stop), 3), text)


def a_caption_a_turn(said: Sequence[Said]) -> Transcript:
    """A caption holds what one says, as subtitles do."""
    return Transcript(tuple(_caption(one.words) for one in said))


def whisper_captions(said: Sequence[Said]) -> Transcript:
    """Captions end with a sentence once they are long enough, at 10 s, and in silence; speakers are no matter."""

    def ends(caption: Span, word: Word, following: Word) -> bool:
        long_enough = caption.duration >= LONG_ENOUGH and ends_sentence(word)
        return long_enough or caption.duration >= LONGEST or word.gap(following) >= SILENCE

    return Transcript(tuple(_captions(_in_time(said), ends)))


def long_captions(said: Sequence[Said]) -> Transcript:
    """Captions of up to 30 s, cut in silence where there is some."""

    def ends(caption: Span, word: Word, following: Word) -> bool:
        late = caption.duration >= CHUNK * 0.7 and word.gap(following) >= CHUNK_SILENCE
        return late or following.end - caption.start > CHUNK

    return Transcript(tuple(_captions(_in_time(said), ends)))


def bare_captions(said: Sequence[Said]) -> Transcript:
    """As long_captions, in lower case and without punctuation."""
    captions = long_captions(said).captions
    return Transcript(tuple(replace(c, words=tuple(replace(w, text=_bare(w.text)) for w in c.words)) for c in captions))


FORMS: Mapping[str, Callable[[Sequence[Said]], Transcript]] = {
    "a caption a turn": a_caption_a_turn,
    "Whisper, to 10 s": whisper_captions,
    "batched, to 30 s": long_captions,
    "30 s, no punctuation": bare_captions,
}


def _bare(text: str) -> str:
    return re.sub(r"[^\w'-]", "", text.lower()).strip("-")


def _in_time(said: Sequence[Said]) -> list[Word]:
    """A transcriber gives one stream of words, whoever says them."""
    return sorted(chain.from_iterable(one.words for one in said), key=lambda word: word.start + word.end)


def _captions(words: Sequence[Word], ends: Callable[[Span, Word, Word], bool]) -> Iterator[Caption]:
    caption = [words[0]]
    for word, following in pairwise(words):
        if ends(Span(caption[0].start, word.end), word, following):
            yield _caption(caption)
            caption = []
        caption.append(following)
    yield _caption(caption)


def _caption(words: Sequence[Word]) -> Caption:
    return Caption(min(w.start for w in words), max(w.end for w in words), tuple(words))
