"""Doubts about the words of a Whisper engine: which of them it may have written wrong, or written from nothing.

In: a Transcript as the engine wrote it, captions in order of time (seconds). Out: the same captions and words, each
word with its doubts. Nothing is dropped or moved, and nothing is heard: all is read from texts, times and
probabilities. The sentences that Whisper invents stand in invented_phrases.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain, islice, pairwise
from unicodedata import east_asian_width, normalize

from audio.conversation import Caption, Doubt, Transcript, Word
from audio.phrasing import ends_sentence, runs_ended_by

# Probability below which a word is unlikely. Whisper's own code calls words below 0.15 anomalous when it looks for
# invented segments; a single word that may be misheard is worth less certainty. Chosen, not measured on real weights.
UNLIKELY = 0.4

LONGEST = 15  # words of a phrase that a stuck transcriber repeats
# A person may say a phrase twice on end and MORE words of it again: one word 8 times, two 5 times, three 4 times,
# six 3 times ("I'm sorry, I'm sorry, I'm sorry"). Chosen, not measured; a stuck transcriber goes on for seconds.
TWICE, MORE = 2, 6
APART = 3.0  # seconds of silence; what is said before and after is no repetition ("Ja.", minutes later "Ja.")

# Speech averages 5 to 8 syllables a second, by language (Pellegrino, Coupé & Marsico 2011), and reaches about 9, which
# is about 27 letters in German or English. FASTEST lies well above.
FASTEST = 40.0  # letters a second
RUN = 4  # words on end; one alone is often given no time at all though it was said
SLACK = 0.1  # seconds; what the edges of a run may be off, by guess
# A sign of Chinese or Korean is a syllable, one of Japanese a mora, at times two: each is worth three letters. Where
# signs hold more than is counted (kanji, Arabic without its vowels), fewer runs are found, never more.
SYLLABLE = 3  # letters

WORTH_A_NOTE = 0.1  # share of doubtful words from which on the person is told
REASONS: Mapping[Doubt, str] = {
    Doubt.UNLIKELY: "were hard to hear",
    Doubt.REPEATED: "come over and over",
    Doubt.TOO_FAST: "come faster than anyone speaks",
    Doubt.INVENTED: "are sentences that Whisper invents",
    Doubt.SPEAKER: "may be the other's",
}

_SPELLED = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that has letters: its place among all words, and its text without case and punctuation."""

    place: int
    word: Word
    plain: str


def doubted(transcript: Transcript) -> Transcript:
    """The same words in the same captions, each with its doubts in the order of Doubt, those it had included.

    Meant for the words of Whisper, not for subtitles that people wrote. SPEAKER is not told from words alone.
    """
    words = [word for caption in transcript.captions for word in caption.words]
    said = [_Said(place, word, plain) for place, word in enumerate(words) if (plain := _plain(word.text))]
    found = {
        Doubt.UNLIKELY: {place for place, word in enumerate(words) if _is_unlikely(word)},
        Doubt.REPEATED: set(chain.from_iterable(_repeated(stretch) for stretch in _stretches(said))),
        Doubt.TOO_FAST: _too_fast(said),
        Doubt.INVENTED: _invented(transcript.captions),
    }
    marked = (_with_doubts(word, [d for d, at in found.items() if place in at]) for place, word in enumerate(words))
    captions = tuple(replace(c, words=tuple(islice(marked, len(c.words)))) for c in transcript.captions)
    return replace(transcript, captions=captions)


def doubts_note(words: Sequence[Word]) -> str | None:
    """A sentence for the person where many words are doubtful, with the reasons, the most frequent first."""
    doubtful = sum(bool(word.doubts) for word in words)
    if not words or doubtful < WORTH_A_NOTE * len(words):
        return None
    counts = Counter(doubt for word in words for doubt in word.doubts)
    reasons = ", ".join(f"{count / len(words):.0%} {REASONS[doubt]}" for doubt, count in counts.most_common())
    return f"{doubtful / len(words):.0%} of the words are doubtful ({reasons}): they count less in what replies say."


def _with_doubts(word: Word, found: Sequence[Doubt]) -> Word:
    doubts = (*word.doubts, *found)
    return replace(word, doubts=tuple(doubt for doubt in Doubt if doubt in doubts)) if doubts else word


def _plain(text: str) -> str:
    """Letters and digits alone, in lower case, a space where there was anything else between them."""
    return " ".join(_SPELLED.findall(normalize("NFKC", text).casefold()))


def _is_unlikely(word: Word) -> bool:
    return word.probability is not None and word.probability < UNLIKELY


def _stretches(said: Sequence[_Said]) -> Iterator[Sequence[_Said]]:
    """What is said without a silence of APART."""
    first = 0
    for at, (before, after) in enumerate(pairwise(said), 1):
        if after.word.start - before.word.end >= APART:
            yield said[first:at]
            first = at
    yield said[first:]


def _repeated(said: Sequence[_Said]) -> set[int]:
    """Places of words in phrases that come over and over on end, the first saying left out."""
    plain = [*(one.plain for one in said), ""]  # the last is like none, so every stretch ends
    marked: set[int] = set()
    for length in range(1, LONGEST + 1):
        start = 0  # of the stretch in which each word is the one `length` words before it
        for at, (one, before) in enumerate(zip(plain[length:], plain, strict=False), length):
            if one == before:
                continue
            if at - start > TWICE * length + MORE:
                marked.update(repeat.place for repeat in said[start + length : at])
            start = at - length + 1
    return marked


def _too_fast(said: Sequence[_Said]) -> set[int]:
    """Places of words in runs with more letters than their time has room for."""
    letters = [0, *accumulate(_letters(one.plain) for one in said)]
    marked: set[int] = set()
    for first in range(len(said) - RUN + 1):
        run = said[first : first + RUN]
        seconds = max(one.word.end for one in run) - min(one.word.start for one in run)
        if letters[first + RUN] - letters[first] > FASTEST * (seconds + SLACK):
            marked.update(one.place for one in run)
    return marked


def _letters(plain: str) -> int:
    if plain.isascii():
        return len(plain) - plain.count(" ")
    return sum(SYLLABLE if east_asian_width(sign) == "W" else sign != " " for sign in plain)


def _invented(captions: Sequence[Caption]) -> set[int]:
    """Places of the words of sentences that Whisper is known to invent."""
    sentences, names = _inventions()
    marked: set[int] = set()
    place = 0
    for sentence in chain.from_iterable(runs_ended_by(caption.words, ends_sentence) for caption in captions):
        plain = _plain(" ".join(word.text for word in sentence))
        if _key(plain) in sentences or any(f" {name} " in f" {plain} " for name in names):
            marked.update(range(place, place + len(sentence)))
        place += len(sentence)
    return marked


def _key(plain: str) -> str:
    """A sentence to compare with others: every year is one, and spaces are dropped, since languages differ in them."""
    return _YEAR.sub("year", plain).replace(" ", "")


@cache
def _inventions() -> tuple[frozenset[str], tuple[str, ...]]:
    """Sentences that Whisper invents, as keys, and names of subtitlers, in plain words."""
    content = tomllib.loads(files("audio").joinpath("invented_phrases.toml").read_text(encoding="utf-8"))
    sentences = chain.from_iterable(content["sentences"].values())
    return frozenset(_key(_plain(s)) for s in sentences), tuple(_plain(name) for name in content["credits"]["names"])
