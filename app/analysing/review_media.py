"""What the browser needs of a session, computed once: the sound, the tracks in a small form, the words.

In: the recording, its Conversation, and the samples of the mix. Out: Opus in WebM on the same timeline as the
analysis; bytes of about 2.9 MB for an hour of two people; plain JSON values. Times are seconds.

The tracks, for a reader: a little-endian uint32 says how many bytes of JSON follow; the JSON is `{"frame": seconds,
"frames": n, "speakers": [label, ...]}`, filled up with spaces so that what follows begins at a multiple of 4. Then
come, one after the other: for each speaker n uint16 (pitch in tenths of a hertz, 0 where there is none), then n int8
(the lowest sample of each frame of the mix, PEAK what only the loudest frames exceed), n int8 (the highest), and for
each speaker n int8 (loudness in dB re full scale, -128 where the speaker is not heard).
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysing.review_audio import write_review_audio
from app.library.session_files import SessionFiles
from audio.conversation import FRAME, Conversation, ProsodyTrack
from audio.progress import Progress
from audio.recording import SAMPLE_RATE, open_recording
from audio.speakers import mixdown
from audio.whole_files import write_whole

PITCH_STEPS = 10  # a hertz
# What is drawn a pixel high need not be told finer: numbers in coarser steps pack into a third less.
PITCH_STEP = 5  # tenths of a hertz
OUTLINE_STEP = 3  # of PEAK
PEAK = 126
NOT_HEARD = -128  # where a speaker has no loudness
ALIGNED = 4  # bytes; typed arrays in the browser begin at multiples of their size
LOUDEST_SHARE = 0.995  # of the frames lie within the scale: one cry must not make all else a thin line
QUIETEST_PEAK = 1e-4  # of full scale (-80 dB): a recording below it is not blown up to fill the strip

Int8 = npt.NDArray[np.int8]


def write_review_media(files: SessionFiles, conversation: Conversation, progress: Progress | None = None) -> None:
    """Write all that the review needs of an analysed session, each file whole or not at all.

    conversation: with its tracks. Raises RecordingError when the recording cannot be read, ValueError before the
    first analysis was kept.
    """
    if files.computed is None:
        raise ValueError("keep the conversation before its review media")
    if not files.audio.exists():
        write_review_audio(files.source, files.audio, progress)
    tracks = review_tracks(conversation, mixdown(open_recording(files.source)))
    words = json.dumps(review_words(conversation), ensure_ascii=False, separators=(",", ":"))
    write_whole(files.computed.review_tracks, lambda file: file.write(tracks))
    write_whole(files.computed.review_words, lambda file: file.write(words.encode()))


def review_tracks(conversation: Conversation, samples: npt.NDArray[np.float32]) -> bytes:
    """The tracks of a conversation and the outline of its sound, in the form that the module describes.

    samples: the recording at SAMPLE_RATE, shape (n,) or (channels, n).
    """
    return _packed(conversation, *sound_outline(samples))


def tracks_put_right(conversation: Conversation, packed: bytes) -> bytes:
    """The tracks of a corrected conversation, with the outline of the sound from those that were packed before."""
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    frames = header["frames"]
    before = 4 + length + frames * np.dtype("<u2").itemsize * len(header["speakers"])
    low, high = np.frombuffer(packed, np.int8, 2 * frames, before).reshape(2, frames)
    return _packed(conversation, low, high)


def _packed(conversation: Conversation, low: Int8, high: Int8) -> bytes:
    """Tracks and outline in the form that the module describes; a voice that is nowhere heard has no track."""
    speakers = [speaker for speaker in conversation.speakers if speaker in conversation.tracks]
    tracks = [conversation.tracks[speaker] for speaker in speakers]
    frames = len(low)
    header = {"frame": FRAME, "frames": frames, "speakers": speakers}
    parts = [_header(header)]
    parts += [_pitch(track, frames).tobytes() for track in tracks]
    parts += [low.tobytes(), high.tobytes()]
    parts += [_loudness(track, frames).tobytes() for track in tracks]
    return b"".join(parts)


def sound_outline(samples: npt.NDArray[np.float32]) -> tuple[Int8, Int8]:
    """The lowest and the highest sample of each frame of the mix, each of shape (frames,).

    PEAK is what LOUDEST_SHARE of the frames do not exceed.
    """
    mix = samples if samples.ndim == 1 else samples.mean(axis=0)
    step = round(FRAME * SAMPLE_RATE)
    frames = -(-len(mix) // step)
    whole = np.zeros(frames * step, np.float32)
    whole[: len(mix)] = mix
    by_frame = whole.reshape(frames, step)
    edges = by_frame.min(axis=1), by_frame.max(axis=1)
    peaks = np.maximum(-edges[0], edges[1])
    scale = PEAK / max(float(np.quantile(peaks, LOUDEST_SHARE)) if frames else 0.0, QUIETEST_PEAK)
    low, high = (np.clip(_in_steps(edge * scale, OUTLINE_STEP), -PEAK, PEAK).astype(np.int8) for edge in edges)
    return low, high


def review_words(conversation: Conversation) -> list[dict[str, Any]]:
    """The utterances as JSON values: `{start, end, speaker, words}`, a word `[start, end, text]`, with doubts a fourth.

    doubts: names of Doubt, as in the transcript.
    """
    return [
        {
            "start": round(utterance.start, 3),
            "end": round(utterance.end, 3),
            "speaker": utterance.speaker,
            "words": [
                [round(word.start, 3), round(word.end, 3), word.text, *([list(word.doubts)] if word.doubts else [])]
                for word in utterance.words
            ],
        }
        for utterance in conversation.utterances
    ]


def _header(values: dict[str, Any]) -> bytes:
    text = json.dumps(values).encode()
    text += b" " * (-len(text) % ALIGNED)
    return struct.pack("<I", len(text)) + text


def _pitch(track: ProsodyTrack, frames: int) -> npt.NDArray[np.uint16]:
    steps = np.clip(np.nan_to_num(track.pitch[:frames] * PITCH_STEPS), 0, np.iinfo(np.uint16).max - PITCH_STEP)
    return _filled_up(_in_steps(steps, PITCH_STEP).astype("<u2"), frames, 0)


def _in_steps(values: npt.NDArray[Any], step: int) -> npt.NDArray[Any]:
    return np.round(values / step) * step


def _loudness(track: ProsodyTrack, frames: int) -> Int8:
    known = np.nan_to_num(track.loudness[:frames], nan=NOT_HEARD, neginf=NOT_HEARD + 1)
    return _filled_up(np.clip(np.round(known), NOT_HEARD, 0).astype(np.int8), frames, NOT_HEARD)


def _filled_up(values: npt.NDArray[Any], frames: int, value: int) -> npt.NDArray[Any]:
    """`values` of exactly `frames` frames: a track may be one shorter than the sound."""
    return np.pad(values, (0, frames - len(values)), constant_values=value)
