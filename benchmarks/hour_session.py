"""A made-up session of an hour, for the review app to be measured with: what was heard in it, and its sound.

In: the evening of sample_data. Out: a Conversation with its tracks, and its sound: about 700 utterances, 60 moments at
the usual sensitivity; and a library with it, as an analysis leaves it. Times are seconds.

The evening is put behind itself until it is long enough. That gives three times the moments of a real session, so that
shifts and the replies to them are left out evenly; where they were, the sound and the tracks are silent. Each time
round is a little louder and higher than the others, as no compression should find one in another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from reread import PAUSE, lengthened

from analysis.moments import Moment, read_conversation
from app.analysing.review_media import write_review_media
from app.library import Library
from audio.conversation import FRAME, Conversation, ProsodyTrack, Span, Utterance
from audio.listen import ListenSettings, listen
from audio.recording import SAMPLE_RATE, open_recording

EVENING = Path(__file__).resolve().parent.parent / "sample_data" / "evening.ogg"
MOMENTS_AN_HOUR = 60
ATTEMPTS = 6  # at leaving out: it changes what is usual in the session, and so what stands out
LOUDER = 3.0  # dB, most, from one time round to another
HIGHER = 1.0  # semitones

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HourSession:
    """What was heard, with its tracks; the sound at SAMPLE_RATE, shape (n,)."""

    conversation: Conversation
    sound: Values


@dataclass(frozen=True, slots=True)
class _Round:
    """One time round: when it starts, and how it differs from the sample, in dB and semitones."""

    start: float
    louder: float
    higher: float

    def sound(self, once: Values) -> Values:
        return once * np.float32(10 ** (self.louder / 20))

    def track(self, once: ProsodyTrack) -> ProsodyTrack:
        return replace(once, pitch=once.pitch * 2 ** (self.higher / 12), loudness=once.loudness + self.louder)


def hour_session(minutes: float) -> HourSession:
    """The evening over and over for so many minutes, with MOMENTS_AN_HOUR."""
    evening = listen(EVENING, given_settings())
    whole = lengthened(replace(evening, tracks={}), minutes * 60)
    thinned = with_fewer_moments(whole, round(MOMENTS_AN_HOUR * minutes / 60))
    silent = set(whole.utterances) - set(thinned.utterances)
    rounds = _rounds(whole.duration, evening.duration + PAUSE)
    tracks = {
        speaker: _long_track(track, rounds, whole.duration, [one for one in silent if one.speaker == speaker])
        for speaker, track in evening.tracks.items()
    }
    once = open_recording(EVENING).samples[0]
    sound = _row([(one.start, one.sound(once)) for one in rounds], 1 / SAMPLE_RATE, whole.duration, silent, 0.0)
    return HourSession(replace(thinned, tracks=tracks), sound)


def given_settings() -> ListenSettings:
    """How the evening is listened to where speakers and words are known."""
    return ListenSettings(
        speaker_engine="given",
        rttm=EVENING.with_suffix(".rttm"),
        transcriber="given",
        transcript=EVENING.with_suffix(".vtt"),
        language="en",
    )


def with_fewer_moments(conversation: Conversation, count: int) -> Conversation:
    """The conversation without the shifts and replies of some moments, until about `count` are shown."""
    for _ in range(ATTEMPTS):
        moments = read_conversation(conversation).moments()
        if len(moments) <= count:
            break
        kept = set(np.linspace(0, len(moments) - 1, count).round().astype(int))
        gone = [moment for place, moment in enumerate(moments) if place not in kept]
        conversation = _without(conversation, [one for one in conversation.utterances if _belongs_to(one, gone)])
    return conversation


def fill_library(library_folder: Path, session: HourSession) -> str:
    """Put the session into a library, as an analysis leaves it; returns its id."""
    recording = library_folder.with_suffix(".flac")
    soundfile.write(recording, session.sound, SAMPLE_RATE, subtype="PCM_16")
    library = Library(library_folder)
    added = library.add(recording, "An hour")
    library.keep(added.id, session.conversation)
    write_review_media(library.files(added.id), session.conversation)
    library.close()
    return added.id


def _belongs_to(utterance: Utterance, moments: Iterable[Moment]) -> bool:
    """Whether the utterance is a shift or a reply of one of the moments."""
    return any(
        part.speaker == utterance.speaker and part.overlap(utterance)
        for moment in moments
        for part in (moment.shift, moment.reply)
        if part is not None
    )


def _without(conversation: Conversation, gone: Collection[Utterance]) -> Conversation:
    left_out = set(gone)
    return replace(
        conversation,
        utterances=tuple(one for one in conversation.utterances if one not in left_out),
        turns=tuple(
            turn
            for turn in conversation.turns
            if not any(one.speaker == turn.speaker and one.overlap(turn) for one in left_out)
        ),
    )


def _rounds(seconds: float, step: float) -> list[_Round]:
    chance = np.random.default_rng(0)
    return [
        _Round(place * step, chance.uniform(-LOUDER, LOUDER), chance.uniform(-HIGHER, HIGHER))
        for place in range(round(seconds / step))
    ]


def _long_track(track: ProsodyTrack, rounds: list[_Round], seconds: float, silent: Iterable[Span]) -> ProsodyTrack:
    tracks = [(one.start, one.track(track)) for one in rounds]
    return ProsodyTrack(
        **{
            item.name: _row([(start, getattr(one, item.name)) for start, one in tracks], FRAME, seconds, silent, np.nan)
            for item in fields(track)
        }
    )


def _row(
    pieces: list[tuple[float, Values]], spacing: float, seconds: float, silent: Iterable[Span], empty: float
) -> Values:
    """Values that are `spacing` seconds apart, each piece from its time on, and `empty` between and in `silent`."""
    row = np.full((round(seconds / spacing), *pieces[0][1].shape[1:]), empty, np.float32)
    for start, piece in pieces:
        first = round(start / spacing)
        row[first : first + len(piece)] = piece[: len(row) - first]
    for span in silent:
        row[round(span.start / spacing) : round(span.end / spacing)] = empty
    return row
