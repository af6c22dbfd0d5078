"""Tracks of sounds whose answer a formula knows."""

from __future__ import annotations

import numpy as np
import pytest
from voices import SAMPLE_RATE, noise, silence, syllables, tone

from audio.conversation import FRAME, Span
from audio.prosody import (
    CEILING_OVER_LOW,
    EDGE,
    WIDE_CEILING,
    WIDE_FLOOR,
    pitch_range,
    prosody_tracks,
    sound_frames,
)


def track_of(samples, *spans, elsewhere=()):
    """The track of who speaks in `spans`, in the whole recording where none is given."""
    spans = spans or (Span(0, len(samples) / SAMPLE_RATE),)
    return prosody_tracks(samples, sound_frames(samples), {"Maya": spans}, elsewhere)["Maya"]


@pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0, 330.0])
def test_pitch_is_the_pitch_of_the_voice(hertz) -> None:
    track = track_of(tone(3, hertz))
    assert np.nanmedian(track.pitch) == pytest.approx(hertz, rel=0.01)
    assert np.isfinite(track.pitch[20:-20]).mean() > 0.95


def test_a_frame_stands_for_the_time_it_is_named_for() -> None:
    samples = np.concatenate([tone(2, 100.0), tone(2, 200.0)])
    track = track_of(samples)
    assert np.nanmedian(track.pitch[20:180]) == pytest.approx(100, rel=0.02)
    assert np.nanmedian(track.pitch[220:380]) == pytest.approx(200, rel=0.02)
    assert len(track) == round(4 / FRAME) + 1


def test_a_speaker_has_no_track_where_they_are_not_heard() -> None:
    samples = np.concatenate([tone(3, 120.0), tone(3, 220.0)])
    track = track_of(samples, Span(0, 3))
    assert np.isnan(track.pitch[302:]).all()
    assert np.isnan(track.tilt[302:]).all()
    assert np.isnan(track.loudness[400:]).all()
    assert np.isfinite(track.loudness[:300]).all()


def test_what_is_heard_right_behind_a_turn_is_the_speakers_still() -> None:
    track = track_of(noise(5, -40), Span(0, 3))
    last = round((3 + EDGE) / FRAME)
    for rows in (track.loudness, track.over_room, track.bands[:, 0]):
        assert np.isfinite(rows[:last]).all()
        assert np.isnan(rows[last:]).all()


def test_what_is_heard_behind_a_turn_is_not_the_speakers_where_a_turn_begins_elsewhere() -> None:
    track = track_of(noise(5, -40), Span(0, 3), elsewhere=(Span(3.3, 5),))
    assert np.isfinite(track.loudness[:325]).all()
    assert np.isnan(track.loudness[335:]).all()


def test_what_is_heard_before_the_others_voice_is_the_speakers_still_whatever_the_turns_say() -> None:
    samples = np.concatenate([tone(3, 180.0), silence(0.4), tone(2, 110.0)]) + noise(5.4, -50)
    turns = {"Maya": [Span(0, 3)], "Jonas": [Span(3, 5.4)]}
    tracks = prosody_tracks(samples, sound_frames(samples), turns)
    assert np.isfinite(tracks["Maya"].loudness[:325]).all()
    assert np.isnan(tracks["Maya"].loudness[345:]).all()
    assert np.nanmedian(tracks["Maya"].pitch) == pytest.approx(180.0, rel=0.02)
    assert np.nanmedian(tracks["Jonas"].pitch) == pytest.approx(110.0, rel=0.02)


def test_a_turn_is_the_speakers_whoever_talks_over_it() -> None:
    track = track_of(noise(5, -40), Span(0, 3), elsewhere=(Span(1, 2), Span(2.8, 4)))
    assert np.isfinite(track.loudness[:300]).all()
    assert np.isnan(track.loudness[301:]).all()


def test_loudness_is_the_level_of_the_sound() -> None:
    track = track_of(tone(3, 120.0, level=-26.0))
    assert np.nanmedian(track.loudness) == pytest.approx(-26.0, abs=0.5)


def test_how_far_a_voice_lies_over_the_room_is_known_where_the_room_is_heard() -> None:
    samples = np.concatenate([silence(1), tone(3, 150.0, level=-26.0)]) + noise(4, -46)
    track = track_of(samples)
    assert np.median(track.over_room[150:350]) == pytest.approx(20.0, abs=0.5)
    assert np.median(track.over_room[10:90]) == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("distance", [20.0, 12.0])
def test_noise_of_the_room_does_not_make_a_voice_breathy(distance) -> None:
    room = noise(8, -20.0 - distance)
    voice = np.concatenate([silence(2), tone(4, 150.0) + noise(4, -30.0, seed=1), silence(2)])
    still, noisy = (np.nanmedian(track_of(one, Span(2, 6)).voicing) for one in (voice, voice + room))
    uncorrected = still / (1 + 10 ** (-distance / 10))
    assert noisy == pytest.approx(still, abs=0.015)
    assert noisy - uncorrected > 0.4 * (still - uncorrected)


def test_the_range_of_the_tracker_follows_the_voice() -> None:
    low = pitch_range(tone(5, 95.0), [Span(0, 5)])
    high = pitch_range(tone(5, 240.0), [Span(0, 5)])
    assert low[0] < 95 < low[1]
    assert high[0] < 240 < high[1]
    assert low[1] < high[1]


def test_octaves_that_are_mistaken_for_the_voice_do_not_open_the_range_to_themselves() -> None:
    samples = np.concatenate([tone(3, 100.0), tone(3, 300.0)])
    assert pitch_range(samples, [Span(0, 6)])[1] == pytest.approx(CEILING_OVER_LOW * 100, rel=0.02)


def test_nothing_is_learnt_from_next_to_no_voice() -> None:
    assert pitch_range(silence(5), [Span(0, 5)]) == (WIDE_FLOOR, WIDE_CEILING)
    assert pitch_range(silence(5), []) == (WIDE_FLOOR, WIDE_CEILING)


def test_noise_has_no_pitch() -> None:
    assert np.isfinite(track_of(noise(3, -30)).pitch).mean() < 0.05


def test_absolute_silence_is_a_very_low_level_and_no_error() -> None:
    track = track_of(silence(3))
    assert np.isfinite(track.bands).all()
    assert np.isfinite(track.loudness).all()
    assert np.isnan(track.pitch).all()


def test_a_tenser_voice_is_brighter_than_the_speakers_own_usual() -> None:
    dull, clear = (syllables(4, 150.0, 4.0, tilt=tilt) for tilt in (-9.0, -6.0))
    tilt = track_of(np.concatenate([dull, clear])).tilt
    assert np.nanmedian(tilt[410:]) > np.nanmedian(tilt[:390]) + 1.5
