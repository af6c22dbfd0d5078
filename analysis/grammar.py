"""The small grammar that cue phrases are written in: patterns in, a network that finds them in spoken words.

    you (should|could)      words in a row; ( | ) is a choice of words or of whole phrases
    how are you [feeling]   [ ] may be left out, and may hold a choice
    sounds {hard}           { } is one entry of a named list
    disappoint*             a word that begins so
    tell _ to               any one word
    that ... hurt           a gap of 0 to 4 words of the same sentence, none of them a negator
    START  CLAUSE           first of all: the reply begins here, a sentence or clause begins here
    END                     last of all: the clause ends here

Words that only colour a phrase ("really", "just", "honey") may stand anywhere inside it without being
written. A negator before a phrase blocks it, alone or with words that carry it ("I'm *not* saying that ...").

The patterns become one network of word steps (Thompson, 1968) whose states are worked out as they are
first met, so the time to read a reply hardly depends on how many patterns there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.spoken_words import SpokenWord

LONGEST_GAP = 4  # words that "..." stands for at most
_START, _CLAUSE, _ANYWHERE = 0, 1, 2  # where a pattern may begin, narrowest first
_BEGINNINGS = {"START": _START, "CLAUSE": _CLAUSE}
_SYMBOL = re.compile(r"\.\.\.|[()\[\]|]|\{\w+\}|[^\s()\[\]|{}]+")

States = frozenset[int]


class PatternError(ValueError):
    """A pattern of a cue file that the grammar does not know; the message names it."""


@dataclass(frozen=True, slots=True)
class Colour:
    """The words of a language that the grammar treats apart.

    skipped: may stand inside a phrase unwritten; openers: may stand before START and CLAUSE;
    negators: block a phrase that follows; carriers: words that a negator reaches across.
    """

    skipped: frozenset[str]
    openers: frozenset[str]
    negators: frozenset[str]
    carriers: frozenset[str]


class Found(NamedTuple):
    """Pattern number `label` stands on the spoken words `first` to `last`, both counted in."""

    label: int
    first: int
    last: int


class Network:
    """All patterns of one purpose, ready to be looked for. Holds what it has worked out so far."""

    def __init__(
        self,
        patterns: Sequence[str],
        lists: Mapping[str, Sequence[str]],
        colour: Colour,
        spell: Callable[[str], Sequence[str]],
    ) -> None:
        """Compile `patterns`; `spell` levels a written word as replies are. Raises PatternError."""
        self._colour = colour
        self._builder = _Builder(lists, spell)
        for label, pattern in enumerate(patterns):
            self._builder.add(pattern, label)
        self._roots = tuple(self._closed(range(begin, _ANYWHERE + 1)) for begin in range(_ANYWHERE + 1))
        self._steps: dict[tuple[States, str], States] = {}
        self._ends: dict[States, tuple[tuple[int, bool], ...]] = {}

    def find(self, words: Sequence[SpokenWord]) -> list[Found]:
        """For each pattern and place, the longest stretch it stands on, unless a negator blocks it."""
        found: list[Found] = []
        for first, beginning in enumerate(_beginnings(words, self._colour.openers)):
            # a later, longer end replaces an earlier one of the same pattern
            longest = dict(self._ending(words, first, self._roots[beginning]))
            if longest and not self._negated(words, first):
                found += [Found(label, first, last) for label, last in longest.items()]
        return found

    def _ending(self, words: Sequence[SpokenWord], first: int, states: States) -> Iterator[tuple[int, int]]:
        for last in range(first, len(words)):
            states = self._step(states, words[last].text, first=last == first)
            if not states:
                return
            for label, only_at_end in self._labels(states):
                if not only_at_end or self._clause_is_over(words, last):
                    yield label, last
            if words[last].ends_sentence:
                return

    def _step(self, states: States, word: str, *, first: bool) -> States:
        key = (states, word)
        known = self._steps.get(key)
        if known is not None:
            return known
        nodes = self._builder.nodes
        moved = self._closed(target for state in states for target in nodes[state].targets(word, self._colour))
        if word in self._colour.skipped and not first:
            moved |= frozenset(state for state in states if nodes[state].label is None)
        self._steps[key] = moved
        return moved

    def _labels(self, states: States) -> tuple[tuple[int, bool], ...]:
        known = self._ends.get(states)
        if known is None:
            nodes = [self._builder.nodes[state] for state in sorted(states)]
            known = tuple((node.label, node.only_at_end) for node in nodes if node.label is not None)
            self._ends[states] = known
        return known

    def _closed(self, nodes: Iterable[int]) -> States:
        reached: set[int] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting += self._builder.nodes[node].free
        return frozenset(reached)

    def _negated(self, words: Sequence[SpokenWord], first: int) -> bool:
        for word in reversed(words[:first]):
            if word.ends_sentence:
                return False
            if word.text in self._colour.negators:
                return True
            if word.text not in self._colour.carriers and word.text not in self._colour.skipped:
                return False
        return False

    def _clause_is_over(self, words: Sequence[SpokenWord], last: int) -> bool:
        for place in range(last, len(words)):
            if place > last and words[place].text not in self._colour.skipped:
                return False
            if words[place].ends_clause:
                return True
        return True


def _beginnings(words: Sequence[SpokenWord], openers: frozenset[str]) -> Iterator[int]:
    """For each word where a pattern may begin: at START, at CLAUSE, or only where it may be anywhere."""
    only_openers_so_far = True
    clause_open = True
    for word in words:
        clause_open = clause_open or word.starts_clause
        yield _START if only_openers_so_far else _CLAUSE if clause_open else _ANYWHERE
        only_openers_so_far = only_openers_so_far and word.text in openers
        clause_open = clause_open and word.text in openers


class _Node:
    """A state of the network: where each word leads from here, and what ends here."""

    __slots__ = ("any_word", "beginning_so", "free", "gap", "label", "only_at_end", "words")

    def __init__(self) -> None:
        self.words: dict[str, list[int]] = {}
        self.beginning_so: list[tuple[str, int]] = []
        self.any_word: list[int] = []
        self.gap: list[int] = []
        self.free: list[int] = []
        self.label: int | None = None
        self.only_at_end = False

    def targets(self, word: str, colour: Colour) -> list[int]:
        reached = [*self.words.get(word, ()), *self.any_word]
        reached += [target for start, target in self.beginning_so if word.startswith(start)]
        return reached if word in colour.negators else reached + self.gap


class _Builder:
    """Writes patterns into nodes, by recursive descent over their symbols."""

    def __init__(self, lists: Mapping[str, Sequence[str]], spell: Callable[[str], Sequence[str]]) -> None:
        self.nodes = [_Node() for _ in range(_ANYWHERE + 1)]  # where all patterns of one beginning begin
        self._lists = lists
        self._spell = spell

    def add(self, pattern: str, label: int) -> None:
        symbols = _SYMBOL.findall(pattern)
        beginning = _BEGINNINGS.get(symbols[0] if symbols else "", _ANYWHERE)
        symbols = symbols[beginning != _ANYWHERE :]
        only_at_end = symbols[-1:] == ["END"]
        symbols = symbols[: len(symbols) - only_at_end]
        if not symbols or {"START", "CLAUSE", "END"} & set(symbols):
            raise PatternError(f"START, CLAUSE and END stand around words, only there: {pattern!r}")
        end, rest = self._choice(beginning, symbols, pattern)
        if rest:
            raise PatternError(f"A bracket closes that was never opened: {pattern!r}")
        final = self._node()
        self.nodes[final].label = label
        self.nodes[final].only_at_end = only_at_end
        self.nodes[end].free.append(final)

    def _node(self) -> int:
        self.nodes.append(_Node())
        return len(self.nodes) - 1

    def _choice(self, start: int, symbols: list[str], pattern: str) -> tuple[int, list[str]]:
        """Read branches up to a closing bracket or the end; give the joint end and what is left."""
        end = self._node()
        while True:
            here = start
            while symbols and symbols[0] not in ("|", ")", "]"):
                here, symbols = self._item(here, symbols, pattern)
            self.nodes[here].free.append(end)
            if symbols[:1] != ["|"]:
                return end, symbols
            symbols = symbols[1:]

    def _item(self, here: int, symbols: list[str], pattern: str) -> tuple[int, list[str]]:
        symbol, rest = symbols[0], symbols[1:]
        if symbol not in ("(", "["):
            return self._single(here, symbol, pattern), rest
        end, rest = self._choice(here, rest, pattern)
        if rest[:1] != [")" if symbol == "(" else "]"]:
            raise PatternError(f"A bracket is opened and not closed: {pattern!r}")
        if symbol == "[":
            self.nodes[here].free.append(end)
        return end, rest[1:]

    def _single(self, here: int, symbol: str, pattern: str) -> int:
        if symbol == "...":
            return self._gap(here)
        if symbol.startswith("{"):
            return self._list(here, symbol[1:-1], pattern)
        end = here
        if symbol == "_":
            end = self._node()
            self.nodes[here].any_word.append(end)
        elif symbol.endswith("*"):
            end = self._node()
            self.nodes[here].beginning_so.append((symbol[:-1], end))
        else:
            for word in self._spell(symbol):
                end = self._word(end, word)
        return end

    def _word(self, here: int, word: str) -> int:
        end = self._node()
        self.nodes[here].words.setdefault(word, []).append(end)
        return end

    def _gap(self, here: int) -> int:
        end = self._node()
        self.nodes[here].free.append(end)
        for _ in range(LONGEST_GAP):
            after = self._node()
            self.nodes[here].gap.append(after)
            self.nodes[after].free.append(end)
            here = after
        return end

    def _list(self, here: int, name: str, pattern: str) -> int:
        if name not in self._lists:
            raise PatternError(f"There is no list {name!r}: {pattern!r}")
        end, _ = self._choice(here, _SYMBOL.findall("|".join(self._lists[name])), pattern)
        return end
