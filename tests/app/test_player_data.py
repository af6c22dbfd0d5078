"""What the player is given: names that were given stand in every sentence, and every text it needs is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.moments import read_conversation
from app.edits import MarkMoment, NameVoice, RemoveMoment, SetRole, WriteNote
from app.remarks import place_of
from app.review.player import shown_moments
from app.review.player_data import player_data
from app.review.texts import load_texts
from audio.conversation import Doubt
from audio.listen import ListenSettings, listen

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module")
def evening():
    conversation = listen(SAMPLES / "evening.ogg", ListenSettings(speaker_engine="built-in"))
    return conversation, read_conversation(conversation)


def given(evening, *edits):
    conversation, reading = evening
    return player_data("1", conversation, reading, shown_moments(reading, edits), edits)


def test_it_is_plain_json_without_what_is_no_number(evening) -> None:
    assert json.loads(json.dumps(given(evening), allow_nan=False))


def test_a_name_stands_in_sentences_in_place_of_the_label(evening) -> None:
    before, after = given(evening), given(evening, NameVoice("Speaker_1", "Ines"))
    told = " ".join(moment["sentence"] for moment in before["moments"])
    named = " ".join(moment["sentence"] for moment in after["moments"])
    assert "Speaker 1" in told
    assert "Speaker 1" not in named
    assert named.count("Ines") == told.count("Speaker 1")
    assert "Ines" in [speaker["name"] for speaker in after["speakers"]]


def test_marks_and_notes_come_back_with_their_moment(evening) -> None:
    second = place_of(evening[1].moments()[1])
    moments = given(evening, MarkMoment(second, "dismiss"), WriteNote("Ask her.", second))["moments"]
    assert [(moment["mark"], moment["note"]) for moment in moments[:2]] == [(None, ""), ("dismiss", "Ask her.")]


def test_a_removed_moment_is_not_shown(evening) -> None:
    first = place_of(evening[1].moments()[0])
    assert len(given(evening, RemoveMoment(first))["moments"]) == len(given(evening)["moments"]) - 1


def test_partners_have_different_colours_and_a_coach_neither(evening) -> None:
    speakers = given(evening, SetRole("Speaker_1", "coach"))["speakers"]
    assert [speaker["role"] for speaker in speakers] == ["partner", "coach"]
    assert len({speaker["colour"]["light"] for speaker in speakers}) == 2


def test_every_kind_verdict_measure_and_doubt_has_a_text(evening) -> None:
    texts = load_texts()
    for moment in given(evening)["moments"]:
        assert moment["place"]["kind"] in texts["kinds"]
        assert moment["verdict"] in texts["verdicts"]
        assert {moment["verdict_sure"], moment["tone_sure"]} <= texts["sure"].keys()
        assert {one["measure"] for one in moment["measures"]} <= texts["measures"].keys()
    assert {str(doubt) for doubt in Doubt} <= texts["doubts"].keys()


def test_normals_are_given_over_the_whole_session(evening) -> None:
    conversation, reading = evening
    for speaker in reading.baselines:
        pitch = given(evening)["normals"][speaker]["pitch"]
        assert pitch["spread"] > 0
        assert (len(pitch["centre"]) - 1) * pitch["every"] >= conversation.duration
