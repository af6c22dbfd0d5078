"""Moments: a tone shift, the reply to it, whether it was met, and whether a miss was repaired later.

In: a Conversation. Out: a Reading: every candidate moment with its strength, and those that the sensitivity
lets through. Reading a whole hour again takes milliseconds, since nothing here touches sound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.baseline import Baseline
from analysis.cue_phrases import Cues, PhraseMatch, find_phrases, load_cues
from analysis.deviations import Deviation
from analysis.reply import Reply, find_reply
from analysis.shifts import ToneShift, speakers_normals, tone_shifts
from analysis.wording import moment_sentence
from audio.conversation import Conversation, Span

DEFAULT_SENSITIVITY = 0.5  # flags what is likelier a shift than not
REPAIR_WITHIN = 180.0  # seconds
CLEAR_REPAIR = 0.75  # weight of a phrase that goes back to something; a mere hint of one is no repair
DEFAULT_LANGUAGE = "en"

# The reply bears on whether there was a shift at all: comfort, consolation and advice answer something that was
# heard. Nats for such a reply in words that could not be clearer: a weak shift becomes a likely one, ordinary talk not.
ANSWERED_A_TONE = 2.5
CONSOLING_ACTS = frozenset({"minimise", "cheer_up", "advise", "explain_away"})


@dataclass(frozen=True, slots=True)
class Repair(Span):
    """A later turn of the replier's that goes back to a missed moment, with the phrase that says so."""

    speaker: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Moment(Span):
    """What a coach is shown.

    kind: heavy, tearful, sharp or quiet. strength: probability that the tone turned, 0 to 1.
    verdict: met, missed or unclear, with its confidence, 0 to 1. sentence: the evidence in plain words.
    """

    speaker: str
    kind: str
    strength: float
    text: str
    said_less: str | None
    deviations: tuple[Deviation, ...]
    reply: Reply | None
    verdict: str
    confidence: float
    repair: Repair | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A conversation read: all candidates sorted by time, each speaker's normal, sentences for the person."""

    candidates: tuple[Moment, ...]
    baselines: Mapping[str, Baseline]
    notes: tuple[str, ...]

    def moments(self, sensitivity: float = DEFAULT_SENSITIVITY) -> tuple[Moment, ...]:
        """The moments to show. sensitivity 0 shows only what is certain, 1 every candidate."""
        return tuple(moment for moment in self.candidates if moment.strength >= 1 - sensitivity)


def read_conversation(conversation: Conversation) -> Reading:
    """Find the tone shifts of a conversation, read the replies to them, and say what became of each."""
    language = conversation.language or DEFAULT_LANGUAGE
    cues = load_cues(language)
    normals = speakers_normals(conversation)
    shifts = tone_shifts(conversation, normals.baselines, cues)
    replies = [find_reply(conversation, shift, normals.baselines, cues) for shift in shifts]
    repairs = _repairs(conversation, cues)
    candidates = [_moment(shift, reply) for shift, reply in zip(shifts, replies, strict=True)]
    for repair in repairs:
        _give(repair, candidates)
    return Reading(tuple(candidates), normals.baselines, normals.notes + _word_notes(conversation, language, cues))


def _word_notes(conversation: Conversation, language: str, cues: Cues | None) -> tuple[str, ...]:
    if conversation.has_words and cues is None:
        return (
            f'There are no cue phrases for the language "{language}" yet: replies are read from tone and timing alone.',
        )
    return ()


def _moment(shift: ToneShift, reply: Reply | None) -> Moment:
    verdict, confidence = (reply.verdict, reply.confidence) if reply else ("unclear", 0.5)
    return Moment(
        start=shift.start,
        end=shift.end,
        speaker=shift.speaker,
        kind=shift.kind,
        strength=_strength(shift, reply),
        text=shift.text,
        said_less=shift.said_less,
        deviations=shift.deviations,
        reply=reply,
        verdict=verdict,
        confidence=confidence,
        repair=None,
        sentence=moment_sentence(shift, reply, verdict),
    )


def _strength(shift: ToneShift, reply: Reply | None) -> float:
    """The shift's probability once the reply's words are heard as well."""
    acts = reply.acts if reply else ()
    answering = [act.weight for act in acts if act.attuned or act.name in CONSOLING_ACTS]
    strength = min(max(shift.strength, 1e-6), 1 - 1e-6)
    odds = math.log(strength / (1 - strength)) + ANSWERED_A_TONE * max(answering, default=0.0)
    return 1 / (1 + math.exp(-odds))


def _repairs(conversation: Conversation, cues: Cues | None) -> tuple[Repair, ...]:
    """Every turn that says clearly that it goes back to something."""
    if cues is None:
        return ()
    return tuple(
        Repair(utterance.start, utterance.end, utterance.speaker, phrases[0].phrase)
        for utterance in conversation.utterances
        if (phrases := [match for match in find_phrases(utterance.text, cues) if _is_clear_repair(match)])
    )


def _is_clear_repair(match: PhraseMatch) -> bool:
    return match.act == "repair" and match.weight >= CLEAR_REPAIR


def _give(repair: Repair, candidates: list[Moment]) -> None:
    """Add a repair to the moment that it goes back to: the last likely one that its speaker passed by before."""
    passed_by = [
        (moment.strength >= 1 - DEFAULT_SENSITIVITY, moment.start, place)
        for place, moment in enumerate(candidates)
        if moment.reply is not None
        and moment.verdict != "met"
        and moment.repair is None
        and moment.reply.speaker == repair.speaker
        and moment.reply.end < repair.start <= moment.end + REPAIR_WITHIN
    ]
    if passed_by:
        *_, place = max(passed_by)
        candidates[place] = replace(candidates[place], repair=repair)
