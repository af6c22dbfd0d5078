"""What a reply did: its words and what was said before it in, its acts in the order they were spoken out.

An act is attuned (it meets the partner), missing (it passes the partner by) or neither (None). Most acts
are read from the phrases of the cue file. Where a sentence holds none, topic continuity speaks: a question
about what was said is interest, a sentence that takes nothing up goes elsewhere, with less weight.
Weights and the stance run from 0 to 1 and from -1 to 1; they say how clear the words are, not how good.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cue_phrases import Cues, PhraseMatch, find_phrases, find_sign, is_backchannel
from analysis.spoken_words import plain_words, written_words
from analysis.topic import Link, link, topics

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

TAKES_BACK = frozenset({"minimise", "defend", "counter_attack", "self_focus"})
TAKEN_BACK = 0.5  # what is left of an attuned start that one of these follows at once
MOVES_ON = frozenset({"change_subject", "invite_elsewhere", "logistics", "keep_talking"})
MOVED_ON = 0.4
OWN_WORDS = 2  # words shared with one's own earlier talk that make it the same story

_SENTENCE_END = re.compile(r"[.?!;…][\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a reply does: `phrase` is the evidence, as it was said.

    weight: 0 to 1, how clearly the words do it. attuned: None where it neither meets nor passes by.
    """

    name: str
    phrase: str
    weight: float
    attuned: bool | None


def read_acts(reply_text: str, said_before: str, cues: Cues, *, own_previous: str = "") -> tuple[Act, ...]:
    """The acts of a reply, in order. `own_previous` is what the replier had said before the partner spoke.

    A reply that takes nothing up and matches no phrase is a change of subject of low weight, whose
    phrase is what was said instead.
    """
    if not plain_words(reply_text, cues.spelling):
        return ()
    if is_backchannel(reply_text, cues):
        return (Act("backchannel_only", reply_text.strip(), ONLY_BACKCHANNEL, False),)
    words = written_words(reply_text)
    matches = [m for m in find_phrases(words, cues) if not _is_their_errand(m, said_before, cues)]
    acts: list[Act] = []
    for first, last in _sentences(words):
        named = [match for match in matches if first <= match.first <= last]
        sentence = " ".join(words[first : last + 1])
        if is_backchannel(sentence, cues):
            continue
        if named:
            acts += [Act(match.act, match.phrase, match.weight, match.attuned) for match in named]
        else:
            acts += _from_topic(sentence, said_before, own_previous, cues, alone=not matches)
    return tuple(acts)


def stance(acts: Sequence[Act]) -> float:
    """How attuned (towards 1) or missing (towards -1) the words are; 0 when they say nothing.

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


def _sentences(words: Sequence[str]) -> list[tuple[int, int]]:
    """First and last word of each sentence, as far as punctuation tells."""
    ends = [place for place, word in enumerate(words) if _SENTENCE_END.search(word)]
    if not ends or ends[-1] != len(words) - 1:
        ends.append(len(words) - 1)
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def _is_their_errand(match: PhraseMatch, said_before: str, cues: Cues) -> bool:
    """A plan or thing that the partner spoke of first is no change to logistics."""
    return match.act == "logistics" and bool(link(match.phrase, said_before, cues).taken_up)


def _from_topic(sentence: str, said_before: str, own_previous: str, cues: Cues, *, alone: bool) -> list[Act]:
    """What a sentence without any phrase does, by what it takes up. Beside phrases only questions count."""
    linked = link(sentence, said_before, cues)
    if linked.question:
        return [_question(sentence, linked, cues)]
    own = topics(own_previous, cues).keys() & topics(sentence, cues).keys()
    if len(own) >= OWN_WORDS and not linked.taken_up:
        return [Act("keep_talking", sentence, OWN_TOPIC, False)]
    if not alone:
        return []
    return [_statement(sentence, said_before, linked, cues)]


def _question(sentence: str, linked: Link, cues: Cues) -> Act:
    if linked.holds or find_sign(sentence, "feeling", cues):
        return Act("check_in", sentence, FOLLOW_UP, True)
    return Act("change_subject", sentence, OTHER_QUESTION, False)


def _statement(sentence: str, said_before: str, linked: Link, cues: Cues) -> Act:
    of_partner = find_sign(sentence, "about_partner", cues)
    if find_sign(sentence, "feeling", cues) and (of_partner or linked.holds):
        return Act("reflect", sentence, NAMES_FEELING, True)
    blamed = find_sign(said_before, "complaint", cues)
    if blamed and (of_partner or find_sign(sentence, "about_self", cues)):
        return Act("counter_attack" if of_partner else "defend", sentence, ANSWERS_BLAME, False)
    if of_partner:
        return Act("reflect", sentence, ABOUT_YOU, True)
    if linked.holds or len(sentence.split()) < SHORTEST_STATEMENT:
        return Act("takes_up", sentence, TAKEN_UP, None)
    return Act("change_subject", sentence, NOTHING_TAKEN_UP, False)
