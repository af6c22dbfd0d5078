"""Moments that a person heard and the machine did not: read like any other, but for what was heard in the voice.

In: places, the conversation without its coach, and its reading. Out: a Moment each, with the measures that moved there,
the partner's reply and what it did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.cue_phrases import load_cues
from analysis.deviations import Deviation, deviations
from analysis.languages import spoken_language
from analysis.moments import Moment, Reading, read_moment, suggestions_for
from analysis.reply import reply_reader
from analysis.shifts import ToneShift
from analysis.tone import VOICE_KINDS, read_tone
from app.session.edits import MomentPlace
from audio.conversation import Conversation, Phrase

CERTAIN = 1.0  # the strength of a moment that a person heard


def read_added(places: Sequence[MomentPlace], conversation: Conversation, reading: Reading) -> list[Moment]:
    """The moments at places that a person chose, read anew."""
    if not places:
        return []
    language = spoken_language(conversation)
    reader = reply_reader(conversation, reading.baselines, load_cues(language) if language else None)
    shifts = [_shift(place, conversation, reading) for place in places]
    moments = [read_moment(shift, reader) for shift in shifts]
    return [replace(one, strength=CERTAIN, suggestions=suggestions_for(one, language)) for one in moments]


def _shift(place: MomentPlace, conversation: Conversation, reading: Reading) -> ToneShift:
    phrases = _phrases(place, conversation)
    return ToneShift(
        start=place.start,
        end=place.end,
        speaker=place.speaker,
        kind=place.kind,
        strength=CERTAIN,
        text=" ".join(word.text for phrase in phrases for word in phrase.words if word.overlap(place) > 0),
        said_less=None,
        deviations=_moved(place, phrases, reading),
    )


def _phrases(place: MomentPlace, conversation: Conversation) -> list[Phrase]:
    """What the voice says there, in order."""
    said = [phrase for utterance in conversation.of(place.speaker) for phrase in utterance.phrases]
    return [phrase for phrase in said if phrase.overlap(place) > 0]


def _moved(place: MomentPlace, phrases: list[Phrase], reading: Reading) -> tuple[Deviation, ...]:
    """What moved in the phrase that most of the moment lies in; nothing where the voice has no sure normal."""
    baseline = reading.baselines.get(place.speaker)
    if baseline is None or not baseline.is_enough or place.kind not in VOICE_KINDS or not phrases:
        return ()
    phrase = max(phrases, key=place.overlap)
    return deviations(place.kind, read_tone(phrase, baseline), baseline)
