"""What the words of a reply do, and what they say for the partner having been met.

In: a reply and what was said before it. Out: its acts in order, and nats. Three things are read: the phrases of the cue
file, for people to read and argue with; the words around them, by a table of weights learnt from written replies,
since people say things in more ways than any list holds; and where both say little, topic continuity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from analysis.acts import Act, stance
from analysis.cue_phrases import PLAIN, REMEMBERED, Cues, PhraseMatch, as_said, find_phrases, is_backchannel
from analysis.phrase_acts import OWN_TOPIC, acts_by_phrases, is_their_errand, sentences, tells_own_story
from analysis.reply_terms import Term, reply_terms
from analysis.spoken_words import plain_words, spoken_words, written_words
from analysis.word_weights import ATTUNED, WordWeights, load_weights

# Nats at most, for words that could not be clearer: 95 in 100. The table may be surer of replies like those that it has
# learnt from; real people say things that nobody wrote down.
WORDS_WEIGHT = 3.0
ONLY_BACKCHANNEL = 0.3  # weight of "yeah" after pain, which leaves it lying there
NEXT_TO_NOTHING = 2  # words; "Oh, Maya." is said by its voice, unless a phrase is in it
LITTLE = WORDS_WEIGHT * ONLY_BACKCHANNEL  # nats that so few words say at most

LIKELY = 0.4  # probability from which an act is named
SUPPORTED = 0.3  # the same for an act that has a clear phrase
FAINTEST = 0.25  # probability below which even the likeliest act is not, and the topic speaks instead
DOUBTED = 0.5  # weight at most of a phrase that the words around it speak against
READABLE = 4  # words that a shown stretch has at least, where its sentence has them


@dataclass(frozen=True, slots=True)
class SpokenReply:
    """The words of a reply, read: its acts in order, and in nats what they say for the partner having been met."""

    acts: tuple[Act, ...]
    evidence: float


@lru_cache(maxsize=REMEMBERED)  # after a correction nearly all replies read as they did before it
def read_reply(
    reply_text: str, said_before: str, cues: Cues, *, own_previous: str = "", weights: WordWeights | None = None
) -> SpokenReply:
    """Read the words of a reply. `own_previous` is what the replier had said before the partner spoke.

    weights: a table to use instead of the language's own.

    A reply that takes nothing up and matches no phrase is a change of subject of low weight, whose
    phrase is what was said instead.
    """
    if not plain_words(reply_text, cues.spelling):
        return SpokenReply((), 0.0)
    if is_backchannel(reply_text, cues):
        acts: tuple[Act, ...] = (Act("backchannel_only", reply_text.strip(), ONLY_BACKCHANNEL, False),)
        return SpokenReply(acts, WORDS_WEIGHT * stance(acts))
    phrases = [m for m in find_phrases(reply_text, cues) if not is_their_errand(m, said_before, cues)]
    weights = weights or load_weights(cues.language)
    if weights is None:
        acts = tuple(acts_by_phrases(reply_text, said_before, own_previous, phrases, cues))
        return SpokenReply(acts, WORDS_WEIGHT * stance(acts))
    return _weighed(reply_text, said_before, phrases, cues, weights, own_previous)


def read_acts(reply_text: str, said_before: str, cues: Cues, *, own_previous: str = "") -> tuple[Act, ...]:
    """The acts of a reply, in order; see `read_reply`."""
    return read_reply(reply_text, said_before, cues, own_previous=own_previous).acts


def _weighed(
    reply_text: str,
    said_before: str,
    phrases: Sequence[PhraseMatch],
    cues: Cues,
    weights: WordWeights,
    own_previous: str,
) -> SpokenReply:
    """A reply read by the weights of its words and of the phrases in it."""
    terms = reply_terms(reply_text, said_before, phrases, cues)
    odds = weights.odds(terms)
    chances = {act: _probability(nats) for act, nats in odds.items() if act != ATTUNED}
    likeliest = max(chances, key=lambda act: chances[act])
    whole = _whole_sentences(reply_text, phrases, cues)
    chances |= {act: max(chances[act], DOUBTED) for act in whole if act in chances}
    written = {match.act for match in phrases if match.weight >= PLAIN}
    named = [act for act, chance in chances.items() if chance >= (SUPPORTED if act in written else LIKELY)] or [
        likeliest
    ]
    if chances[likeliest] < FAINTEST:
        doubted = (replace(match, weight=min(match.weight, DOUBTED)) for match in phrases)
        acts = tuple(acts_by_phrases(reply_text, said_before, own_previous, tuple(doubted), cues))
    else:
        acts = _in_order(reply_text, named, chances, phrases, terms, cues, weights)
        if tells_own_story(reply_text, said_before, own_previous, cues):
            acts = (*acts, Act("keep_talking", reply_text, OWN_TOPIC, False, "topic"))
    evidence = (odds[ATTUNED] + WORDS_WEIGHT * stance(acts)) / 2
    if not phrases and len(spoken_words(reply_text, cues.spelling)) <= NEXT_TO_NOTHING:
        evidence = max(-LITTLE, min(LITTLE, evidence))
    return SpokenReply(acts, max(-WORDS_WEIGHT, min(WORDS_WEIGHT, evidence)))


def _in_order(
    reply_text: str,
    named: Sequence[str],
    chances: Mapping[str, float],
    phrases: Sequence[PhraseMatch],
    terms: Sequence[Term],
    cues: Cues,
    weights: WordWeights,
) -> tuple[Act, ...]:
    """The named acts in the order of the words that say most for each."""
    words = written_words(reply_text)
    placed: list[tuple[int, Act]] = []
    for name in named:
        own = [match for match in phrases if match.act == name]
        first, last = (own[0].first, own[0].last) if own else weights.strongest(name, terms, len(words))
        phrase = own[0].phrase if own else _around(words, first, last)
        attuned = name in cues.attuned_acts
        placed.append((first, Act(name, phrase, chances[name], attuned, "phrase" if own else "words")))
    return tuple(act for _, act in sorted(placed, key=lambda one: one[0]))


def _whole_sentences(text: str, phrases: Sequence[PhraseMatch], cues: Cues) -> set[str]:
    """The acts of clear phrases that are all that some sentence says: those are done, whatever else is said."""
    words = written_words(text)
    unwritten = cues.colour.skipped | cues.colour.openers
    acts: set[str] = set()
    for first, last in sentences(words):
        said = [match for match in phrases if match.weight >= PLAIN and first <= match.first <= last]
        if len({match.act for match in said}) == 1:
            within = set(range(said[0].first, said[-1].last + 1))
            rest = [words[place] for place in range(first, last + 1) if place not in within]
            if all(plain.text in unwritten for plain in plain_words(rest, cues.spelling)):
                acts.add(said[0].act)
    return acts


def _around(words: Sequence[str], first: int, last: int) -> str:
    """The words from `first` to `last` with as many of their sentence as make them readable."""
    begin, end = next(one for one in sentences(words) if one[0] <= first <= one[1])
    while last - first + 1 < READABLE and (begin < first or last < end):
        first, last = max(begin, first - 1), min(max(end, last), last + 1)
    return as_said(words, first, last)


def _probability(nats: float) -> float:
    return 1 / (1 + math.exp(-nats))
