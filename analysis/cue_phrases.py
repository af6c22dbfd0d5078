"""The cue phrases of a language: in goes a reply's text or words, out come the acts whose phrases it holds.

A language's phrases stand in `analysis/cues/LANGUAGE.toml`, written in the grammar of `analysis.grammar`
for people to read and edit. Nothing here knows a word of any language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from analysis.grammar import Colour, Found, Network
from analysis.spoken_words import Spelling, SpokenWord, plain_words, spoken_words, written_words

PLAIN, HINT = 1.0, 0.5  # weight of a phrase that is clear by itself, and of one that leans one way
# What a sentence can be without being an act: a question; one that points back at what was said; one with a
# feeling in it; one about the partner or about oneself; a complaint; less, or as much, as the speaker feels.
Sign = Literal[
    "question",
    "pointing_back",
    "feeling",
    "about_partner",
    "about_self",
    "complaint",
    "understatement",
    "distress",
]
# Texts of which it is remembered what stands in them: some more than an hour of talk has. A text is looked at for its
# acts and for several signs in a row, and again whenever a session is read once more after a correction.
REMEMBERED = 8192
LONGEST_BACKCHANNEL = 3  # words; "yeah yeah okay" still only says "go on"
_TRAILING = ",;:-–—"  # punctuation that a shown phrase does not end with


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase of an act in a reply: as it was said, and its first and last word (indices, both counted in).

    weight: 0 to 1, how clearly the phrase alone says so. attuned: whether the act meets the partner.
    """

    act: str
    phrase: str
    first: int
    last: int
    weight: float
    attuned: bool


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one pattern stands for; `act` is None where it only claims its words (a harmless phrase)."""

    act: str | None
    weight: float
    attuned: bool


@dataclass(frozen=True, slots=True, eq=False)  # one object a language: compared and cached by identity
class Cues:
    """One language's phrases, compiled. Made by `load_cues`.

    small_words carry no topic; stemmer is the language's name at Snowball.
    """

    language: str
    stemmer: str
    spelling: Spelling
    small_words: frozenset[str]
    backchannels: frozenset[tuple[str, ...]]
    attuned_acts: frozenset[str]
    missing_acts: frozenset[str]
    colour: Colour
    _meanings: tuple[_Cue | Sign, ...]  # of the patterns, in their order
    _patterns: Network


@lru_cache(maxsize=8)
def load_cues(language: str) -> Cues | None:
    """The cues of a language (ISO 639-1), or None where it has no file. PatternError names a bad pattern."""
    source = files("analysis.cues").joinpath(f"{language}.toml")
    if not language.isalpha() or not source.is_file():
        return None
    return read_cues(language, tomllib.loads(source.read_text(encoding="utf-8")))


def read_cues(language: str, content: Mapping[str, Any]) -> Cues:
    """Compile the content of a cue file; raises PatternError or KeyError where it is not one."""
    speech = content["speech"]
    spelling = _spelling(speech)
    colour = Colour(
        skipped=frozenset(speech["skipped"]) | frozenset(content["lists"]["endearment"]),
        openers=frozenset(speech["openers"]) | frozenset(content["lists"]["endearment"]),
        negators=frozenset(speech["negators"]),
        carriers=frozenset(speech["carriers"]),
    )

    acts: Mapping[str, Mapping[str, Any]] = content["acts"]
    meanings = [*_meanings(acts, content["harmless"]["phrases"], content["signs"])]
    return Cues(
        language=language,
        stemmer=speech["stemmer"],
        spelling=spelling,
        small_words=frozenset(word for text in speech["small_words"] for word in _plain(text, spelling)),
        backchannels=frozenset(_plain(text, spelling) for text in speech["backchannels"]),
        attuned_acts=frozenset(name for name, act in acts.items() if act["attuned"]),
        missing_acts=frozenset(name for name, act in acts.items() if not act["attuned"]),
        colour=colour,
        _meanings=tuple(meaning for meaning, _ in meanings),
        _patterns=_network((pattern for _, pattern in meanings), content["lists"], colour, spelling),
    )


def patterns_of(patterns: Iterable[str], lists: Mapping[str, Sequence[str]], cues: Cues) -> Network:
    """Patterns of another file in the same language, ready to be looked for. Raises PatternError."""
    return _network(patterns, lists, cues.colour, cues.spelling)


def find_phrases(text_or_words: str | Sequence[str], cues: Cues) -> tuple[PhraseMatch, ...]:
    """The phrases of acts in a reply, in order, none overlapping: of two that do, the longer is meant."""
    return _phrases(written_words(text_or_words), cues)


@lru_cache(maxsize=REMEMBERED)
def _phrases(written: tuple[str, ...], cues: Cues) -> tuple[PhraseMatch, ...]:
    words = spoken_words(written, cues.spelling)
    matches: list[PhraseMatch] = []
    for found, cue in _longest_apart(_found(words, cues)):
        if cue.act is not None:
            first, last = words[found.first].source, words[found.last].source
            phrase = as_said(written, first, last)
            matches.append(PhraseMatch(cue.act, phrase, first, last, cue.weight, cue.attuned))
    return tuple(matches)


@lru_cache(maxsize=REMEMBERED)
def is_backchannel(text: str, cues: Cues) -> bool:
    """Whether the words only say "go on, I hear you": three at most, all of them backchannels."""
    words = tuple(word.text for word in plain_words(text, cues.spelling))
    if not 0 < len(words) <= LONGEST_BACKCHANNEL:
        return False
    place = 0
    while place < len(words):
        lengths = [n for n in range(LONGEST_BACKCHANNEL, 0, -1) if words[place : place + n] in cues.backchannels]
        if not lengths:
            return False
        place += lengths[0]
    return True


def understates(text: str, cues: Cues) -> str | None:
    """The phrase by which a speaker says less than a heavy voice would ("I'm fine"), or None."""
    return find_sign(text, "understatement", cues)


def find_sign(text: str, sign: Sign, cues: Cues) -> str | None:
    """The first phrase in `text` that shows `sign`, as it was said, or None."""
    return _signs(text, cues).get(sign)


@lru_cache(maxsize=REMEMBERED)
def _signs(text: str, cues: Cues) -> Mapping[Sign, str]:
    """Each sign that `text` shows, with the first phrase that shows it, as it was said."""
    words, written = spoken_words(text, cues.spelling), written_words(text)
    found = [(one, meaning) for one, meaning in _found(words, cues) if not isinstance(meaning, _Cue)]
    first: dict[Sign, str] = {}
    for one, sign in sorted(found, key=lambda pair: (pair[0].first, -pair[0].last)):
        first.setdefault(sign, as_said(written, words[one.first].source, words[one.last].source))
    return first


@lru_cache(maxsize=REMEMBERED)
def _found(words: tuple[SpokenWord, ...], cues: Cues) -> tuple[tuple[Found, _Cue | Sign], ...]:
    return tuple((found, cues._meanings[found.label]) for found in cues._patterns.find(words))


def _longest_apart(found: Iterable[tuple[Found, _Cue | Sign]]) -> list[tuple[Found, _Cue]]:
    """Keep the longest cue first; of equals the clearer, then the missing act, so that doubt is not praise."""

    def rank(pair: tuple[Found, _Cue]) -> tuple[int, float, bool, int]:
        one, cue = pair
        return (one.first - one.last, -cue.weight, cue.attuned, one.first)

    taken: set[int] = set()
    kept: list[tuple[Found, _Cue]] = []
    for one, cue in sorted(((one, cue) for one, cue in found if isinstance(cue, _Cue)), key=rank):
        places = set(range(one.first, one.last + 1))
        if not places & taken:
            taken |= places
            kept.append((one, cue))
    return sorted(kept, key=lambda pair: pair[0].first)


def as_said(written: Sequence[str], first: int, last: int) -> str:
    """The written words from `first` to `last`, both counted in, as a phrase to show."""
    return " ".join(written[first : last + 1]).strip().rstrip(_TRAILING)


def _meanings(
    acts: Mapping[str, Mapping[str, Any]], harmless: Sequence[str], signs: Mapping[str, Sequence[str]]
) -> Iterator[tuple[_Cue | Sign, str]]:
    """Each pattern with what it stands for."""
    for name, act in acts.items():
        for key, weight in (("phrases", PLAIN), ("hints", HINT)):
            yield from ((_Cue(name, weight, act["attuned"]), pattern) for pattern in act.get(key, ()))
    yield from ((_Cue(None, PLAIN, False), pattern) for pattern in harmless)
    for sign in get_args(Sign):
        yield from ((sign, pattern) for pattern in signs[sign])


def _spelling(speech: Mapping[str, Any]) -> Spelling:
    return Spelling(
        written_out={word: tuple(text.split()) for word, text in speech["written_out"].items()},
        endings=speech["endings"],
        fillers=frozenset(speech["fillers"]),
        filler_phrases=frozenset(_pair(text) for text in speech["filler_phrases"]),
        asking=frozenset(speech["asking"]),
    )


def _network(
    patterns: Iterable[str], lists: Mapping[str, Sequence[str]], colour: Colour, spelling: Spelling
) -> Network:
    return Network(tuple(patterns), lists, colour, lambda text: _plain(text, spelling))


def _pair(text: str) -> tuple[str, str]:
    first, second = text.split()
    return first, second


def _plain(text: str, spelling: Spelling) -> tuple[str, ...]:
    """A pattern's word levelled as a reply's words are."""
    return tuple(word.text for word in plain_words(text, spelling))
