"""What a reply did: its words and what was said before it in, its acts in the order they were spoken out.

An act is attuned (it meets the partner), missing (it passes the partner by) or neither (None). Three things are
read, in this order: the phrases of the cue file, for people to read and argue with; the words around them, by a
table of weights learnt from written replies, since people say things in more ways than any list holds; and where
both say little, topic continuity: a question about what was said is interest, a sentence that takes nothing up
goes elsewhere, with less weight. A language without a table is read from its phrases and the topic.
Weights and the stance run from 0 to 1 and from -1 to 1; they say how clear the words are, not how good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.cue_phrases import PLAIN, Cues, PhraseMatch, as_said, find_phrases, find_sign, is_backchannel
from analysis.reply_terms import Term, reply_terms
from analysis.spoken_words import plain_words, spoken_words, written_words
from analysis.topic import Link, link, topics
from analysis.word_weights import ATTUNED, WordWeights, load_weights

# How clearly an act that no phrase names is read from topic continuity alone.
FOLLOW_UP = 0.5  # a question about what was said: interest, but it may be about the facts only
OTHER_QUESTION = 0.5  # a question about something else: the floor is given back, on another topic
NOTHING_TAKEN_UP = 0.4  # a statement about something else: "a miss of low confidence, not of none"
OWN_TOPIC = 0.6  # goes on with what the replier was talking about before
NAMES_FEELING = 0.4  # on the partner or the matter, with a feeling word in it: most likely it mirrors
ABOUT_YOU = 0.25  # a sentence about the partner that no phrase is in: more often a mirror than not
ANSWERS_BLAME = 0.3  # "you ..." or "I ..." without any phrase, after a complaint: back at them, or in defence
SHORTEST_STATEMENT = 3  # words; "God." or "Always." goes nowhere else
TAKEN_UP = 0.2  # uses the partner's words without a feeling: stays on the topic, which is neither
ONLY_BACKCHANNEL = 0.3  # "yeah" after pain leaves it lying there

LIKELY = 0.4  # probability from which an act is named
SUPPORTED = 0.3  # the same for an act that has a clear phrase
FAINTEST = 0.25  # probability below which even the likeliest act is not, and the topic speaks instead

DOUBTED = 0.5  # weight at most of a phrase that the words around it speak against

TAKES_BACK = frozenset({"minimise", "defend", "counter_attack", "self_focus"})
TAKEN_BACK = 0.5  # what is left of an attuned start that one of these follows at once
MOVES_ON = frozenset({"change_subject", "invite_elsewhere", "logistics", "keep_talking"})
MOVED_ON = 0.4
OWN_WORDS = 2  # words shared with one's own earlier talk that make it the same story

WORDS_WEIGHT = 3.0  # nats for words that could not be clearer
NEXT_TO_NOTHING = 2  # words; "Oh, Maya." is said by its voice, unless a phrase is in it
LITTLE = WORDS_WEIGHT * ONLY_BACKCHANNEL  # nats that so few words say at most

READABLE = 4  # words that a shown stretch has at least, where its sentence has them

_SENTENCE_END = re.compile(r"[.?!;…][\"'”“»«)\]]*$")

ReadFrom = Literal["phrase", "words", "topic", "timing"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a reply does: `phrase` is the evidence, as it was said; empty where it was not words.

    weight: 0 to 1, how clearly it is done. attuned: None where it neither meets nor passes by.
    read_from: what told it: a phrase of the cue file, the weights of words, the topic, or the timing.
    """

    name: str
    phrase: str
    weight: float
    attuned: bool | None
    read_from: ReadFrom = "phrase"


@dataclass(frozen=True, slots=True)
class SpokenReply:
    """The words of a reply, read: its acts in order, and in nats what they say for the partner having been met."""

    acts: tuple[Act, ...]
    evidence: float


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
    phrases = [m for m in find_phrases(reply_text, cues) if not _is_their_errand(m, said_before, cues)]
    weights = weights or load_weights(cues.language)
    if weights is None:
        acts = tuple(_by_phrases(reply_text, said_before, own_previous, phrases, cues))
        return SpokenReply(acts, WORDS_WEIGHT * stance(acts))
    return _weighed(reply_text, said_before, phrases, cues, weights, own_previous)


def read_acts(reply_text: str, said_before: str, cues: Cues, *, own_previous: str = "") -> tuple[Act, ...]:
    """The acts of a reply, in order; see `read_reply`."""
    return read_reply(reply_text, said_before, cues, own_previous=own_previous).acts


def stance(acts: Sequence[Act]) -> float:
    """How attuned (towards 1) or missing (towards -1) the acts are; 0 when they say nothing.

    (A - M) / max(1, A + M), with A and M the summed weights of the attuned and of the missing acts.
    So a warm start and then advice come out even; one followed at once by what takes it back (defence,
    blame, "my day was worse") counts half. Moving on to another topic once the partner was met is
    MOVED_ON of what it would be as a first answer.
    """
    attuned = missing = 0.0
    for place, act in enumerate(acts):
        if act.attuned is False:
            missing += act.weight * (MOVED_ON if attuned and act.name in MOVES_ON else 1.0)
        elif act.attuned:
            taken_back = place + 1 < len(acts) and acts[place + 1].name in TAKES_BACK
            attuned += act.weight * (TAKEN_BACK if taken_back else 1.0)
    return (attuned - missing) / max(1.0, attuned + missing)


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
        acts = tuple(_by_phrases(reply_text, said_before, own_previous, tuple(doubted), cues))
    else:
        acts = _in_order(reply_text, named, chances, phrases, terms, cues, weights)
        if _tells_own_story(reply_text, said_before, own_previous, cues):
            acts = (*acts, Act("keep_talking", reply_text, OWN_TOPIC, False, "topic"))
    evidence = (odds[ATTUNED] + WORDS_WEIGHT * stance(acts)) / 2
    if not phrases and len(spoken_words(reply_text, cues.spelling)) <= NEXT_TO_NOTHING:
        evidence = max(-LITTLE, min(LITTLE, evidence))
    return SpokenReply(acts, evidence)


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
    for first, last in _sentences(words):
        said = [match for match in phrases if match.weight >= PLAIN and first <= match.first <= last]
        if len({match.act for match in said}) == 1:
            within = set(range(said[0].first, said[-1].last + 1))
            rest = [words[place] for place in range(first, last + 1) if place not in within]
            if all(plain.text in unwritten for plain in plain_words(rest, cues.spelling)):
                acts.add(said[0].act)
    return acts


def _around(words: Sequence[str], first: int, last: int) -> str:
    """The words from `first` to `last` with as many of their sentence as make them readable."""
    begin, end = next(one for one in _sentences(words) if one[0] <= first <= one[1])
    while last - first + 1 < READABLE and (begin < first or last < end):
        first, last = max(begin, first - 1), min(max(end, last), last + 1)
    return as_said(words, first, last)


def _probability(nats: float) -> float:
    return 1 / (1 + math.exp(-nats))


def _by_phrases(
    reply_text: str, said_before: str, own_previous: str, phrases: Sequence[PhraseMatch], cues: Cues
) -> list[Act]:
    """The acts that phrases name, sentence by sentence; where a sentence holds none, the topic speaks."""
    words = written_words(reply_text)
    acts: list[Act] = []
    for first, last in _sentences(words):
        named = [match for match in phrases if first <= match.first <= last]
        sentence = " ".join(words[first : last + 1])
        if is_backchannel(sentence, cues):
            continue
        if named:
            acts += [Act(match.act, match.phrase, match.weight, match.attuned) for match in named]
        else:
            acts += _from_topic(sentence, said_before, own_previous, cues, alone=not phrases)
    return acts


def _sentences(words: Sequence[str]) -> list[tuple[int, int]]:
    """First and last word of each sentence, as far as punctuation tells."""
    ends = [place for place, word in enumerate(words) if _SENTENCE_END.search(word)]
    if not ends or ends[-1] != len(words) - 1:
        ends.append(len(words) - 1)
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def _is_their_errand(match: PhraseMatch, said_before: str, cues: Cues) -> bool:
    """A plan or thing that the partner spoke of first is no change to logistics."""
    return match.act == "logistics" and bool(link(match.phrase, said_before, cues).taken_up)


def _tells_own_story(text: str, said_before: str, own_previous: str, cues: Cues) -> bool:
    """Whether a text goes on with the replier's own earlier talk, and takes nothing up of the partner's."""
    own = topics(own_previous, cues).keys() & topics(text, cues).keys()
    return len(own) >= OWN_WORDS and not link(text, said_before, cues).taken_up


def _from_topic(sentence: str, said_before: str, own_previous: str, cues: Cues, *, alone: bool) -> list[Act]:
    """What a sentence without any phrase does, by what it takes up. Beside phrases only questions count."""
    linked = link(sentence, said_before, cues)
    if linked.question:
        return [_question(sentence, linked, cues)]
    if _tells_own_story(sentence, said_before, own_previous, cues):
        return [Act("keep_talking", sentence, OWN_TOPIC, False, "topic")]
    if not alone:
        return []
    return [_statement(sentence, said_before, linked, cues)]


def _question(sentence: str, linked: Link, cues: Cues) -> Act:
    if linked.holds or find_sign(sentence, "feeling", cues):
        return Act("check_in", sentence, FOLLOW_UP, True, "topic")
    return Act("change_subject", sentence, OTHER_QUESTION, False, "topic")


def _statement(sentence: str, said_before: str, linked: Link, cues: Cues) -> Act:
    of_partner = find_sign(sentence, "about_partner", cues)
    if find_sign(sentence, "feeling", cues) and (of_partner or linked.holds):
        return Act("reflect", sentence, NAMES_FEELING, True, "topic")
    blamed = find_sign(said_before, "complaint", cues)
    if blamed and (of_partner or find_sign(sentence, "about_self", cues)):
        return Act("counter_attack" if of_partner else "defend", sentence, ANSWERS_BLAME, False, "topic")
    if of_partner:
        return Act("reflect", sentence, ABOUT_YOU, True, "topic")
    if linked.holds or len(sentence.split()) < SHORTEST_STATEMENT:
        return Act("takes_up", sentence, TAKEN_UP, None, "topic")
    return Act("change_subject", sentence, NOTHING_TAKEN_UP, False, "topic")
