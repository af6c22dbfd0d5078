"""The data that `audio/` makes and `analysis/` reads.

Times are seconds (float) from the start of the recording. Pitch is hertz in tracks and semitones
re 100 Hz in measures; levels are decibels re full scale; shares and probabilities are 0 to 1.
What could not be measured is NaN in numbers, null in JSON. All classes are frozen; arrays are read-only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

FRAME = 0.01  # seconds between the frames of a ProsodyTrack
REFERENCE_PITCH = 100.0  # Hz: 0 semitones
VOICE_STEP = 0.05  # seconds between VoiceFrames: enough to know a voice by
VOICE_BANDS = 30  # mel bands of VoiceFrames, 60 to 7600 Hz
NAN = float("nan")


def speaker_label(name: str) -> str:
    """A speaker's name as it stands in data: without spaces, since RTTM divides by them ("Speaker_1")."""
    return "_".join(name.split())


def speaker_name(label: str) -> str:
    """A speaker's label as a person reads it ("Speaker 1")."""
    return label.replace("_", " ")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, `start` <= `end`, in seconds; everything timed is one."""

    start: float
    end: float

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start

    def overlap(self, other: Span) -> float:
        """Seconds that both share; 0 where they do not meet."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> float:
        """Seconds of silence between the two, whichever is first; 0 where they meet or overlap."""
        return max(0.0, other.start - self.end, self.start - other.end)


@dataclass(frozen=True, slots=True, order=True)
class Turn(Span):
    """A stretch in which one speaker is heard, as speaker separation hands it back (an RTTM line).

    `speaker` is a label, see speaker_label.
    """

    speaker: str


class Doubt(StrEnum):
    """Why a word may be wrong.

    UNLIKELY: the transcriber itself gives it little probability.
    REPEATED: it belongs to a phrase that comes over and over, as transcribers write when they are stuck.
    TOO_FAST: nobody speaks so many words in the time they are said to take.
    INVENTED: it belongs to a sentence that Whisper is known to write where nobody says it ("Thanks for watching!").
    SPEAKER: it may be another's: both talk at once, or the turns and the sentence tell different stories.
    """

    UNLIKELY = "unlikely"
    REPEATED = "repeated"
    TOO_FAST = "too fast"
    INVENTED = "invented"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True, order=True)
class Word(Span):
    """One word as written, with its punctuation. `probability` is the transcriber's, None where unknown."""

    text: str
    probability: float | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption(Span):
    """Words that belong together: a subtitle, or a sentence of a transcriber.

    `voice` is the label of its speaker, where it is tagged.
    """

    words: tuple[Word, ...]
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of a whole recording, before they are joined to speakers. `language` as ISO 639-1."""

    captions: tuple[Caption, ...] = ()
    language: str | None = None


def _frozen(array: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    array.flags.writeable = False
    return array


# Edges of the frequency bands of a ProsodyTrack, Hz. 50, 500, 1000, 1500 and 5000 are the corners of the
# GeMAPS measures (Eyben et al. 2016); between them the bands are fine enough for slopes.
BAND_EDGES = (50, 150, 250, 375, 500, 750, 1000, 1250, 1500, 2000, 3000, 4000, 5000, 8000)


def bands_within(low: float, high: float) -> npt.NDArray[np.bool_]:
    """Which bands lie between two frequencies in Hz, shape (len(BAND_EDGES) - 1,)."""
    edges = np.array(BAND_EDGES)
    inside: npt.NDArray[np.bool_] = (edges[:-1] >= low) & (edges[1:] <= high)
    return inside


@dataclass(frozen=True, slots=True)
class ProsodyTrack:
    """How one speaker sounds, frame by frame: float32 arrays, frame i centred on i * FRAME seconds.

    All are NaN where the speaker is not heard; `pitch`, `voicing` and `tilt` are also NaN in unvoiced frames.

    pitch: fundamental frequency, Hz, shape (n,).
    voicing: strength of the pitch period less what the room's noise takes from it, 0 (noise) to 1 (perfectly
        periodic), shape (n,).
    loudness: level, dB re full scale, shape (n,).
    over_room: how far the level lies above the steady noise of the room, dB, shape (n,).
    bands: level in each band of BAND_EDGES less the steady noise of the room, dB re full scale,
        shape (n, len(BAND_EDGES) - 1).
    tilt: brightness of voiced frames, whatever the vowel: dB an octave above 500 Hz against the speaker's own
        mean, shape (n,); see spectral_tilt.
    """

    pitch: npt.NDArray[np.float32]
    voicing: npt.NDArray[np.float32]
    loudness: npt.NDArray[np.float32]
    over_room: npt.NDArray[np.float32]
    bands: npt.NDArray[np.float32]
    tilt: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        for item in fields(self):
            _frozen(getattr(self, item.name))

    def __len__(self) -> int:
        return len(self.pitch)

    def frames(self, span: Span) -> slice:
        """The indices of the frames whose centres lie in `span`."""
        first = max(0, math.ceil(span.start / FRAME - 1e-6))
        return slice(first, max(first, min(len(self), math.ceil(span.end / FRAME - 1e-6))))


def times_within(times: npt.NDArray[np.floating[Any]], spans: Iterable[Span]) -> npt.NDArray[np.bool_]:
    """Which of `times`, shape (n,), in order and in seconds, lie in one of `spans`, shape (n,)."""
    inside = np.zeros(len(times), np.bool_)
    for span in spans:
        inside[slice(*np.searchsorted(times, (span.start, span.end)))] = True
    return inside


@dataclass(frozen=True, slots=True)
class VoiceFrames:
    """How whoever speaks alone sounds, for comparing voices: one set for a recording, in order of time.

    frame: int32, shape (n,), the number of each frame; it stands for VOICE_STEP seconds from number * VOICE_STEP on.
    bands: int8, shape (n, VOICE_BANDS), level in each mel band, whole dB re full scale.
    """

    frame: npt.NDArray[np.int32]
    bands: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for item in fields(self):
            getattr(self, item.name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.frame)

    def within(self, spans: Iterable[Span]) -> npt.NDArray[np.bool_]:
        """Which frames have their middle in one of `spans`, shape (n,)."""
        return times_within((self.frame + 0.5) * VOICE_STEP, spans)


@dataclass(frozen=True, slots=True)
class Measures:
    """How a stretch of speech sounded, as numbers; NaN where it could not be measured.

    Pitch in semitones re REFERENCE_PITCH; spectral measures from the mean spectrum of the voiced frames.

    seconds: speech that was measured, s.
    pitch_median, pitch_high: median and 90th percentile of pitch, semitones.
    pitch_range: 90th less 10th percentile of pitch, semitones.
    tremor: movement of pitch at 5-10 Hz as a share of that at 2-4 Hz, where melody moves.
    roughness: mean change of the slope of pitch from frame to frame, semitones; jitter as a 100 Hz track shows it.
    harmonicity: mean harmonics-to-noise ratio inside vowels, dB; low where the voice is breathy or hoarse.
    devoiced_share: share of the frames with sound that have the spectrum of a voice but no pitch: breath, whisper,
        a voice that fails. Consonants without voice are not counted.
    unvoiced_share: share of the frames with sound that have no pitch, consonants included.
    voice_breaks: gaps of 20 to 250 ms in the voicing, per second.
    pause_share: share of frames without sound.
    sniffs: sniffs heard in it or right after.
    loudness: mean level of the voiced frames, dB re full scale.
    tilt: mean brightness, dB an octave above 500 Hz against the speaker's own mean, see spectral_tilt.
    alpha_ratio: level in 1-5 kHz less level in 50-1000 Hz, dB.
    hammarberg: strongest band below 2 kHz less strongest band in 2-5 kHz, dB.
    slope_low: spectral slope in 50-500 Hz, dB per kHz; low where the fundamental outweighs all above it.
    syllable_rate: syllable nuclei heard, per second.
    spoken_rate: syllables of the written words, the lengthening of the last ones counted as 1.5 more, per second;
        NaN without words.
    """

    seconds: float
    pitch_median: float = NAN
    pitch_high: float = NAN
    pitch_range: float = NAN
    tremor: float = NAN
    roughness: float = NAN
    harmonicity: float = NAN
    devoiced_share: float = NAN
    unvoiced_share: float = NAN
    voice_breaks: float = NAN
    pause_share: float = NAN
    sniffs: float = NAN
    loudness: float = NAN
    tilt: float = NAN
    alpha_ratio: float = NAN
    hammarberg: float = NAN
    slope_low: float = NAN
    syllable_rate: float = NAN
    spoken_rate: float = NAN


@dataclass(frozen=True, slots=True)
class Phrase(Span):
    """The unit that is measured: a sentence, or speech between pauses, inside one utterance."""

    spans: tuple[Span, ...]
    words: tuple[Word, ...]
    measures: Measures

    @property
    def text(self) -> str:
        """The words as they were written."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Utterance(Span):
    """A stretch of one speaker's speech, ended by another's turn or a pause of 0.7 s or more.

    `spans` are where the speaker is really heard; `phrases` the parts of it, one after another.
    """

    speaker: str
    spans: tuple[Span, ...]
    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]
    measures: Measures

    @property
    def text(self) -> str:
        """The words as they were written."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was heard in one recording.

    speakers: labels (see speaker_label), in the order in which they are first heard.
    turns: who speaks when, sorted; turns of different speakers may overlap.
    utterances: sorted by start; each word of the recording belongs to exactly one.
    engines: what was used, by task: {"speakers": "built-in", "words": "given"}.
    models: what these computed with, by task, for those that load a model: its name, packages' versions, the device.
    notes: sentences for the person about what was found and what could not be done.
    tracks: one ProsodyTrack a speaker; empty where only the JSON was read.
    voices: what voices are compared by; None where it was not read, or the analysis is older than it.
    coach: what somebody says who is heard but not looked at, sorted by start; a person has to tell who that is, so it
        is kept in no file.
    """

    recording: str
    duration: float
    speakers: tuple[str, ...]
    turns: tuple[Turn, ...]
    utterances: tuple[Utterance, ...]
    language: str | None = None
    engines: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    tracks: Mapping[str, ProsodyTrack] = field(default_factory=dict, compare=False, repr=False)
    voices: VoiceFrames | None = field(default=None, compare=False, repr=False)
    coach: tuple[Utterance, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether anything that was said is known."""
        return any(utterance.words for utterance in self.utterances)

    def of(self, speaker: str) -> tuple[Utterance, ...]:
        """The utterances of one speaker, in order."""
        return tuple(utterance for utterance in self.utterances if utterance.speaker == speaker)
