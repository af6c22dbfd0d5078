"""What could be said instead: two or three attuned replies that fit the kind of a shift and its words.

In: a ToneShift. Out: sentences, ready to be said. They stand in `analysis/suggestions/LANGUAGE.toml`, for people to
read and change. They are examples of turning towards, not lines to learn: said without meaning it, none of them
helps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any
from zlib import crc32

from analysis.cue_phrases import Cues, load_cues, patterns_of
from analysis.grammar import Network
from analysis.shifts import ToneShift
from analysis.spoken_words import spoken_words

SHOWN = 3
SAID_LESS = "said_less"  # what a line is about that takes up the words that said less than the voice


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line. kinds: the tones it answers. about: what the words must be about; None for any words."""

    text: str
    kinds: frozenset[str]
    about: str | None
    act: str


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """The lines of one language, and the patterns by which words are about something. Made by `load_suggestions`."""

    lines: tuple[Suggestion, ...]
    about: Mapping[str, Network]
    cues: Cues


@lru_cache(maxsize=8)
def load_suggestions(language: str) -> Suggestions | None:
    """The suggestions of a language (ISO 639-1), or None where it has no file, or none of cue phrases."""
    source = files("analysis.suggestions").joinpath(f"{language}.toml")
    cues = load_cues(language)
    if cues is None or not source.is_file():
        return None
    return read_suggestions(tomllib.loads(source.read_text(encoding="utf-8")), cues)


def read_suggestions(content: Mapping[str, Any], cues: Cues) -> Suggestions:
    """The content of a file of suggestions; raises PatternError or KeyError where it is not one."""
    lists = content.get("lists", {})
    return Suggestions(
        lines=tuple(
            Suggestion(line["text"], frozenset(line["kinds"]), line.get("about"), line["act"])
            for line in content["say"]
        ),
        about={name: patterns_of(patterns, lists, cues) for name, patterns in content["about"].items()},
        cues=cues,
    )


def suggested_replies(shift: ToneShift, suggestions: Suggestions) -> tuple[str, ...]:
    """Up to SHOWN lines for a shift: those that fit its words first, different in what they do where they can.

    The same shift always gets the same lines; shifts after one another get others where there are others.
    """
    about = _about(shift, suggestions)
    fitting = [line for line in suggestions.lines if shift.kind in line.kinds]
    turn = crc32(f"{shift.start:.2f}".encode())  # any number that differs from moment to moment
    ranked = list(
        chain.from_iterable(_from(turn, [line for line in fitting if line.about == topic]) for topic in (*about, None))
    )
    return tuple(_said(line, shift) for line in _varied(ranked))


def _about(shift: ToneShift, suggestions: Suggestions) -> list[str]:
    """What the words of a shift are about, in the order of the file."""
    words = spoken_words(shift.text, suggestions.cues.spelling)
    said_less = [SAID_LESS] if shift.said_less else []
    return said_less + [name for name, network in suggestions.about.items() if network.find(words)]


def _from(turn: int, lines: Sequence[Suggestion]) -> list[Suggestion]:
    """The lines, begun at another one each turn."""
    place = turn % len(lines) if lines else 0
    return [*lines[place:], *lines[:place]]


def _varied(ranked: Sequence[Suggestion]) -> list[Suggestion]:
    """The first lines that each do something else; others only where those are too few."""
    first_of_act: dict[str, Suggestion] = {}
    for line in ranked:
        first_of_act.setdefault(line.act, line)
    chosen = list(first_of_act.values())[:SHOWN]
    return chosen + [line for line in ranked if line not in chosen][: SHOWN - len(chosen)]


def _said(line: Suggestion, shift: ToneShift) -> str:
    return line.text.replace("{said}", (shift.said_less or "").rstrip(".!?"))
