"""Repairs: turns in which someone goes back to what they had passed by.

In: an utterance and what it may go back to. Out: a Repair, or None. Repair attempts are what tells couples that last
from others more than the misses do (Gottman & Silver 1999): so one is told apart from an apology for being late.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cue_phrases import Cues, Sign, find_phrases, find_sign
from analysis.reply_words import read_reply
from analysis.topic import link
from audio.conversation import Span, Utterance

CLEAR_REPAIR = 0.75  # weight of a phrase that goes back to something; a mere hint of one is no repair
SURE_OF_WORDS = 0.8  # probability from which the words alone are one, if they also hang on what was said
HANGS_ON: tuple[Sign, ...] = ("pointing_back", "about_partner")


@dataclass(frozen=True, slots=True)
class Repair(Span):
    """A later turn of the replier's that goes back to a missed moment, with the phrase that says so."""

    speaker: str
    phrase: str


def repair_in(utterance: Utterance, said_before: str, cues: Cues) -> Repair | None:
    """The repair in an utterance, if it is one. said_before: the words of the moment that it may go back to."""
    phrase = _clear_phrase(utterance.text, cues) or _by_its_words(utterance.text, said_before, cues)
    if phrase is None:
        return None
    return Repair(utterance.start, utterance.end, utterance.speaker, phrase)


def _clear_phrase(text: str, cues: Cues) -> str | None:
    matches = find_phrases(text, cues)
    return next((one.phrase for one in matches if one.act == "repair" and one.weight >= CLEAR_REPAIR), None)


def _by_its_words(text: str, said_before: str, cues: Cues) -> str | None:
    """What the table of words is sure of, where the text also takes up or points back: "sorry I'm late" does not."""
    hangs_on = any(find_sign(text, sign, cues) for sign in HANGS_ON) or link(text, said_before, cues).taken_up
    if not hangs_on:
        return None
    read = read_reply(text, "", cues)
    sure = [act for act in read.acts if act.name == "repair" and act.weight >= SURE_OF_WORDS]
    return sure[0].phrase if sure and read.evidence > 0 else None
