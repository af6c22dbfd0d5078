"""What the partner's reply did after a tone shift: read from its words, its tone and its timing.

In: a ToneShift and the conversation around it. Out: a Reply with its acts and, in nats, what words, tone and
timing each say for its having met the partner (above 0) or passed it by (below 0). The sum gives the verdict.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.acts import Act, read_acts, stance
from analysis.baseline import Baseline
from analysis.cue_phrases import Cues, is_backchannel
from analysis.shifts import ToneShift
from analysis.tone import STATES, read_tone
from audio.conversation import Conversation, Phrase, Span, Utterance

WITHIN = 8.0  # seconds after the shift in which the partner's next turn is its reply
HEAD_START = 1.0  # seconds by which a reply may begin before the shift has ended
NOTICED = 1.0  # nats of words with which a quiet stretch was noticed while it lasted: it has no sharp end
BRIEFEST = 0.8  # seconds; without words, anything shorter is taken for a backchannel
PHRASES_READ = 2  # of the reply; what comes later is a new matter

WORDS_WEIGHT = 3.0  # nats for words that could not be clearer
TONE_WEIGHT = 1.0  # nats at most for the voice of the reply
TALKED_OVER = -0.6  # nats for a reply that cuts in
RUSHED_IN = -0.2  # nats for a reply that leaves no room
LEFT_ROOM = 0.4  # nats for a reply that leaves more room than usual
CUTS_IN = -0.3  # seconds of delay below which a reply has cut in
NO_ROOM, ROOM = 0.3, 0.6  # seconds of delay
UNDECIDED = 0.62  # probability below which neither met nor missed is said


@dataclass(frozen=True, slots=True)
class Reply(Span):
    """The partner's reply to one shift.

    delay: seconds from the end of the shift; negative where it begins before that.
    voice: gentle, bright, sharp or ordinary against the replier's own normal; None where it is not known.
    words, tone, timing: evidence in nats that the shift was met; 0 says nothing.
    """

    speaker: str
    text: str
    acts: tuple[Act, ...]
    delay: float
    voice: str | None
    words: float
    tone: float
    timing: float

    @property
    def met(self) -> float:
        """Probability that the shift was met, 0 to 1."""
        return 1 / (1 + math.exp(-(self.words + self.tone + self.timing)))

    @property
    def verdict(self) -> str:
        """Met, missed or unclear."""
        if max(self.met, 1 - self.met) < UNDECIDED:
            return "unclear"
        return "met" if self.met > 0.5 else "missed"

    @property
    def confidence(self) -> float:
        """Probability of the verdict; of the likelier one where it is unclear."""
        return max(self.met, 1 - self.met)


def find_reply(
    conversation: Conversation, shift: ToneShift, baselines: Mapping[str, Baseline], cues: Cues | None
) -> Reply | None:
    """The partner's reply to `shift`; a backchannel where there is nothing more; None where nobody answers."""
    nearby = _partners_turns(conversation, shift, shift.end - HEAD_START, shift.end + WITHIN)
    turns = [utterance for utterance in nearby if not _is_backchannel(utterance, cues)]
    if shift.kind == "quiet":
        during = _partners_turns(conversation, shift, shift.start, shift.end)
        read = [_read(conversation, shift, utterance, baselines, cues) for utterance in during]
        noticed = [reply for reply in read if reply.words >= NOTICED]
        if noticed:
            return noticed[0]
    if turns:
        return _read(conversation, shift, turns[0], baselines, cues)
    if nearby:
        return _only_backchannel(shift, nearby[0])
    return None


def _partners_turns(conversation: Conversation, shift: ToneShift, earliest: float, latest: float) -> list[Utterance]:
    """What others say that begins between `earliest` and `latest`, in order."""
    return [
        utterance
        for utterance in conversation.utterances
        if utterance.speaker != shift.speaker and earliest <= utterance.start <= latest
    ]


def _is_backchannel(utterance: Utterance, cues: Cues | None) -> bool:
    if cues is not None and utterance.words:
        return is_backchannel(utterance.text, cues)
    return sum(span.duration for span in utterance.spans) < BRIEFEST


def _only_backchannel(shift: ToneShift, utterance: Utterance) -> Reply:
    act = Act("backchannel_only", utterance.text, 1.0, False)
    return Reply(
        start=utterance.start,
        end=utterance.end,
        speaker=utterance.speaker,
        text=utterance.text,
        acts=(act,),
        delay=utterance.start - shift.end,
        voice=None,
        words=WORDS_WEIGHT * stance((act,)),
        tone=0.0,
        timing=0.0,
    )


def _read(
    conversation: Conversation,
    shift: ToneShift,
    utterance: Utterance,
    baselines: Mapping[str, Baseline],
    cues: Cues | None,
) -> Reply:
    head = utterance.phrases[:PHRASES_READ] or ()
    text = " ".join(phrase.text for phrase in head).strip()
    acts = _acts(conversation, shift, utterance, text, cues)
    delay = utterance.start - shift.end
    voice, tone = _voice(head, baselines.get(utterance.speaker))
    return Reply(
        start=utterance.start,
        end=head[-1].end if head else utterance.end,
        speaker=utterance.speaker,
        text=text,
        acts=acts,
        delay=delay,
        voice=voice,
        words=WORDS_WEIGHT * stance(acts),
        tone=tone,
        timing=_timing(delay),
    )


def _acts(
    conversation: Conversation, shift: ToneShift, utterance: Utterance, text: str, cues: Cues | None
) -> tuple[Act, ...]:
    if cues is None or not text:
        return ()
    earlier = [u for u in conversation.of(utterance.speaker) if u.end <= utterance.start]
    own_previous = earlier[-1].text if earlier else ""
    return read_acts(text, shift.text, cues, own_previous=own_previous)


def _voice(phrases: Sequence[Phrase], baseline: Baseline | None) -> tuple[str | None, float]:
    """How the reply sounds, and its evidence: a gentle voice comes towards the partner, a bright one does not."""
    if baseline is None or not baseline.is_enough or not phrases:
        return None, 0.0
    likelihood = dict(zip(STATES, read_tone(phrases[0], baseline).likelihoods, strict=True))
    heard = {name: likelihood[name] for name in ("ordinary", "gentle", "bright", "sharp")}
    voice = max(heard, key=lambda name: heard[name])
    towards = likelihood["gentle"] - max(0.0, likelihood["bright"], likelihood["sharp"])
    away = max(likelihood["bright"], likelihood["sharp"]) - max(0.0, likelihood["gentle"])
    evidence = float(np.clip(towards, 0.0, TONE_WEIGHT) - np.clip(away, 0.0, TONE_WEIGHT))
    return voice, evidence


def _timing(delay: float) -> float:
    if delay < CUTS_IN:
        return TALKED_OVER
    if delay < NO_ROOM:
        return RUSHED_IN
    return LEFT_ROOM if delay >= ROOM else 0.0
