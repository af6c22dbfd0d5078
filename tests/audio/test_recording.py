"""Opening recordings: every kind of file gives its sound at its time, every bad one a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from audio import timeline
from audio.errors import RecordingError
from audio.recording import SAMPLE_RATE, Recording, open_recording

ONSET = 2.0  # seconds of silence before the tone
PITCH = 440.0  # Hz


def tone(seconds: float = 12.0, rate: int = 48_000, pitch: float = PITCH, level: float = 0.3) -> np.ndarray:
    """Silence until ONSET, then a sine; shape (n,)."""
    time = np.arange(round(seconds * rate)) / rate
    return level * np.sin(2 * np.pi * pitch * time) * (time >= ONSET)


def write_with_av(
    path: Path,
    sound: np.ndarray,
    codec: str,
    rate: int = 48_000,
    *,
    container: str | None = None,
    options: dict[str, str] | None = None,
    lost: tuple[float, float] = (0.0, 0.0),
    starts: float = 0.0,
    picture: bool = False,
    copies: int = 1,
) -> Path:
    """Mono `sound` encoded by PyAV; packets that start within `lost` seconds never reach the file."""
    with av.open(str(path), "w", format=container, options=options or {}) as out:
        streams = [out.add_stream(codec, rate=rate, layout="mono") for _ in range(copies)]
        if picture:
            add_picture(out)
        for stream in streams:
            step = stream.codec_context.frame_size or 1024
            form = stream.codec_context.format.name
            pieces = [sound[start : start + step] for start in range(0, len(sound), step)]
            for number, piece in enumerate(pieces):
                frame = av.AudioFrame.from_ndarray(in_form(piece, form), format=form, layout="mono")
                frame.sample_rate = rate
                frame.pts = number * step + round(starts * rate)
                frame.time_base = Fraction(1, rate)
                mux(out, stream.encode(frame), lost)
            mux(out, stream.encode(None), lost)
    return path


def mux(out: av.container.OutputContainer, packets: list[av.Packet], lost: tuple[float, float]) -> None:
    for packet in packets:
        at = 0.0 if packet.pts is None else float(packet.pts * packet.time_base)
        if not lost[0] <= at < lost[1]:
            out.mux(packet)


def add_picture(out: av.container.OutputContainer) -> None:
    stream = out.add_stream("mpeg4", rate=1)
    stream.width = stream.height = 64
    for second in range(14):
        frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 16 * second, np.uint8), format="rgb24")
        frame.pts = second
        frame.time_base = Fraction(1, 1)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def in_form(piece: np.ndarray, form: str) -> np.ndarray:
    if form in ("s16", "s16p"):
        return np.round(piece * 32767).astype(np.int16)[np.newaxis]
    if form in ("s32", "s32p"):
        return np.round(piece * (2**31 - 1)).astype(np.int32)[np.newaxis]
    return piece.astype(np.float32)[np.newaxis]


def pitch_of(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(sound))


def onset_of(sound: np.ndarray) -> float:
    return float(np.argmax(np.abs(sound) > 0.1) / SAMPLE_RATE)


def warnings_of(recording: Recording) -> str:
    return " ".join(recording.warnings)


def sentence_for(path: Path) -> str:
    """The error that opening `path` must end in, checked to be one sentence fit to be shown."""
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    sentence = str(caught.value)
    assert re.fullmatch(r"[^\n]+\.", sentence)
    assert str(path.parent) not in sentence
    return sentence


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


@pytest.fixture
def spoken_wav(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    soundfile.write(path, tone(), 48_000)
    return path


def files_of_every_kind(folder: Path) -> Iterator[Path]:
    for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM"):
        path = folder / f"{subtype}.wav"
        soundfile.write(path, tone(rate=44_100), 44_100, subtype)
        yield path
    for name, form, subtype in (
        ("a.flac", "FLAC", "PCM_24"),
        ("a.ogg", "OGG", "VORBIS"),
        ("a.opus", "OGG", "OPUS"),
        ("a.mp3", "MP3", "MPEG_LAYER_III"),
        ("a.aiff", "AIFF", "PCM_16"),
    ):
        soundfile.write(folder / name, tone(), 48_000, format=form, subtype=subtype)
        yield folder / name
    for name, codec, container in (
        ("av.mp3", "libmp3lame", None),
        ("a.m4a", "aac", "ipod"),
        ("alac.m4a", "alac", "ipod"),
        ("a.mka", "flac", None),
        ("a.webm", "libopus", None),
    ):
        yield write_with_av(folder / name, tone(), codec, container=container)
    for name in ("a.mp4", "a.mov"):
        yield write_with_av(folder / name, tone(), "aac", picture=True)
    yield write_with_av(folder / "a.amr", tone(rate=8_000), "libopencore_amrnb", 8_000)


def test_a_tone_keeps_its_pitch_its_length_and_its_time_in_every_kind_of_file(tmp_path: Path) -> None:
    for path in files_of_every_kind(tmp_path):
        recording = open_recording(path)
        assert recording.samples.dtype == np.float32
        assert recording.channels == 1, path.name
        assert recording.duration == pytest.approx(12.0, abs=0.08), path.name
        assert pitch_of(recording.samples[0, 4 * SAMPLE_RATE : 11 * SAMPLE_RATE]) == pytest.approx(PITCH, abs=0.5)
        assert onset_of(recording.samples[0]) == pytest.approx(ONSET, abs=0.03), path.name
        assert np.abs(recording.samples[0, 4 * SAMPLE_RATE :]).max() == pytest.approx(0.3, abs=0.06), path.name
        assert recording.warnings == (), path.name


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000])
def test_any_rate_becomes_16_khz(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.flac", tone(rate=rate), rate)
    recording = open_recording(tmp_path / "a.flac")
    assert recording.samples.shape == (1, 12 * SAMPLE_RATE)
    assert pitch_of(recording.samples[0, 4 * SAMPLE_RATE :]) == pytest.approx(PITCH, abs=0.5)
    assert onset_of(recording.samples[0]) == pytest.approx(ONSET, abs=0.002)


def test_what_is_too_high_for_16_khz_does_not_fold_into_the_voice(tmp_path: Path) -> None:
    sound = tone(rate=48_000, pitch=15_000) + tone(rate=48_000, level=0.1)
    soundfile.write(tmp_path / "a.wav", sound, 48_000)
    samples = open_recording(tmp_path / "a.wav").samples[0, 4 * SAMPLE_RATE :]
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("channels", [2, 4, 6])
def test_channels_are_kept_in_their_order(tmp_path: Path, channels: int) -> None:
    pitches = [200.0 * (1 + channel) for channel in range(channels)]
    soundfile.write(tmp_path / "a.wav", np.stack([tone(pitch=pitch) for pitch in pitches], axis=1), 48_000)
    recording = open_recording(tmp_path / "a.wav")
    heard = [pitch_of(channel[4 * SAMPLE_RATE :]) for channel in recording.samples]
    assert heard == pytest.approx(pitches, abs=0.5)


def test_a_compressed_file_of_ten_channels_is_no_danger(tmp_path: Path) -> None:
    """PyAV reads beyond its memory there, when it is asked for the planes of such a frame."""
    pitches = [200.0 + 50.0 * channel for channel in range(10)]
    sound = np.stack([tone(pitch=pitch) for pitch in pitches], axis=1)
    soundfile.write(tmp_path / "a.opus", sound, 48_000, format="OGG", subtype="OPUS")
    heard = [
        pitch_of(channel[4 * SAMPLE_RATE : 11 * SAMPLE_RATE]) for channel in open_recording(tmp_path / "a.opus").samples
    ]
    assert heard == pytest.approx(pitches, abs=0.5)


def test_left_stays_left_in_compressed_files(tmp_path: Path) -> None:
    for name in ("a.ogg", "a.mp3", "a.flac"):
        soundfile.write(tmp_path / name, np.stack([tone(), tone(pitch=300.0)], axis=1), 48_000)
        left, right = open_recording(tmp_path / name).samples[:, 4 * SAMPLE_RATE : 11 * SAMPLE_RATE]
        assert (pitch_of(left), pitch_of(right)) == pytest.approx((PITCH, 300.0), abs=0.5), name


def test_the_source_is_described_for_people(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.opus", np.stack([tone()] * 2, axis=1), 48_000, format="OGG", subtype="OPUS")
    soundfile.write(tmp_path / "a.flac", tone(rate=44_100), 44_100)
    assert open_recording(tmp_path / "a.opus").source == "Opus in Ogg, 48000 Hz, 2 channels"
    assert open_recording(tmp_path / "a.flac").source == "FLAC, 44100 Hz, 1 channel"


def test_samples_are_read_only(spoken_wav: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        open_recording(spoken_wav).samples[0, 0] = 1.0


def test_progress_rises_to_one(spoken_wav: Path) -> None:
    told: list[float] = []
    open_recording(spoken_wav, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_the_ending_of_the_name_does_not_matter(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", tone(), 48_000)
    (tmp_path / "a.flac").rename(tmp_path / "a.mp3")
    assert open_recording(tmp_path / "a.mp3").duration == pytest.approx(12.0)


def test_a_name_that_looks_like_a_protocol_is_a_name(spoken_wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken_wav.rename(spoken_wav.with_name("http:talk.wav"))
    monkeypatch.chdir(spoken_wav.parent)
    assert open_recording(Path("http:talk.wav")).duration == pytest.approx(12.0)


def test_a_name_that_is_no_unicode_opens_and_can_be_printed_in_an_error(spoken_wav: Path) -> None:
    odd = spoken_wav.with_name(os.fsdecode(b"talk\xff.wav"))
    try:
        spoken_wav.rename(odd)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    assert open_recording(odd).duration == pytest.approx(12.0)
    odd.write_bytes(b"")
    assert sentence_for(odd).startswith("talk?.wav is empty")


def test_bad_paths_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    assert sentence_for(tmp_path / "missing.wav").startswith("There is no file missing.wav")
    assert "is a folder" in sentence_for(tmp_path)
    assert sentence_for(tmp_path / "empty.wav").startswith("empty.wav is empty")
    assert "cannot be read" in sentence_for(tmp_path / ("long" * 100 + ".wav"))
    assert "cannot be read" in sentence_for(tmp_path / "nul\0.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert "no ordinary file" in sentence_for(tmp_path / "pipe.wav")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_others_gets_a_sentence(spoken_wav: Path) -> None:
    spoken_wav.chmod(0)
    assert "may not be read" in sentence_for(spoken_wav)


def test_text_and_noise_with_the_ending_of_sound_get_a_sentence(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).bytes(400_000)
    for ending in ("wav", "mp3", "ogg", "m4a", "flac", "amr"):
        path = tmp_path / f"notes.{ending}"
        path.write_text("We talked about the kitchen again.\n" * 300)
        assert "notes" in sentence_for(path)
        path.write_bytes(noise)
        assert "notes" in sentence_for(path)


def test_a_playlist_in_disguise_opens_no_other_file(spoken_wav: Path) -> None:
    playlist = spoken_wav.with_name("list.wav")
    playlist.write_text("ffconcat version 1.0\nfile talk.wav\n")
    assert "is no sound or video file" in sentence_for(playlist)


def test_a_video_without_sound_gets_a_sentence(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "mute.mp4"), "w") as out:
        add_picture(out)
    assert "has no sound in it" in sentence_for(tmp_path / "mute.mp4")


def test_a_picture_gets_a_sentence(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.png"), "w", format="image2") as out:
        stream = out.add_stream("png", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "rgb24"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))
    assert "is no sound or video file" in sentence_for(tmp_path / "a.png")


def test_silence_gets_a_sentence_with_its_level(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).standard_normal(12 * SAMPLE_RATE)
    soundfile.write(tmp_path / "zeros.wav", np.zeros(12 * SAMPLE_RATE), SAMPLE_RATE)
    soundfile.write(tmp_path / "offset.wav", np.full(12 * SAMPLE_RATE, 0.2), SAMPLE_RATE)
    soundfile.write(tmp_path / "noise.wav", 1e-4 * noise, SAMPLE_RATE, "FLOAT")
    assert "digital silence" in sentence_for(tmp_path / "zeros.wav")
    assert "digital silence" in sentence_for(tmp_path / "offset.wav")
    assert re.search(r"no sound above -(79|80) dB", sentence_for(tmp_path / "noise.wav"))


def test_the_click_of_a_switch_does_not_make_silence_a_conversation(tmp_path: Path) -> None:
    sound = np.zeros(12 * SAMPLE_RATE)
    sound[50_000:50_100] = 0.9
    soundfile.write(tmp_path / "click.wav", sound, SAMPLE_RATE)
    assert "silent throughout" in sentence_for(tmp_path / "click.wav")


def test_less_than_ten_seconds_are_too_short(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", tone(9.9), 48_000)
    assert sentence_for(tmp_path / "short.wav").startswith("Only 9.9 s could be read from short.wav")


@pytest.mark.parametrize("name", ["a.wav", "float.wav", "a.flac", "a.mp3", "a.webm", "a.m4a"])
def test_of_a_truncated_file_the_beginning_is_analysed_and_the_person_told(tmp_path: Path, name: str) -> None:
    codecs = {
        "a.wav": "pcm_s16le",
        "float.wav": "pcm_f32le",
        "a.flac": "flac",
        "a.mp3": "libmp3lame",
        "a.webm": "libopus",
        "a.m4a": "aac",
    }
    index_first = {"movflags": "faststart"} if name == "a.m4a" else None
    path = write_with_av(tmp_path / name, tone(40.0), codecs[name], options=index_first)
    recording = open_recording(cut(path, 0.6))
    assert 20 < recording.duration < 28
    assert f"Only the first {recording.duration:.0f} s of about 40 s could be read" in warnings_of(recording)
    assert "Only" in sentence_for(cut(path, 0.2))


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_a_truncated_ogg_file_is_told_though_it_does_not_say_its_length(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "a.ogg"
    soundfile.write(path, tone(40.0) + 0.01 * np.random.default_rng(1).random(40 * 48_000), 48_000, subtype)
    assert open_recording(path).warnings == ()
    recording = open_recording(cut(path, 0.6))
    assert 18 < recording.duration < 28
    assert "breaks off in the middle" in warnings_of(recording)


def test_an_m4a_that_breaks_off_before_its_index_gets_a_sentence(tmp_path: Path) -> None:
    path = write_with_av(tmp_path / "a.m4a", tone(), "aac", container="ipod")
    assert "a.m4a breaks off before its index" in sentence_for(cut(path, 0.6))


def test_a_wav_from_a_pipe_that_does_not_know_its_length_is_whole(spoken_wav: Path) -> None:
    content = bytearray(spoken_wav.read_bytes())
    content[4:8] = content[40:44] = b"\xff" * 4
    spoken_wav.write_bytes(content)
    recording = open_recording(spoken_wav)
    assert recording.duration == pytest.approx(12.0)
    assert recording.warnings == ()


def test_damage_in_the_middle_is_told_and_what_follows_keeps_its_time(tmp_path: Path) -> None:
    sound = tone(30.0)
    sound[: 20 * 48_000] *= 0.1
    path = write_with_av(tmp_path / "a.flac", sound + 0.01, "flac")
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 30_000] = bytes(30_000)
    path.write_bytes(content)
    recording = open_recording(path)
    assert re.search("damaged piece|are missing within", warnings_of(recording))
    assert onset_of(recording.samples[0]) == pytest.approx(20.0, abs=0.12)


def test_where_nothing_but_damage_follows_reading_ends_and_the_person_is_told(tmp_path: Path) -> None:
    path = write_with_av(tmp_path / "a.amr", tone(rate=8_000), "libopencore_amrnb", 8_000)
    path.write_bytes(path.read_bytes() + b"\x64" * 100_000)  # a kind of frame that AMR does not have
    recording = open_recording(path)
    assert 12 < recording.duration < 60
    assert "breaks off in the middle" in warnings_of(recording)
    assert pitch_of(recording.samples[0, 4 * SAMPLE_RATE : 11 * SAMPLE_RATE]) == pytest.approx(PITCH, abs=0.5)


def test_a_gap_in_a_call_becomes_silence_so_that_times_stay_right(tmp_path: Path) -> None:
    sound = tone(20.0) * (np.arange(20 * 48_000) >= 10 * 48_000)
    recording = open_recording(write_with_av(tmp_path / "a.webm", sound, "libopus", lost=(4.0, 7.0)))
    assert recording.duration == pytest.approx(20.0, abs=0.1)
    assert onset_of(recording.samples[0]) == pytest.approx(10.0, abs=0.03)
    assert "3.0 s of sound are missing" in warnings_of(recording)


def test_sound_that_starts_after_the_picture_keeps_its_time(tmp_path: Path) -> None:
    path = write_with_av(tmp_path / "a.mp4", tone(), "aac", picture=True, starts=1.5)
    assert onset_of(open_recording(path).samples[0]) == pytest.approx(ONSET + 1.5, abs=0.05)


def test_a_recording_of_unknown_length_grows_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "ROOM", 1.0)
    path = write_with_av(tmp_path / "a.webm", tone(30.0), "libopus", options={"live": "1"})
    with av.open(str(path)) as container:
        assert container.duration is None
    recording = open_recording(path)
    assert recording.duration == pytest.approx(30.0, abs=0.1)
    assert pitch_of(recording.samples[0, 4 * SAMPLE_RATE :]) == pytest.approx(PITCH, abs=0.5)


def test_a_recording_beyond_all_memory_gets_a_sentence(spoken_wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_HOURS", 0)
    assert "too long to be held in memory" in sentence_for(spoken_wav)


def test_samples_that_are_no_numbers_become_silence_and_are_counted(tmp_path: Path) -> None:
    sound = tone(rate=SAMPLE_RATE).astype(np.float32)
    sound[100_000:100_003] = [np.nan, np.inf, -1e30]
    soundfile.write(tmp_path / "a.wav", sound, SAMPLE_RATE, "FLOAT")
    recording = open_recording(tmp_path / "a.wav")
    assert np.isfinite(recording.samples).all()
    assert not recording.samples[0, 100_000:100_003].any()
    assert "3 samples held no valid number" in warnings_of(recording)
    soundfile.write(tmp_path / "a.wav", np.full_like(sound, np.nan), SAMPLE_RATE, "FLOAT")
    assert "are no numbers" in sentence_for(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.ogg", "a.mp3"])
def test_clipping_throughout_is_told_in_per_cent(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, np.clip(10 * tone(), -1, 1), 48_000)
    assert re.search(r"is clipped: \d\d\.\d% of its samples", warnings_of(open_recording(tmp_path / name)))


def test_a_recording_that_was_normalised_to_full_scale_is_not_called_clipped(tmp_path: Path) -> None:
    sound = np.random.default_rng(1).laplace(size=12 * 48_000)  # as peaky as speech
    soundfile.write(tmp_path / "a.wav", sound / np.abs(sound).max(), 48_000)
    assert open_recording(tmp_path / "a.wav").warnings == ()


def test_a_very_quiet_recording_is_opened_and_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(level=0.001), 48_000, "PCM_24")
    recording = open_recording(tmp_path / "a.wav")
    assert "very quiet (-63 dB" in warnings_of(recording)


def test_a_constant_offset_of_the_sound_card_is_removed(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone() + 0.2, 48_000)
    samples = open_recording(tmp_path / "a.wav").samples
    assert abs(float(samples.mean())) < 1e-4
    assert np.abs(samples).max() == pytest.approx(0.3, abs=0.01)


def test_a_cover_picture_is_no_hindrance(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", tone(), 48_000)
    picture = b"\x00image/jpeg\x00\x03\x00" + b"\xff\xd8\xff\xe0" + bytes(2_000)
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\x00\x00" + picture
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    with_cover = b"ID3\x03\x00\x00" + size + frame + (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(with_cover)
    with av.open(str(tmp_path / "a.mp3")) as container:
        assert container.streams.video
    recording = open_recording(tmp_path / "a.mp3")
    assert recording.duration == pytest.approx(12.0, abs=0.01)
    assert recording.warnings == ()


def test_of_several_sound_tracks_one_is_taken_and_the_person_told(tmp_path: Path) -> None:
    recording = open_recording(write_with_av(tmp_path / "a.mka", tone(), "flac", copies=2))
    assert recording.channels == 1
    assert "has 2 sound tracks" in warnings_of(recording)


def test_rate_and_channels_may_change_on_the_way(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "first.mp3", tone(12.0, 44_100), 44_100)
    soundfile.write(tmp_path / "then.mp3", np.stack([tone(10.0, 22_050)] * 2, axis=1), 22_050)
    joined = tmp_path / "joined.mp3"
    joined.write_bytes((tmp_path / "first.mp3").read_bytes() + (tmp_path / "then.mp3").read_bytes())
    recording = open_recording(joined)
    assert recording.channels == 1
    assert recording.duration == pytest.approx(22.0, abs=0.2)
    assert pitch_of(recording.samples[0, 15 * SAMPLE_RATE : 21 * SAMPLE_RATE]) == pytest.approx(PITCH, abs=0.5)
    assert "number of channels changes" in warnings_of(recording)
