"""Tone shifts: the stretches where one speaker's tone leaves their own normal, with what moved.

In: a Conversation. Out: ToneShifts of all speakers, sorted, each with a probability as its strength and the
measures that moved. What is found here is what was heard; whether it was met is read in `moments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.baseline import Baseline
from analysis.cue_phrases import PLAIN, Cues, find_phrases, find_sign, is_backchannel, understates
from analysis.deviations import Deviation, deviations, quiet_deviations
from analysis.quiet import QuietStretch, quiet_stretches
from analysis.tone import STATES, VOICE_KINDS, ToneReading, probabilities
from analysis.tone_readings import tone_readings
from audio.conversation import Conversation, Phrase, Span, Utterance

LEAST_STRENGTH = 0.05  # weaker ones are not worth the name, whatever the sensitivity
ADJOINING = 3.0  # seconds between phrases of one speaker that may still be one shift
MAY_BE_ONE = 0.25  # strength that a phrase beside a surer one needs to belong to it
SHORTEST_VOICE = 0.5  # seconds of speech; in less the tone of a voice is not read

# Nats that the words of a phrase add to what its voice says: a hint, never enough alone. Words of distress, or
# words that say less than the voice, speak for a shift. Words that comfort explain a low, slow, soft voice; where
# there are none, such a voice is less likely one that comforts.
DISTRESS_EVIDENCE = {"heavy": 1.0, "tearful": 1.0, "sharp": 1.0}
COMFORT_EVIDENCE = {"gentle": 3.0}
NO_COMFORT_EVIDENCE = {"gentle": -1.5}
OF_THE_PARTNER = frozenset({"reflect", "validate", "check_in"})  # acts whose words of distress are the other's


@dataclass(frozen=True, slots=True)
class ToneShift(Span):
    """A stretch where the tone of `speaker` turned; `strength` is the probability that it did, 0 to 1.

    kind: heavy, tearful, sharp or quiet. said_less: the phrase that says less than the voice, if any.
    deviations: what moved, the most telling first.
    """

    speaker: str
    kind: str
    strength: float
    text: str
    said_less: str | None
    deviations: tuple[Deviation, ...]


def tone_shifts(
    conversation: Conversation, baselines: Mapping[str, Baseline], cues: Cues | None
) -> tuple[ToneShift, ...]:
    """All shifts of LEAST_STRENGTH and more, sorted by start; none of speakers without a sure baseline."""
    found: list[ToneShift] = []
    tones = tone_readings(conversation.utterances, baselines)
    for speaker, baseline in baselines.items():
        if not baseline.is_enough:
            continue
        stretches = quiet_stretches(conversation.utterances, baseline, cues, conversation.coach)
        quiet = [_quiet_shift(stretch, baseline) for stretch in stretches]
        voice = [
            shift
            for chain in _chains(conversation, speaker, cues)
            for shift in _voice_shifts(speaker, tones.of(chain), baseline, cues)
        ]
        found += quiet
        found += [shift for shift in voice if not any(_covers(stretch, shift) for stretch in quiet)]
    kept = [shift for shift in found if shift.strength >= LEAST_STRENGTH]
    return tuple(sorted(kept, key=lambda shift: (shift.start, shift.end)))


def _covers(quiet: ToneShift, shift: ToneShift) -> bool:
    """Whether what was heard in the voice is part of a quiet stretch that is the surer of the two."""
    return quiet.overlap(shift) > 0.5 * shift.duration and quiet.strength >= shift.strength


def _chains(conversation: Conversation, speaker: str, cues: Cues | None) -> list[list[Phrase]]:
    """The phrases of `speaker` in runs that no turn of the partner's and no long silence divides."""
    chains: list[list[Phrase]] = []
    before: Utterance | None = None
    for utterance in conversation.utterances:
        if utterance.speaker == speaker:
            goes_on = before is not None and before.speaker == speaker and utterance.start - before.end <= ADJOINING
            if not goes_on:
                chains.append([])
            chains[-1] += [phrase for phrase in utterance.phrases if _can_be_read(phrase, cues)]
        before = utterance
    return [chain for chain in chains if chain]


def _can_be_read(phrase: Phrase, cues: Cues | None) -> bool:
    """Whether a phrase is long enough for its tone, and more than a sign of listening."""
    return phrase.measures.seconds >= SHORTEST_VOICE and not (cues and is_backchannel(phrase.text, cues))


def _voice_shifts(
    speaker: str, readings: Sequence[ToneReading], baseline: Baseline, cues: Cues | None
) -> list[ToneShift]:
    """The phrases of one chain as shifts, however faint: those that may be one as one."""
    chances = probabilities([_with_words(reading, cues) for reading in readings])
    columns = [STATES.index(kind) for kind in VOICE_KINDS]
    best = chances[:, columns].argmax(axis=1)
    shifts: list[ToneShift] = []
    for place, reading in enumerate(readings):
        kind = VOICE_KINDS[best[place]]
        strength = float(chances[place, columns].sum())
        shift = _voice_shift(speaker, kind, strength, reading, baseline, cues)
        if shifts and are_one(shifts[-1], shift, min(shifts[-1].strength, strength)):
            shifts[-1] = joined(shifts[-1], shift)
        else:
            shifts.append(shift)
    return shifts


def _with_words(reading: ToneReading, cues: Cues | None) -> list[float]:
    likelihoods = list(reading.likelihoods)
    for kind, evidence in _words_evidence(reading.phrase.text, cues).items():
        likelihoods[STATES.index(kind)] += evidence
    return likelihoods


def _words_evidence(text: str, cues: Cues | None) -> Mapping[str, float]:
    if cues is None or not text:
        return {}
    phrases = [match for match in find_phrases(text, cues) if match.attuned]
    comforts = bool(phrases)
    mirrors = any(match.weight >= PLAIN and match.act in OF_THE_PARTNER for match in phrases)
    if understates(text, cues) or (find_sign(text, "distress", cues) and not mirrors):
        return DISTRESS_EVIDENCE if comforts else DISTRESS_EVIDENCE | NO_COMFORT_EVIDENCE
    return COMFORT_EVIDENCE if comforts else NO_COMFORT_EVIDENCE


def are_one(first: ToneShift, second: ToneShift, weaker: float) -> bool:
    """Whether neighbours are one shift: both may well be shifted, and not in two ways that are both likely.

    weaker: the probability of the one that is the less likely, 0 to 1.
    """
    alike = first.kind == second.kind or weaker < 0.5
    return alike and weaker >= MAY_BE_ONE and first.gap(second) <= ADJOINING


def joined(first: ToneShift, second: ToneShift) -> ToneShift:
    """The two as one, with the evidence of the stronger."""
    stronger = max(first, second, key=lambda shift: shift.strength)
    return replace(
        stronger,
        start=first.start,
        end=second.end,
        text=f"{first.text} {second.text}".strip(),
        said_less=first.said_less or second.said_less,
    )


def _voice_shift(
    speaker: str, kind: str, strength: float, reading: ToneReading, baseline: Baseline, cues: Cues | None
) -> ToneShift:
    phrase = reading.phrase
    return ToneShift(
        start=phrase.start,
        end=phrase.end,
        speaker=speaker,
        kind=kind,
        strength=strength,
        text=phrase.text,
        said_less=understates(phrase.text, cues) if cues else None,
        # what is fainter joins nothing and is dropped in the end
        deviations=deviations(kind, reading, baseline) if strength >= LEAST_STRENGTH else (),
    )


def _quiet_shift(stretch: QuietStretch, baseline: Baseline) -> ToneShift:
    return ToneShift(
        start=stretch.start,
        end=stretch.end,
        speaker=stretch.speaker,
        kind="quiet",
        strength=stretch.probability,
        text=" … ".join(opening.text for opening in stretch.answers if opening.text),
        said_less=None,
        deviations=quiet_deviations(stretch, baseline),
    )
