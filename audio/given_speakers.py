"""The given engine: who speaks when is known already, from an RTTM file or from the voice tags of a transcript.

In: a request that names either, and the spans of speech. Out: a Separation that keeps the names given there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audio.channel_speakers import STEP, carriers
from audio.conversation import Span, Transcript, Turn, speaker_label
from audio.errors import SpeakersError
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.separation import (
    Separation,
    SpeakerRequest,
    bridged,
    by_appearance,
    frame_mask,
)

TAGGED_SHARE = 0.9  # of the captions that must name their voice; a few are laughter or a door
RTTM_FIELDS = 8  # of a SPEAKER line that are needed: type, file, channel, start, duration, -, -, name


def unavailable() -> str | None:
    """Given speakers can be read wherever Undertone is installed."""
    return None


def unfit(recording: Recording, regions: Sequence[Span], request: SpeakerRequest) -> str | None:
    """Why nothing that was given says who speaks when; None when something does."""
    if request.rttm is not None:
        return None
    if request.transcript is None or not request.transcript.captions:
        return "Neither an RTTM file nor a transcript with voice tags was given."
    voices = [caption.voice for caption in request.transcript.captions]
    if sum(voice is not None for voice in voices) < TAGGED_SHARE * len(voices):
        return "Too few captions of the transcript name their voice."
    if len(set(voices) - {None}) < 2:
        return "The transcript names fewer than two voices."
    return None


def given_speakers(
    recording: Recording, regions: Sequence[Span], request: SpeakerRequest, progress: Progress = tell_nobody
) -> Separation:
    """Take the turns of the RTTM file if there is one, else those of the transcript's voice tags.

    Raises SpeakersError, naming the line, for an RTTM that cannot be read, and when nothing was given.
    """
    if request.rttm is not None:
        turns = read_rttm(request.rttm, recording.path.stem)
    elif request.transcript is not None:
        turns = caption_turns(request.transcript, regions)
    else:
        raise SpeakersError("Neither an RTTM file nor a transcript with voice tags was given.")
    inside = [
        Turn(turn.start, min(turn.end, recording.duration), turn.speaker)
        for turn in turns
        if turn.start < recording.duration
    ]
    if not inside:
        raise SpeakersError(
            f"None of the turns given for {recording.path.name} lies within its {recording.duration:.0f} seconds."
        )
    whole = bridged(inside, 0.0)
    progress(1.0)
    return Separation(whole, by_appearance(whole), "given", _channel_of(recording, regions, whole))


def read_rttm(path: Path, stem: str) -> list[Turn]:
    """The SPEAKER lines of an RTTM file that belong to the recording called `stem`, or to its only recording.

    Raises SpeakersError. Format: NIST (2009), "The 2009 Rich Transcription evaluation plan", appendix A.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SpeakersError(f"{path.name} is no RTTM file: it is not text in UTF-8.") from None
    except OSError as error:
        raise SpeakersError(f"{path} cannot be read: {error.strerror or error}.") from None
    of_file: dict[str, list[Turn]] = {}
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if fields and fields[0] == "SPEAKER":
            of_file.setdefault(fields[1] if len(fields) > 1 else "", []).append(_turn(path, number, fields))
    if not of_file:
        raise SpeakersError(f"{path.name} holds no SPEAKER line, so it does not say who speaks when.")
    if stem in of_file:
        return of_file[stem]
    if len(of_file) > 1:
        raise SpeakersError(f"{path.name} holds {len(of_file)} recordings, but none of them is called {stem}.")
    return next(iter(of_file.values()))


def _turn(path: Path, number: int, fields: list[str]) -> Turn:
    place = f"Line {number} of {path.name}"
    if len(fields) < RTTM_FIELDS:
        raise SpeakersError(f"{place} is cut short: a SPEAKER line has at least {RTTM_FIELDS} fields.")
    try:
        start, duration = float(fields[3]), float(fields[4])
    except ValueError:
        raise SpeakersError(f"{place} needs a start and a duration in seconds, as in 12.3 4.5.") from None
    if not (np.isfinite(start) and np.isfinite(duration) and start >= 0 and duration > 0):
        raise SpeakersError(f"{place} has a start before 0 or a duration that is not above 0.")
    return Turn(start, start + duration, fields[7])


def caption_turns(transcript: Transcript, regions: Sequence[Span]) -> list[Turn]:
    """A turn for the speech within each caption that names its voice, and the whole caption where none was found.

    Captions are often shown a little early and left to stand; the speech under them says when somebody talks.
    """
    turns = []
    for caption in transcript.captions:
        if caption.voice is None or caption.duration <= 0:
            continue
        speaker = speaker_label(caption.voice)
        parts = [
            Turn(max(caption.start, region.start), min(caption.end, region.end), speaker)
            for region in regions
            if caption.overlap(region) > 0
        ]
        turns += parts or [Turn(caption.start, caption.end, speaker)]
    return turns


def _channel_of(recording: Recording, regions: Sequence[Span], turns: Sequence[Turn]) -> dict[str, int]:
    """The channel that is loudest while each speaker talks, where every speaker has one of their own."""
    try:
        found = carriers(recording, regions)
    except SpeakersError:
        return {}
    channel_of = {}
    for speaker in by_appearance(turns):
        spoken = frame_mask((t for t in turns if t.speaker == speaker), len(found.owner), STEP)
        owners = found.owner[spoken & (found.owner >= 0)]
        if owners.size == 0:
            return {}
        channel_of[speaker] = int(found.channels[np.bincount(owners).argmax()])
    return channel_of if len(set(channel_of.values())) == len(channel_of) else {}
