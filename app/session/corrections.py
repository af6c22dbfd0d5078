"""A conversation as people put it right: speech given to whose it is, words corrected, the coach left out.

In: a Conversation and the edits of its session, in order. Out: a Conversation, made anew from the one that was heard
each time, so that leaving an edit out undoes it. No audio is touched: what changed is measured from the tracks.
A correction that no longer fits, because the word or the speech is gone, is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.session.edits import CorrectWord, Edit, GiveSpeech, Role
from app.session.given_speech import Gift, cut_anew, give_frames, give_speeches, give_turns
from audio.conversation import Conversation, Doubt, Measures, Span, Turn, Utterance, Word
from audio.errors import UndertoneError
from audio.measured_speech import measured_by, with_words
from audio.measures import measure
from audio.separation import PAUSE
from audio.stretches import grouped, hull, start_of
from audio.utterances import Speech

SAME_WORD = 0.02  # seconds by which a word's edges may be off; the edges of its neighbours are further away


class CorrectionError(UndertoneError):
    """A correction that cannot be made with what is there of the session."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A conversation while it is put right: not yet cut into utterances and measured, frames still where they were."""

    turns: tuple[Turn, ...]
    speeches: tuple[Speech, ...]
    gifts: tuple[Gift, ...] = ()


def corrected(conversation: Conversation, edits: Sequence[Edit], earlier: Conversation | None = None) -> Conversation:
    """The conversation after GiveSpeech and CorrectWord, in their order; other edits change nothing in it.

    earlier: what came out of the same conversation for other edits; what was measured then is not measured again.
    Utterances that come out as they were are the same objects as before. Raises CorrectionError where something has
    to be measured and the conversation was read without its tracks: where speech changed hands, or a corrected word
    ends a sentence that did not end there, or no longer does.
    """
    before = _Draft(conversation.turns, tuple(_speech(utterance) for utterance in conversation.utterances))
    draft = before
    for edit in edits:
        if isinstance(edit, GiveSpeech):
            draft = _given(draft, edit)
        elif isinstance(edit, CorrectWord):
            draft = replace(draft, speeches=_reworded(draft.speeches, edit))
    if draft == before:
        return conversation
    speeches = cut_anew(draft.speeches, draft.turns) if draft.gifts else draft.speeches
    return _measured(replace(draft, speeches=speeches), conversation, earlier or conversation)


def without_coach(conversation: Conversation, roles: Mapping[str, Role]) -> Conversation:
    """The conversation for the analysis: a coach is no speaker in it, never flagged and never a reply.

    What they say is kept apart, as Conversation.coach: it is no silence either.
    """
    coaches = {speaker for speaker, role in roles.items() if role == "coach"}
    if not coaches:
        return conversation
    return replace(
        conversation,
        speakers=tuple(speaker for speaker in conversation.speakers if speaker not in coaches),
        turns=tuple(turn for turn in conversation.turns if turn.speaker not in coaches),
        utterances=tuple(said for said in conversation.utterances if said.speaker not in coaches),
        tracks={speaker: track for speaker, track in conversation.tracks.items() if speaker not in coaches},
        coach=tuple(said for said in conversation.utterances if said.speaker in coaches),
    )


def _given(draft: _Draft, edit: GiveSpeech) -> _Draft:
    if not edit.spans:
        return draft
    spans = [hull(group) for group in grouped(sorted(edit.spans, key=start_of), 0.0)]
    turns, gifts = give_turns(draft.turns, spans, edit.speaker)
    return _Draft(turns, give_speeches(draft.speeches, spans, edit.speaker), draft.gifts + gifts)


def _reworded(speeches: tuple[Speech, ...], edit: CorrectWord) -> tuple[Speech, ...]:
    """The speeches with the word at the edit's place as it says, or without it; as they are where no word lies."""
    near = [(place, speech) for place, speech in enumerate(speeches) if speech.gap(edit.place) < PAUSE]
    found = [(_off(word, edit.place), place, word) for place, speech in near for word in speech.words]
    off, place, word = min(found, key=lambda one: one[0], default=(float("inf"), 0, None))
    if word is None or off > SAME_WORD:
        return speeches
    speech = speeches[place]
    words = tuple(_written(other, edit.text) if other is word else other for other in speech.words)
    anew = replace(speech, words=tuple(other for other in words if other.text))
    return (*speeches[:place], anew, *speeches[place + 1 :])


def _off(word: Word, place: Span) -> float:
    return max(abs(word.start - place.start), abs(word.end - place.end))


def _written(word: Word, text: str) -> Word:
    """A word as a person says it reads: no doubt is left, but whose it is."""
    doubts = tuple(doubt for doubt in word.doubts if doubt is Doubt.SPEAKER)
    return replace(word, text=text.strip(), probability=None, doubts=doubts)


def _measured(draft: _Draft, conversation: Conversation, earlier: Conversation) -> Conversation:
    """The draft as a conversation; what is as it was keeps its measures."""
    same = {_speech(utterance): utterance for one in (earlier, conversation) for utterance in one.utterances}
    sounds = _sounds(earlier) | _sounds(conversation)
    tracks = give_frames(conversation.tracks, draft.gifts) if conversation.tracks else {}

    def utterance(speech: Speech) -> Utterance:
        return same.get(speech) or measured_by(speech, lambda spans, words: sound(speech.speaker, spans, words))

    def sound(speaker: str, spans: tuple[Span, ...], words: tuple[Word, ...]) -> Measures:
        known = sounds.get((speaker, spans))
        if known is not None:
            return with_words(known, words)
        if not conversation.tracks:
            raise CorrectionError(
                f"What was corrected in {conversation.recording} cannot be measured, as its prosody tracks are "
                "missing: analyse the recording again."
            )
        if speaker not in tracks:
            return Measures(seconds=0.0)  # words alone were given to a new voice: no turn hears it anywhere
        return measure(tracks[speaker], spans, words)

    speakers = _speakers(conversation, draft)
    return replace(
        conversation,
        speakers=speakers,
        turns=draft.turns,
        utterances=tuple(utterance(speech) for speech in draft.speeches),
        tracks={speaker: tracks[speaker] for speaker in speakers if speaker in tracks},
    )


def _sounds(conversation: Conversation) -> dict[tuple[str, tuple[Span, ...]], Measures]:
    """What was measured, by whose voice it is and where."""
    sounds: dict[tuple[str, tuple[Span, ...]], Measures] = {}
    for said in conversation.utterances:
        sounds[said.speaker, said.spans] = said.measures
        sounds.update({(said.speaker, phrase.spans): phrase.measures for phrase in said.phrases})
    return sounds


def _speakers(conversation: Conversation, draft: _Draft) -> tuple[str, ...]:
    """Who is heard, without those who gave all away; new ones come last."""
    heard = dict.fromkeys([*(turn.speaker for turn in draft.turns), *(said.speaker for said in draft.speeches)])
    givers = {gift.giver for gift in draft.gifts}
    stay = [speaker for speaker in conversation.speakers if speaker in heard or speaker not in givers]
    return (*stay, *(speaker for speaker in heard if speaker not in conversation.speakers))


def _speech(utterance: Utterance) -> Speech:
    return Speech(utterance.start, utterance.end, utterance.speaker, utterance.spans, utterance.words)
