"""The pipeline: a recording in, a Conversation out.

In: a path and ListenSettings. Out: a Conversation with its tracks. Progress is told as the name of a stage
and a share from 0 to 1; the stages of one run come in the order of STAGES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audio.conversation import Conversation, ProsodyTrack, Span, Turn, VoiceFrames
from audio.measured_speech import measured
from audio.progress import Progress
from audio.prosody import FloatArray, prosody_tracks, sound_frames
from audio.recording import Recording, open_recording
from audio.speakers import Separation, SpeakerRequest, mixdown, separate_speakers
from audio.transcript import Transcription, TranscriptRequest, transcribe
from audio.turn_edges import trimmed
from audio.utterances import utterances
from audio.voice_activity import speech_regions
from audio.voice_frames import alone, joined, voice_frames
from audio.word_doubts import doubts_note

GIVEN = "given"  # the engine whose turns are a person's, and stay as they are
STAGES = ("opening", "finding speech", "reading words", "telling voices apart", "measuring prosody")

StageProgress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """How to listen. Engines are named as in ENGINES of `speakers` and `transcript`, or "auto".

    terms: names and terms that are likely to be said.
    """

    speakers: int = 2
    speaker_engine: str = "auto"
    rttm: Path | None = None
    transcriber: str = "auto"
    transcript: Path | None = None
    language: str | None = None
    whisper_model: str = "small"
    speaker_model: str | None = None
    terms: tuple[str, ...] = ()


def listen(path: Path, settings: ListenSettings | None = None, progress: StageProgress | None = None) -> Conversation:
    """Listen to one recording. Raises UndertoneError, with one sentence, for what a person can put right."""
    settings = settings or ListenSettings()
    tell = progress or _tell_nobody
    recording = open_recording(path, _stage(tell, 0))
    mix = mixdown(recording)
    regions = speech_regions(mix, progress=_stage(tell, 1))
    transcription = transcribe(
        recording,
        regions,
        TranscriptRequest(settings.transcript, settings.language, settings.whisper_model, settings.terms),
        engine=settings.transcriber,
        progress=_stage(tell, 2),
    )
    separation = separate_speakers(
        recording,
        regions,
        SpeakerRequest(settings.speakers, settings.rttm, transcription.transcript, settings.speaker_model),
        engine=settings.speaker_engine,
        progress=_stage(tell, 3),
    )
    if separation.engine != GIVEN:
        separation = replace(separation, turns=_trimmed(recording, mix, separation))
    speeches = utterances(transcription.transcript, separation.turns, separation.exclusive or None)
    doubts = doubts_note([word for speech in speeches for word in speech.words])
    tracks = _tracks(recording, mix, separation, _stage(tell, 4))
    return Conversation(
        recording=path.name,
        duration=recording.duration,
        speakers=separation.speakers,
        turns=separation.turns,
        utterances=tuple(measured(speech, tracks[speech.speaker]) for speech in speeches),
        language=transcription.transcript.language,
        engines={"speakers": separation.engine, "words": transcription.engine},
        models=_models(separation, transcription),
        notes=(*recording.warnings, *transcription.notes, *separation.notes, *((doubts,) if doubts else ())),
        tracks=tracks,
        voices=_voices(recording, mix, separation),
    )


def _models(separation: Separation, transcription: Transcription) -> Mapping[str, str]:
    models = {"speakers": separation.model, "words": transcription.model}
    return {task: model for task, model in models.items() if model}


def _trimmed(recording: Recording, mix: FloatArray, separation: Separation) -> tuple[Turn, ...]:
    """The turns without silent edges, each seen where its speaker is heard best."""
    turns: list[Turn] = []
    for samples, speakers in _sources(recording, mix, separation):
        turns += trimmed([turn for turn in separation.turns if turn.speaker in speakers], samples)
    return tuple(sorted(turns))


def _tracks(
    recording: Recording, mix: FloatArray, separation: Separation, progress: Progress
) -> Mapping[str, ProsodyTrack]:
    """One track a speaker, from where the speaker is heard best."""
    tracks: dict[str, ProsodyTrack] = {}
    for samples, speakers in _sources(recording, mix, separation):
        spans = {speaker: _spans(separation.turns, speaker) for speaker in speakers}
        elsewhere = [turn for turn in separation.turns if turn.speaker not in speakers]
        tracks |= prosody_tracks(samples, sound_frames(samples), spans, elsewhere)
        progress(len(tracks) / len(separation.speakers))
    return {speaker: tracks[speaker] for speaker in separation.speakers}


def _voices(recording: Recording, mix: FloatArray, separation: Separation) -> VoiceFrames:
    """How each speaker sounds alone, from where the speaker is heard best."""
    return joined(
        [
            voice_frames(samples, alone(separation.turns, speaker))
            for samples, speakers in _sources(recording, mix, separation)
            for speaker in speakers
        ]
    )


def _sources(
    recording: Recording, mix: FloatArray, separation: Separation
) -> Iterator[tuple[FloatArray, tuple[str, ...]]]:
    """Samples and the speakers to be heard in them: a channel for who has one, the mix for all others."""
    by_channel: dict[int | None, list[str]] = {}
    for speaker in separation.speakers:
        by_channel.setdefault(separation.channel_of.get(speaker), []).append(speaker)
    for channel, speakers in by_channel.items():
        yield (mix if channel is None else recording.samples[channel]), tuple(speakers)


def _spans(turns: tuple[Turn, ...], speaker: str) -> list[Span]:
    return [Span(turn.start, turn.end) for turn in turns if turn.speaker == speaker]


def _stage(tell: StageProgress, index: int) -> Progress:
    return lambda share: tell(STAGES[index], share)


def _tell_nobody(stage: str, share: float) -> None:
    pass
