"""Sounds that could pass for a shift and are none: a question, a list, a laugh; from samples to the tone."""

from __future__ import annotations

import numpy as np
import pytest
from spoken import laugh, line
from voices import SAMPLE_RATE, noise, silence

from analysis.normals import steadied_baselines
from analysis.tone import STATES, VOICE_KINDS, probabilities, read_tone
from audio.conversation import Phrase, Span
from audio.measures import measure
from audio.prosody import prosody_track, sound_frames

PAUSE = 0.8  # seconds between lines
ROOM = -62.0  # dB
FLAGGED = 0.6
ORDINARY = 24  # lines of ordinary speech, from 1.6 to 3.6 s


def phrases_of(waves) -> list[Phrase]:
    """The lines, said one after the other in a room, measured."""
    pieces, spans, clock = [silence(PAUSE)], [], PAUSE
    for wave in waves:
        spans.append(Span(clock, clock + len(wave) / SAMPLE_RATE))
        pieces += [wave, silence(PAUSE)]
        clock = spans[-1].end + PAUSE
    samples = np.concatenate(pieces)
    samples = samples + noise(len(samples) / SAMPLE_RATE, ROOM)
    track = prosody_track(samples, sound_frames(samples), spans)
    return [Phrase(span.start, span.end, (span,), (), measure(track, [span])) for span in spans]


def ordinary_lines(pitch):
    return [line(1.6 + 2 * (number % 8) / 7, pitch, number) for number in range(ORDINARY)]


def chances(pitch, decoys):
    """How likely each of STATES is for each of the decoys, against a normal of the same voice's ordinary speech."""
    phrases = phrases_of([*ordinary_lines(pitch), *decoys])
    normal = steadied_baselines({"Maya": phrases[:ORDINARY]})["Maya"]
    heard = [probabilities([read_tone(phrase, normal).likelihoods])[0] for phrase in phrases[ORDINARY:]]
    return np.array(heard)


def shifted(heard):
    """Probability of a shift, one a phrase."""
    return heard[:, [STATES.index(kind) for kind in VOICE_KINDS]].sum(axis=1)


@pytest.fixture(params=[110.0, 200.0], ids=["a low voice", "a high voice"])
def pitch(request) -> float:
    """Hz."""
    return request.param


def test_ordinary_speech_is_no_shift(pitch) -> None:
    assert (shifted(chances(pitch, [line(2.5, pitch, seed) for seed in range(100, 108)])) < FLAGGED).all()


def test_a_question_that_rises_at_its_end_is_no_shift(pitch) -> None:
    assert shifted(chances(pitch, [line(1.8, pitch, seed, end=7.0) for seed in range(200, 208)])).mean() < 0.1


def test_the_items_of_a_list_that_fall_are_no_shift(pitch) -> None:
    assert shifted(chances(pitch, [line(1.8, pitch, seed, end=-6.0) for seed in range(300, 308)])).mean() < 0.1


@pytest.mark.parametrize("rate", [4.2, 5.0])
def test_a_laugh_is_no_crying(pitch, rate) -> None:
    laughs = [
        laugh(seconds, pitch, seed, rate=rate, higher=higher)
        for seed, (seconds, higher) in enumerate([(1.3, 4), (1.3, 6), (1.3, 9), (2.0, 4), (2.0, 6), (2.0, 9)])
    ]
    heard = chances(pitch, laughs)
    assert shifted(heard).mean() < 0.3
    assert np.median(heard[:, STATES.index("laughing")]) > FLAGGED
