"""What the player is given: names that were given stand in every sentence, and every text it needs is there."""

from __future__ import annotations

import json
from dataclasses import replace

from analysis.moments import DEFAULT_SENSITIVITY, read_conversation
from app.review.player.letters import spans_of
from app.review.player_data import moment_card, player_data
from app.review.voice_samples import LONGEST, voice_sample
from app.session.corrections import corrected, without_coach
from app.session.edits import (
    AddMoment,
    CorrectWord,
    GiveSpeech,
    MarkMoment,
    MomentPlace,
    NameVoice,
    RemoveMoment,
    SetRole,
    TagMoment,
    WriteNote,
)
from app.session.read_session import ReadSession, corrections_among
from app.session.remarks import Remarks, place_of, voices
from app.session.session_moments import session_moments
from app.texts import load_texts
from audio.conversation import Doubt, Span


def read(evening, *edits) -> ReadSession:
    corrections = corrections_among(edits)
    conversation = corrected(evening, corrections)
    roles = voices(edits, conversation).roles
    analysed = without_coach(conversation, roles)
    return ReadSession("1", evening, corrections, roles, conversation, analysed, read_conversation(analysed))


def given(evening, *edits):
    return player_data("1", read(evening, *edits), edits)


def usual(data):
    return [moment for moment in data["moments"] if moment["strength"] >= 1 - DEFAULT_SENSITIVITY]


def calm_place(evening) -> MomentPlace:
    """An utterance in which nothing was heard."""
    candidates = read(evening).reading.candidates
    said = next(one for one in evening.utterances if not any(one.overlap(moment.shift) for moment in candidates))
    return MomentPlace(said.start, said.end, said.speaker, "heavy")


def test_it_is_plain_json_without_what_is_no_number(evening) -> None:
    assert json.loads(json.dumps(given(evening), allow_nan=False))


def test_a_name_stands_in_sentences_in_place_of_the_label(evening) -> None:
    label = evening.speakers[0]
    plain = label.replace("_", " ")
    before, after = given(evening), given(evening, NameVoice(label, "Ines"))
    told = " ".join(moment["sentence"] for moment in before["moments"])
    named = " ".join(moment["sentence"] for moment in after["moments"])
    assert plain in told
    assert plain not in named
    assert named.count("Ines") == told.count(plain)
    assert "Ines" in [speaker["name"] for speaker in after["speakers"]]


def test_marks_and_notes_come_back_with_their_moment(evening) -> None:
    second = place_of(read(evening).reading.moments()[1])
    moments = usual(given(evening, MarkMoment(second, "dismiss"), WriteNote("Ask her.", second)))
    assert [(moment["mark"], moment["note"]) for moment in moments[:2]] == [(None, ""), ("dismiss", "Ask her.")]


def test_tags_come_back_with_their_moment(evening) -> None:
    second = place_of(read(evening).reading.moments()[1])
    moments = usual(given(evening, MarkMoment(second, "agree"), TagMoment(second, ("money", "bedtime"))))
    assert [(moment["mark"], moment["tags"]) for moment in moments[:2]] == [(None, []), ("agree", ["money", "bedtime"])]


def test_the_note_on_the_session_is_no_moment_s(evening) -> None:
    data = given(evening, WriteNote("A hard week."))
    assert data["note"] == "A hard week."
    assert not any(moment["note"] for moment in data["moments"])


def test_a_removed_moment_is_not_shown(evening) -> None:
    first = place_of(read(evening).reading.moments()[0])
    assert len(usual(given(evening, RemoveMoment(first)))) == len(usual(given(evening))) - 1


def test_fainter_moments_are_there_for_a_higher_sensitivity(evening) -> None:
    data = given(evening)
    assert len(data["moments"]) > len(usual(data)) == len(read(evening).reading.moments())
    assert min(moment["strength"] for moment in data["moments"]) >= 1 - data["sensitivity"]["most"]


def test_an_added_moment_is_said_to_be_the_person_s_and_has_a_reply(evening) -> None:
    place = calm_place(evening)
    data = given(evening, AddMoment(place))
    added = next(moment for moment in data["moments"] if moment["added"])
    assert added["sentence"].startswith(f"You heard {place.speaker.replace('_', ' ')}'s voice get heavy.")
    assert added["reply"]["speaker"] != place.speaker
    assert len(usual(data)) == len(usual(given(evening))) + 1


def test_an_added_moment_takes_the_place_of_the_faint_one_that_it_confirms(evening) -> None:
    faint = min(read(evening).reading.moments(0.9), key=lambda moment: moment.strength)
    moments = session_moments(read(evening), [AddMoment(place_of(faint))])
    assert len(moments) == len(session_moments(read(evening), []))
    assert [one.moment.start for one in moments if one.is_added] == [faint.start]


def test_an_added_moment_that_is_removed_again_is_gone(evening) -> None:
    place = calm_place(evening)
    assert session_moments(read(evening), [AddMoment(place), RemoveMoment(place)]) == session_moments(read(evening), [])


def test_a_coach_has_no_moments_not_even_added_ones(evening) -> None:
    place = calm_place(evening)
    edits = (AddMoment(place), SetRole(place.speaker, "coach"))
    assert place.speaker not in {one.moment.speaker for one in session_moments(read(evening, *edits), edits)}


def test_where_only_the_coach_answered_it_is_not_said_that_nobody_did(evening) -> None:
    session = read(evening)
    one = session_moments(session, ())[0]
    called = voices((), session.conversation)
    said = [
        moment_card(replace(one, moment=replace(one.moment, reply=None, coach_answered=answered)), called, Remarks())
        for answered in (True, False)
    ]
    assert [card["verdict_sentence"] for card in said] == ["coach", "nobody"]


def test_partners_have_different_colours_and_a_coach_neither(evening) -> None:
    speakers = given(evening, SetRole(evening.speakers[0], "coach"))["speakers"]
    assert [speaker["role"] for speaker in speakers] == ["partner", "coach"]
    assert len({speaker["colour"]["light"] for speaker in speakers}) == 2


def test_every_kind_verdict_measure_and_doubt_has_a_text(evening) -> None:
    texts = load_texts()
    for moment in given(evening)["moments"]:
        assert moment["place"]["kind"] in texts["kinds"]
        assert f"heard_{moment['place']['kind']}" in texts["by_hand"]
        assert moment["verdict"] in texts["verdicts"]
        assert {moment["verdict_sure"], moment["tone_sure"]} <= texts["sure"].keys()
        assert {one["measure"] for one in moment["measures"]} <= texts["measures"].keys()
    assert {str(doubt) for doubt in Doubt} <= texts["doubts"].keys()


def test_normals_are_given_over_the_whole_session(evening) -> None:
    for speaker in read(evening).reading.baselines:
        pitch = given(evening)["normals"][speaker]["pitch"]
        assert pitch["spread"] > 0
        assert (len(pitch["centre"]) - 1) * pitch["every"] >= evening.duration


def test_tracks_and_words_have_another_address_once_they_were_corrected(evening) -> None:
    said = evening.utterances[2]
    word = CorrectWord(Span(said.words[0].start, said.words[0].end), "Marlene")
    other = next(speaker for speaker in evening.speakers if speaker != said.speaker)
    heard, reworded = given(evening)["media"], given(evening, word)["media"]
    taken = given(evening, word, GiveSpeech(said.spans, other))["media"]
    assert heard["tracks"] == reworded["tracks"] != taken["tracks"]
    assert len({heard["words"], reworded["words"], taken["words"]}) == 3
    assert heard["audio"] == taken["audio"]
    assert given(evening, NameVoice(other, "Ines"))["media"] == heard


def test_a_sample_of_a_voice_is_its_own_calm_speech(evening) -> None:
    reading = read(evening).reading
    for speaker in evening.speakers:
        sample = voice_sample(evening, reading, speaker)
        assert sample is not None
        assert 1.0 < sample.duration <= LONGEST
        assert any(said.start == sample.start for said in evening.of(speaker))
        assert not any(sample.overlap(moment.shift) for moment in reading.candidates if moment.speaker == speaker)


def test_a_voice_that_says_nothing_has_no_sample(evening) -> None:
    assert voice_sample(evening, read(evening).reading, "Nobody") is None


def test_what_is_given_from_here_on_is_all_that_the_voice_says_after(evening) -> None:
    said = evening.of(evening.speakers[0])
    here = said[3]
    spans = spans_of(evening, here.speaker, [Span(round(here.start, 3), evening.duration)])
    assert spans == tuple(span for one in said[3:] for span in one.spans)
    assert spans_of(evening, here.speaker, [Span(round(here.start, 3), round(here.end, 3))]) == here.spans


def test_lines_that_are_given_together_are_those_that_were_named_and_no_others(evening) -> None:
    said = evening.of(evening.speakers[0])
    named = [Span(round(one.start, 3), round(one.end, 3)) for one in (said[4], said[1])]
    assert spans_of(evening, evening.speakers[0], named) == (*said[1].spans, *said[4].spans)
