"""Decode the sound of any audio or video file onto a timeline of one rate.

In: a path to a readable file. Out: `Decoded`, samples as float32 of shape (channels, n), with counts of
what was odd on the way. Times are seconds from the start of the file.

PyAV decodes all formats: of an hour, it reads wav, flac and opus faster than soundfile does, and mp3 as fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from audio.errors import RecordingError
from audio.progress import Progress, tell_nobody
from audio.timeline import HIGHEST_RATE, LOWEST_RATE, MOST_CHANNELS, Samples, Timeline

# Only these may open a file. Playlists (hls, concat, dash) would follow a hostile file to others on the disk
# or the net; pictures and text art are no recordings.
CONTAINERS = "wav,w64,aiff,au,caf,flac,ogg,mp3,aac,ac3,amr,mov,matroska,avi,asf,mpegts,mpeg,flv,wv"
CONTAINER_NAMES = {
    "wav": "WAV",
    "ogg": "Ogg",
    "mov": "MP4",
    "matroska": "WebM or Matroska",
    "aac": "ADTS",
    "asf": "WMA",
}
CODEC_NAMES = {"mp3float": "MP3", "amrnb": "AMR", "amrwb": "AMR", "vorbis": "Vorbis", "opus": "Opus"}
# These write their length down. The others leave FFmpeg to guess it from the bit rate, or to take the last
# time in what is left of the file for it.
STATES_ITS_LENGTH = {"flac", "w64", "aiff", "au", "caf", "mov", "matroska", "avi", "asf", "flv"}
READ_ATTEMPTS = 100  # unreadable places one after the other; a file that goes on like that has ended
PROGRESS_STEP = 0.01  # of the file
ASK_FOR_ANOTHER = "copy or export the recording again, or choose another file"
# Sizes that ffmpeg and sox write into the header of a WAV that they send down a pipe, not knowing the end.
RIFF_PLACEHOLDERS = (0xFFFF_FF00, 0x7FFF_F000)
MOST_SKIPPED = 1_000  # pieces, 20 s of speech; beyond, and with more of them than whole ones, it is no use
OGG_PAGE = 65_307  # bytes of the longest page (RFC 3533)
OGG_HEADER = 27  # bytes of a page before its table of segments


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file held; counts as in `Timeline`.

    claimed: seconds that the file says it holds, None where it does not say.
    breaks_off: whether the file ends in the middle of a piece or is mere damage from some point on.
    streams: how many sound streams the file has; one was taken.
    skipped: pieces that could not be read or decoded.
    """

    samples: Samples
    source: str
    claimed: float | None
    breaks_off: bool
    streams: int
    skipped: int
    gaps: float
    counted: int
    broken: int
    clipped: int
    mixed: bool


def decode(path: Path, rate: int, progress: Progress | None = None) -> Decoded:
    """Decode the best sound stream of `path` at `rate` hertz; `progress` is told shares of the file, 0 to 1.

    Raises RecordingError when the file is no recording, has no sound or none that can be decoded.
    """
    name = shown_name(path)
    try:
        container = av.open(str(path.absolute()), options={"format_whitelist": CONTAINERS})
    except (av.error.FFmpegError, ValueError):
        raise RecordingError(_why_unreadable(path)) from None
    with container:
        try:
            return _decode(path, container, rate, progress or tell_nobody)
        except MemoryError:
            raise RecordingError(f"{name} is too long to be held in memory: cut it into shorter parts.") from None
        except av.error.FFmpegError:
            raise RecordingError(f"No sound could be decoded from {name}: {ASK_FOR_ANOTHER}.") from None


def shown_name(path: Path) -> str:
    """The file's name as it may be printed anywhere: no folder, no control or undecodable characters."""
    name = path.name or str(path)
    return "".join(character if character.isprintable() else "?" for character in name)


def _decode(path: Path, container: InputContainer, rate: int, progress: Progress) -> Decoded:
    name = shown_name(path)
    stream = _sound_stream(container, name)
    expected = None if container.duration is None else container.duration / av.time_base
    timeline = Timeline(rate, expected)
    packets = _watched(_packets(container, stream), path.stat().st_size, progress)
    skipped, gave_up = _put_on(timeline, packets, container.start_time)
    samples = timeline.finish()
    if not samples.size:
        raise RecordingError(f"No sound could be decoded from {name}: {ASK_FOR_ANOTHER}.")
    progress(1.0)
    claimed = _claimed_length(path, container, stream, samples.shape[1] / rate)
    cut_page = claimed is None and container.format.name == "ogg" and _ogg_breaks_off(path)
    return Decoded(
        samples=samples,
        source=_described(container, stream, timeline),
        claimed=claimed,
        breaks_off=gave_up or cut_page,
        streams=len(container.streams.audio),
        skipped=skipped + timeline.refused,
        gaps=timeline.gaps,
        counted=timeline.counted,
        broken=timeline.broken,
        clipped=timeline.clipped,
        mixed=timeline.mixed,
    )


def _put_on(timeline: Timeline, packets: Iterator[Packet[AudioStream] | None], start: int | None) -> tuple[int, bool]:
    """Decode `packets` onto `timeline`: how many had to be skipped, and whether the rest was given up.

    `start` is when the file begins, in FFmpeg's microseconds; where it does not say, its first frame does.
    """
    origin = None if start is None else start / av.time_base
    whole = skipped = 0
    for packet in packets:
        frames = _frames(packet)
        if frames is None:
            skipped += 1
            if skipped > max(MOST_SKIPPED, whole):
                return skipped, True
            continue
        whole += 1
        for frame in frames:
            if origin is None:
                origin = frame.time
            timeline.add(frame, None if frame.time is None or origin is None else frame.time - origin)
    return skipped, False


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream] | None]:
    """The stream's packets, None for a place that could not be read; READ_ATTEMPTS of those end the file."""
    failures = 0
    while failures < READ_ATTEMPTS:
        try:
            for packet in container.demux(stream):
                failures = 0
                yield packet
            return
        except (av.error.FFmpegError, IndexError):  # IndexError: a stream that the header did not announce
            failures += 1
            yield None


def _watched(
    packets: Iterator[Packet[AudioStream] | None], size: int, progress: Progress
) -> Iterator[Packet[AudioStream] | None]:
    """`packets`, while `progress` is told how much of the `size` bytes they have used up."""
    told = 0.0
    for packet in packets:
        yield packet
        done = 0.0 if packet is None or packet.pos is None else min(1.0, packet.pos / size)
        if done >= told + PROGRESS_STEP:
            told = done
            progress(told)


def _frames(packet: Packet[AudioStream] | None) -> list[AudioFrame] | None:
    """What a packet holds; None where it is damaged."""
    if packet is None:
        return None
    try:
        return packet.decode()
    except (av.error.FFmpegError, ValueError):
        return None


def _sound_stream(container: InputContainer, name: str) -> AudioStream:
    """The stream that a player would take, if its rate and channels are those of a recording."""
    if not container.streams.audio:
        raise RecordingError(f"{name} has no sound in it, only pictures or data: choose a file with sound.")
    stream = container.streams.best("audio")
    if not isinstance(stream, AudioStream):
        raise RecordingError(f"No sound could be decoded from {name}: {ASK_FOR_ANOTHER}.")
    if stream.codec_context is None:
        raise RecordingError(
            f"The sound in {name} is encoded in a way that cannot be read here: save it as WAV or FLAC first."
        )
    if not LOWEST_RATE <= stream.rate <= HIGHEST_RATE:
        raise RecordingError(
            f"{name} claims {stream.rate} samples a second, where {LOWEST_RATE} to {HIGHEST_RATE} can be: "
            f"{ASK_FOR_ANOTHER}."
        )
    if stream.channels > MOST_CHANNELS:
        raise RecordingError(
            f"{name} claims {stream.channels} channels, of at most {MOST_CHANNELS}: {ASK_FOR_ANOTHER}."
        )
    if stream.codec_context.name == "flac":
        stream.codec_context.options = {"err_detect": "crccheck+explode"}  # or damage plays at full scale
    return stream


def _claimed_length(path: Path, container: InputContainer, stream: AudioStream, heard: float) -> float | None:
    """Seconds of sound that the file says it holds, after `heard` were found; None where it does not say."""
    if container.duration is None:
        return None
    whole = container.duration / av.time_base
    form = _short_name(container)
    if form == "wav":
        return max(whole, heard * _riff_share(path))
    # An MP3 that counts its frames (Xing header) states its encoder's delay too, as a start after 0.
    if form not in STATES_ITS_LENGTH and not (form == "mp3" and stream.start_time):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return min(whole, float(stream.duration * stream.time_base))
    return None if container.streams.video else whole  # a picture may go on after the sound


def _riff_share(path: Path) -> float:
    """How many times the bytes of the file its RIFF header counts, at least 1; FFmpeg trusts the bytes."""
    with path.open("rb") as file:
        head = file.read(8)
    size = path.stat().st_size
    if head[:4] != b"RIFF":
        return 1.0
    counted = int.from_bytes(head[4:], "little")
    if any(counted - placeholder in range(256) for placeholder in RIFF_PLACEHOLDERS):
        return 1.0
    return max(1.0, (counted + 8) / size)


def _ogg_breaks_off(path: Path) -> bool:
    """Whether the last Ogg page is longer than what is left of it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - OGG_PAGE))
        tail = file.read()
    page = tail[max(0, tail.rfind(b"OggS")) :]
    if len(page) < OGG_HEADER or len(page) < OGG_HEADER + page[26]:
        return True
    return len(page) < OGG_HEADER + page[26] + sum(page[OGG_HEADER : OGG_HEADER + page[26]])


def _why_unreadable(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return (
            f"{shown_name(path)} breaks off before its index, without which nothing in it can be found: "
            "copy or export the recording again."
        )
    return f"{shown_name(path)} is no sound or video file that can be read: {ASK_FOR_ANOTHER}."


def _short_name(container: InputContainer) -> str:
    """FFmpeg's first name for the container ("mov" of "mov,mp4,m4a,3gp,3g2,mj2")."""
    return container.format.name.split(",")[0]


def _described(container: InputContainer, stream: AudioStream, timeline: Timeline) -> str:
    codec = stream.codec_context.name
    codec = "PCM" if codec.startswith("pcm_") else CODEC_NAMES.get(codec, codec.upper())
    held_in = CONTAINER_NAMES.get(_short_name(container), _short_name(container).upper())
    sound = codec if codec == held_in else f"{codec} in {held_in}"
    plural = "" if timeline.channels == 1 else "s"
    return f"{sound}, {timeline.source_rate} Hz, {timeline.channels} channel{plural}"
