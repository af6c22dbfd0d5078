"""Which stretches are a shift, and what words add to what a voice says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.cue_phrases import load_cues
from analysis.normals import speakers_normals
from analysis.shifts import MAY_BE_ONE, ToneShift, are_one, tone_shifts

SUBTLE = {"pitch_median": -1.4, "slope_low": -9.0, "loudness": -2.5, "pitch_range": -1.0, "tilt": -0.6}


def shifts_of(talk, speaker="Maya", *, cues=True):
    conversation = talk.conversation()
    found = tone_shifts(conversation, speakers_normals(conversation).baselines, load_cues("en") if cues else None)
    return [shift for shift in found if shift.speaker == speaker]


def strength(talk, text, tone="heavy", *, seconds=2.8, **changes) -> float:
    """How sure a shift is on `text` as the next line; the same voice for every text."""
    state = talk.chance.getstate()
    said, clock = list(talk.utterances), talk.clock
    line = talk.say("Maya", text, tone, seconds=seconds)
    measures = replace(line.measures, **{name: getattr(line.measures, name) + by for name, by in changes.items()})
    talk.utterances[-1] = replace(line, phrases=(replace(line.phrases[0], measures=measures),), measures=measures)
    talk.say("Jonas", "I put the blue box on the shelf.")
    found = [shift.strength for shift in shifts_of(talk) if shift.start == line.start]
    talk.utterances, talk.clock = said, clock
    talk.chance.setstate(state)
    return max(found, default=0.0)


def test_words_of_distress_make_a_shift_surer_and_words_of_comfort_less_sure(talk) -> None:
    voice = {"tone": "ordinary", **SUBTLE}
    plain, distress, comfort = (
        strength(talk, text, **voice)
        for text in ("It is on the shelf.", "I can't do this anymore.", "I'm here, take your time.")
    )
    assert comfort < plain < distress


def test_words_of_distress_outrank_a_loose_word_of_comfort_in_the_same_line(talk) -> None:
    voice = {"tone": "ordinary", **SUBTLE}
    distress, both, comfort = (
        strength(talk, text, **voice)
        for text in ("I can't do this anymore.", "I can't do this anymore, I'm here.", "I'm here, take your time.")
    )
    assert comfort < both <= distress
    assert both > 2 * comfort


def test_words_that_mirror_the_partners_distress_are_not_ones_own(talk) -> None:
    voice = {"tone": "ordinary", **SUBTLE}
    mirrored = strength(talk, "So it feels like nobody sees how much you do.", **voice)
    own = strength(talk, "Nobody sees how much I do.", **voice)
    assert mirrored < own / 2


def test_words_alone_make_no_shift(talk) -> None:
    assert strength(talk, "I can't do this anymore.", "ordinary") < 0.5


def test_half_a_second_of_a_heavy_voice_is_less_sure_than_three(talk) -> None:
    assert strength(talk, "It was fine.", seconds=0.6) < strength(talk, "It was fine.", seconds=3.0) - 0.2


def test_a_sign_of_listening_has_no_tone(talk) -> None:
    before = talk.clock
    talk.say("Maya", "Mm-hm.", "heavy", seconds=0.7)
    assert [shift for shift in shifts_of(talk) if shift.start > before and shift.kind != "quiet"] == []


def shift(start: float, end: float, kind: str = "heavy", strength: float = 0.8) -> ToneShift:
    return ToneShift(start, end, "Maya", kind, strength, "", None, ())


@pytest.mark.parametrize(
    ("reason", "first", "second", "one"),
    [
        ("both are heavy", shift(0, 2), shift(2.5, 4), True),
        ("the second is too weak", shift(0, 2), shift(2.5, 4, strength=MAY_BE_ONE - 0.01), False),
        ("they lie too far apart", shift(0, 2), shift(6, 8), False),
        ("they are of two kinds, both likely", shift(0, 2), shift(2.5, 4, "sharp"), False),
        ("the second kind is hardly likely", shift(0, 2), shift(2.5, 4, "sharp", 0.4), True),
    ],
)
def test_neighbours_are_one_shift_or_two(reason, first, second, one) -> None:
    assert are_one(first, second, min(first.strength, second.strength)) is one, reason
