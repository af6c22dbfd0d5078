"""What the partner's reply did after a tone shift: read from its words, its voice and its timing.

In: a ToneShift and the conversation around it. Out: a Reply with its acts in order and, in nats, what words, voice
and timing each say for its having met the partner (above 0) or passed it by (below 0). Which turn is the reply is
decided here; what each of the three says stands in `acts`, `reply_voice` and `reply_timing`, and what they come to
together in `verdict`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from analysis.acts import Act, stance
from analysis.baseline import Baseline
from analysis.cue_phrases import Cues, is_backchannel
from analysis.flow import floor_taken
from analysis.reply_timing import Timing, UsualDelay, answers_until, silence_left, timing, usual_delay
from analysis.reply_voice import Voice, reply_voice
from analysis.reply_words import WORDS_WEIGHT, SpokenReply, read_reply
from analysis.shifts import ToneShift
from analysis.tone_readings import ToneReadings, tone_readings
from analysis.verdict import IN_A_SHARP_VOICE, Evidence
from audio.conversation import Conversation, Phrase, Span, Utterance

WITHIN = 8.0  # seconds after the shift in which the partner's next turn is its reply
HEAD_START = 1.0  # seconds by which a reply may begin before the shift has ended
NOTICED = 1.0  # nats of words with which a quiet stretch was noticed while it lasted: it has no sharp end
BRIEFEST = 0.8  # seconds; without words, anything shorter is taken for a backchannel
PHRASES_READ = 2  # of the reply; what comes later is a new matter

SHARED_SILENCE = 0.4  # nats: room was left, but whether it was shared cannot be heard
BEGINNING = 0.25  # weight of the first phrase of a reply, beside that of all of it
HEARD_OUT = 0.4  # share of a backchannel's miss that is left where the speaker, or a coach, goes on and is heard out

_START = attrgetter("start")  # by which the utterances of a conversation are sorted


@dataclass(frozen=True, slots=True)
class Reply(Span):
    """The partner's reply to one shift; a shared silence is one without words.

    acts: in order, read from the words, then from the timing. voice: None where it is not known.
    timing: None where nothing was said. evidence: what words, tone and timing say, in nats.
    doubtful: share of the words read that may have been heard wrong or said by another, 0 to 1.
    """

    speaker: str
    text: str
    acts: tuple[Act, ...]
    voice: Voice | None
    timing: Timing | None
    evidence: Evidence
    doubtful: float = 0.0

    @property
    def delay(self) -> float | None:
        """Seconds from the partner's last sound, negative where it began before that; None for a silence."""
        return self.timing.delay if self.timing else None


@dataclass(frozen=True, slots=True)
class ReplyReader:
    """Reads the replies of one conversation; holds what is the same for all of them. Made by `reply_reader`.

    coach: where a coach has the floor, sorted and apart.
    """

    conversation: Conversation
    baselines: Mapping[str, Baseline]
    usual: Mapping[str, UsualDelay]
    tones: ToneReadings
    cues: Cues | None
    coach: Sequence[Span] = ()

    def reply_to(self, shift: ToneShift) -> Reply | None:
        """The partner's reply to `shift`: a turn, else a backchannel, else a silence; None where nobody answers."""
        nearby = self._partners_turns(shift, shift.end - HEAD_START, answers_until(shift.end, WITHIN, self.coach))
        turns = [utterance for utterance in nearby if not self._is_backchannel(utterance)]
        if shift.kind == "quiet":
            during = self._partners_turns(shift, shift.start, shift.end)
            noticed = [reply for reply in (self._read(shift, u) for u in during) if _notices(reply)]
            if noticed:
                return noticed[0]
        if turns:
            return self._read(shift, turns[0])
        if nearby:
            return self._only_backchannel(shift, nearby[0])
        return self._silence(shift)

    def coach_answers(self, shift: ToneShift) -> bool:
        """Whether a coach begins to speak where the partner's reply would be."""
        return any(shift.end - HEAD_START <= span.start <= shift.end + WITHIN for span in self.coach)

    def _partners_turns(self, shift: ToneShift, earliest: float, latest: float) -> list[Utterance]:
        """What others say that begins between `earliest` and `latest`, in order."""
        utterances = self.conversation.utterances
        first = bisect_left(utterances, earliest, key=_START)
        last = bisect_right(utterances, latest, key=_START)
        return [utterance for utterance in utterances[first:last] if utterance.speaker != shift.speaker]

    def _is_backchannel(self, utterance: Utterance) -> bool:
        if self.cues is not None and utterance.words:
            return is_backchannel(utterance.text, self.cues)
        return sum(span.duration for span in utterance.spans) < BRIEFEST

    def _read(self, shift: ToneShift, utterance: Utterance) -> Reply:
        head = utterance.phrases[:PHRASES_READ]
        text = " ".join(phrase.text for phrase in head).strip()
        spoken = self._spoken(shift, utterance, text)
        if spoken is None:
            return self._reply(shift, utterance, text, (), None)
        if len(head) > 1 and head[0].text:
            spoken = _begun_with(self._spoken(shift, utterance, head[0].text), spoken)
        return self._reply(shift, utterance, text, spoken.acts, spoken.evidence)

    def _only_backchannel(self, shift: ToneShift, utterance: Utterance) -> Reply:
        """No more than "mm-hm": less of a miss where the speaker, or a coach, goes on and is heard out."""
        acts = (Act("backchannel_only", utterance.text, 1.0, False, "words" if utterance.words else "timing"),)
        own = [later for later in self.conversation.utterances if later.speaker == shift.speaker]
        goes_on = any(utterance.end <= later.start <= utterance.end + WITHIN for later in [*own, *self.coach])
        words = WORDS_WEIGHT * stance(acts) * (HEARD_OUT if goes_on else 1.0)
        return self._reply(shift, utterance, utterance.text, acts, words)

    def _reply(
        self, shift: ToneShift, utterance: Utterance, text: str, acts: tuple[Act, ...], words: float | None
    ) -> Reply:
        head = utterance.phrases[:PHRASES_READ]
        voice = reply_voice(head, self.baselines.get(utterance.speaker), self.tones)
        usual = self.usual[utterance.speaker]
        came = timing(self.conversation.utterances, shift, shift.speaker, utterance, usual, self.coach)
        doubtful = _doubtful(head)
        if words is not None:
            words *= 1 - doubtful
        if words is not None and words > 0 and voice is not None and voice.is_sharp:
            words *= IN_A_SHARP_VOICE
        if came.talks_over:
            acts = (*acts, Act("talk_over", "", 1.0, False, "timing"))
        return Reply(
            start=utterance.start,
            end=head[-1].end if head else utterance.end,
            speaker=utterance.speaker,
            text=text,
            acts=acts,
            voice=voice,
            timing=came,
            evidence=Evidence(words, voice.evidence if voice else None, came.evidence),
            doubtful=doubtful,
        )

    def _silence(self, shift: ToneShift) -> Reply | None:
        """A silence that the one partner leaves and the speaker ends; with more than two people nobody's."""
        partners = [speaker for speaker in self.conversation.speakers if speaker != shift.speaker]
        pause = silence_left(self.conversation.utterances, shift.speaker, shift.end, WITHIN, self.coach)
        if pause is None or len(partners) != 1:
            return None
        return Reply(
            start=pause.start,
            end=pause.end,
            speaker=partners[0],
            text="",
            acts=(Act("shared_silence", "", 0.5, True, "timing"),),
            voice=None,
            timing=None,
            evidence=Evidence(0.0, None, SHARED_SILENCE),
        )

    def _spoken(self, shift: ToneShift, utterance: Utterance, text: str) -> SpokenReply | None:
        """The words of a reply, read; None where there are none, or no cues for their language."""
        if self.cues is None or not text:
            return None
        return read_reply(text, shift.text, self.cues, own_previous=self._own_previous(utterance))

    def _own_previous(self, utterance: Utterance) -> str:
        """What its speaker had said last before it."""
        begun = self.conversation.utterances[: bisect_right(self.conversation.utterances, utterance.start, key=_START)]
        over = (one for one in reversed(begun) if one.speaker == utterance.speaker and one.end <= utterance.start)
        earlier = next(over, None)
        return earlier.text if earlier else ""


def reply_reader(conversation: Conversation, baselines: Mapping[str, Baseline], cues: Cues | None) -> ReplyReader:
    """Prepare to read the replies of `conversation`."""
    utterances, coach = conversation.utterances, conversation.coach
    usual = {speaker: usual_delay(utterances, speaker, cues, coach) for speaker in conversation.speakers}
    tones = tone_readings(utterances, baselines)
    return ReplyReader(conversation, baselines, usual, tones, cues, floor_taken(coach, cues))


def _begun_with(first: SpokenReply | None, whole: SpokenReply) -> SpokenReply:
    """A reply whose beginning counts once more by itself: a warm start that is followed by advice is half met."""
    if first is None:
        return whole
    begun = [act for act in first.acts if act.attuned is not None]
    named = {act.name for act in begun}
    acts = (*begun, *(act for act in whole.acts if act.name not in named))
    return SpokenReply(acts, BEGINNING * first.evidence + (1 - BEGINNING) * whole.evidence)


def _doubtful(phrases: Sequence[Phrase]) -> float:
    words = [word for phrase in phrases for word in phrase.words]
    return sum(bool(word.doubts) for word in words) / len(words) if words else 0.0


def _notices(reply: Reply) -> bool:
    """Of several turns one may look attuned by chance, so a phrase has to say it."""
    by_phrase = any(act.attuned and act.read_from == "phrase" for act in reply.acts)
    return by_phrase and (reply.evidence.words or 0.0) >= NOTICED
