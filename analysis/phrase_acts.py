"""The acts that phrases name, and where there are none, what topic continuity tells.

In: a reply, what was said before it, and the phrases found in it. Out: its acts, sentence by sentence. A question about
what was said is interest, a sentence that takes nothing up goes elsewhere, with less weight. This is all there is for
a language without a table of word weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.acts import Act
from analysis.cue_phrases import Cues, PhraseMatch, find_sign, is_backchannel
from analysis.spoken_words import written_words
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
OWN_WORDS = 2  # words shared with one's own earlier talk that make it the same story

_SENTENCE_END = re.compile(r"[.?!;…][\"'”“»«)\]]*$")


def acts_by_phrases(
    reply_text: str, said_before: str, own_previous: str, phrases: Sequence[PhraseMatch], cues: Cues
) -> list[Act]:
    """The acts that phrases name, sentence by sentence; where a sentence holds none, the topic speaks."""
    words = written_words(reply_text)
    acts: list[Act] = []
    for first, last in sentences(words):
        named = [match for match in phrases if first <= match.first <= last]
        sentence = " ".join(words[first : last + 1])
        if is_backchannel(sentence, cues):
            continue
        if named:
            acts += [Act(match.act, match.phrase, match.weight, match.attuned) for match in named]
        else:
            acts += _from_topic(sentence, said_before, own_previous, cues, alone=not phrases)
    return acts


def sentences(words: Sequence[str]) -> list[tuple[int, int]]:
    """First and last word of each sentence, as far as punctuation tells."""
    ends = [place for place, word in enumerate(words) if _SENTENCE_END.search(word)]
    if not ends or ends[-1] != len(words) - 1:
        ends.append(len(words) - 1)
    return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))


def is_their_errand(match: PhraseMatch, said_before: str, cues: Cues) -> bool:
    """A plan or thing that the partner spoke of first is no change to logistics."""
    return match.act == "logistics" and bool(link(match.phrase, said_before, cues).taken_up)


def tells_own_story(text: str, said_before: str, own_previous: str, cues: Cues) -> bool:
    """Whether a text goes on with the replier's own earlier talk, and takes nothing up of the partner's."""
    own = topics(own_previous, cues).keys() & topics(text, cues).keys()
    return len(own) >= OWN_WORDS and not link(text, said_before, cues).taken_up


def _from_topic(sentence: str, said_before: str, own_previous: str, cues: Cues, *, alone: bool) -> list[Act]:
    """What a sentence without any phrase does, by what it takes up. Beside phrases only questions count."""
    linked = link(sentence, said_before, cues)
    if linked.question:
        return [_question(sentence, linked, cues)]
    if tells_own_story(sentence, said_before, own_previous, cues):
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
