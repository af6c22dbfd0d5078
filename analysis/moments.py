"""Moments: a tone shift, the reply to it, whether it was met, and whether a miss was repaired later.

In: a Conversation. Out: a Reading: every candidate moment with its strength, and those that the sensitivity
lets through. Nothing here touches sound, and what stands in a text is remembered, so that a whole hour is read again
in a fraction of a second after each correction (benchmarks/reread.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.baseline import Baseline
from analysis.cue_phrases import Cues, load_cues
from analysis.entrainment import Entrainment, entrainment, exchanges
from analysis.languages import spoken_language
from analysis.normals import speakers_normals
from analysis.repairs import Repair, repair_in
from analysis.reply import Reply, ReplyReader, reply_reader
from analysis.shifts import ADJOINING, MAY_BE_ONE, ToneShift, are_one, joined, tone_shifts
from analysis.suggested_replies import load_suggestions, suggested_replies
from analysis.verdict import Verdict
from analysis.wording import moment_sentence
from audio.conversation import Conversation

DEFAULT_SENSITIVITY = 0.4  # flags what is a shift with a probability of 0.6 and more: a false alarm costs trust
REPAIR_WITHIN = 180.0  # seconds
INCONGRUENT = 1.5  # how much more a moment weighs whose words say less than the voice

# The reply bears on whether there was a shift at all: comfort, consolation and advice answer something that was
# heard. Nats for such a reply in words that could not be clearer: a weak shift becomes a likely one, ordinary talk not.
ANSWERED_A_TONE = 3.0
CONSOLING_ACTS = frozenset({"minimise", "cheer_up", "advise", "explain_away"})


@dataclass(frozen=True, slots=True)
class Moment:
    """What a coach is shown: a shift, the reply to it, and a later repair of a miss.

    strength: probability that the tone turned once the reply is heard as well, 0 to 1.
    suggestions: what could be said instead; empty where it was met, or the language has none.
    coach_answered: whether a coach spoke where nobody else replied.
    """

    shift: ToneShift
    strength: float
    reply: Reply | None
    repair: Repair | None = None
    suggestions: tuple[str, ...] = ()
    coach_answered: bool = False

    @property
    def start(self) -> float:
        """Where the shift starts, in seconds."""
        return self.shift.start

    @property
    def end(self) -> float:
        """Where the shift ends, in seconds."""
        return self.shift.end

    @property
    def speaker(self) -> str:
        """The label of the one whose tone turned."""
        return self.shift.speaker

    @property
    def kind(self) -> str:
        """Heavy, tearful, sharp or quiet."""
        return self.shift.kind

    @property
    def verdict(self) -> Verdict:
        """Met, missed or unclear; unclear where nobody answered."""
        return self.reply.evidence.verdict if self.reply else "unclear"

    @property
    def confidence(self) -> float:
        """Probability of the verdict, 0 to 1."""
        return self.reply.evidence.confidence if self.reply else 0.5

    @property
    def weight(self) -> float:
        """How much the moment asks to be looked at, 0 to 1: that it was a shift, and was passed by.

        More where the words said less than the voice, as those are the easiest to pass by: 1 - (1 - p)^INCONGRUENT.
        """
        passed_by = self.strength * (1 - self.reply.evidence.met if self.reply else 0.5)
        return float(1 - (1 - passed_by) ** (INCONGRUENT if self.shift.said_less else 1.0))

    @property
    def sentence(self) -> str:
        """The evidence in plain words."""
        return moment_sentence(self.shift, self.reply, self.verdict, self.coach_answered)


@dataclass(frozen=True, slots=True)
class Reading:
    """A conversation read: all candidates sorted by time, each speaker's normal, sentences for the person.

    entrainment: how alike the voices are over the session, by measure; empty where there is too little to say.
    """

    candidates: tuple[Moment, ...]
    baselines: Mapping[str, Baseline]
    notes: tuple[str, ...]
    entrainment: tuple[Entrainment, ...] = ()

    def moments(self, sensitivity: float = DEFAULT_SENSITIVITY) -> tuple[Moment, ...]:
        """The moments to show. sensitivity 0 shows only what is certain, 1 every candidate."""
        return tuple(moment for moment in self.candidates if moment.strength >= 1 - sensitivity)


def read_conversation(conversation: Conversation) -> Reading:
    """Find the tone shifts of a conversation, read the replies to them, and say what became of each."""
    language = spoken_language(conversation)
    cues = load_cues(language) if language else None
    normals = speakers_normals(conversation)
    shifts = tone_shifts(conversation, normals.baselines, cues)
    reader = reply_reader(conversation, normals.baselines, cues)
    candidates = _one_for_neighbours([read_moment(shift, reader) for shift in shifts])
    candidates = _with_repairs(candidates, conversation, cues)
    candidates = [replace(moment, suggestions=suggestions_for(moment, language)) for moment in candidates]
    return Reading(
        tuple(candidates),
        normals.baselines,
        normals.notes + _word_notes(conversation, language, cues),
        entrainment(exchanges(conversation.utterances, normals.baselines, conversation.coach)),
    )


def read_moment(shift: ToneShift, reader: ReplyReader) -> Moment:
    """A shift with the reply to it; repairs and suggestions are for later."""
    reply = reader.reply_to(shift)
    answered = reply is None and reader.coach_answers(shift)
    return Moment(shift, _strength(shift, reply), reply, coach_answered=answered)


def suggestions_for(moment: Moment, language: str | None) -> tuple[str, ...]:
    """What could be said instead; nothing where it was met, or for a language without suggestions."""
    suggestions = load_suggestions(language) if language else None
    if suggestions is None or moment.verdict == "met":
        return ()
    return suggested_replies(moment.shift, suggestions)


def _word_notes(conversation: Conversation, language: str | None, cues: Cues | None) -> tuple[str, ...]:
    if cues is not None or not conversation.has_words:
        return ()
    if language is None:
        return (
            "The language of the words is not known: replies are read from tone and timing alone. "
            "It can be named with --language.",
        )
    return (
        f'There are no cue phrases for the language "{language}" yet: replies are read from tone and timing alone.',
    )


def _strength(shift: ToneShift, reply: Reply | None) -> float:
    """The shift's probability once the reply's words are heard as well."""
    acts = reply.acts if reply else ()
    answering = [act.weight for act in acts if act.attuned or act.name in CONSOLING_ACTS]
    strength = min(max(shift.strength, 1e-6), 1 - 1e-6)
    odds = math.log(strength / (1 - strength)) + ANSWERED_A_TONE * max(answering, default=0.0)
    return 1 / (1 + math.exp(-odds))


def _one_for_neighbours(moments: list[Moment]) -> list[Moment]:
    """Moments that follow one another in one voice, and that the same reply answers, as one."""
    kept: list[Moment] = []
    places: dict[tuple[str, tuple[float, str] | None], list[int]] = {}  # in `kept`, by voice and reply
    for moment in moments:
        alike = places.setdefault((moment.speaker, _answered_by(moment)), [])
        before = next((place for place in alike if _are_one(kept[place], moment)), None)
        if before is None:
            alike.append(len(kept))
            kept.append(moment)
        else:
            kept[before] = _joined(kept[before], moment)
    return kept


def _are_one(first: Moment, second: Moment) -> bool:
    """Whether two of one voice and one reply are close together; then two kinds of tone are one moment as well."""
    if "quiet" in (first.kind, second.kind):
        return False
    weaker = min(first.strength, second.strength)
    answered = first.reply is not None and weaker >= MAY_BE_ONE and first.shift.gap(second.shift) <= ADJOINING
    return answered or are_one(first.shift, second.shift, weaker)


def _answered_by(moment: Moment) -> tuple[float, str] | None:
    return (moment.reply.start, moment.reply.speaker) if moment.reply else None


def _joined(first: Moment, second: Moment) -> Moment:
    strength = max(first.strength, second.strength)
    return replace(second, shift=joined(first.shift, second.shift), strength=strength)


def _with_repairs(candidates: Sequence[Moment], conversation: Conversation, cues: Cues | None) -> list[Moment]:
    """Give each turn that goes back to something to the last likely moment that its speaker passed by before."""
    repaired = list(candidates)
    if cues is None:
        return repaired
    missed = [(place, moment.reply) for place, moment in enumerate(candidates) if moment.verdict != "met"]
    replies = {place: reply for place, reply in missed if reply is not None}
    ahead = sorted(replies, key=lambda place: replies[place].end, reverse=True)  # the next to be over stands last
    waiting: set[int] = set()
    for utterance in conversation.utterances:
        while ahead and replies[ahead[-1]].end < utterance.start:
            waiting.add(ahead.pop())
        waiting = {place for place in waiting if utterance.start <= repaired[place].end + REPAIR_WITHIN}
        passed_by = [
            (repaired[place].strength >= 1 - DEFAULT_SENSITIVITY, repaired[place].start, place)
            for place in waiting
            if replies[place].speaker == utterance.speaker
        ]
        if not passed_by:
            continue
        *_, place = max(passed_by)
        repair = repair_in(utterance, repaired[place].shift.text, cues)
        if repair is not None:
            repaired[place] = replace(repaired[place], repair=repair)
            waiting.remove(place)
    return repaired
