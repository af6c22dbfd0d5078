"""What people put right: speech changes hands with its words and its sound, words read as they were said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.moments import read_conversation
from app.session.corrections import CorrectionError, corrected, without_coach
from app.session.edits import (
    AddMoment,
    CorrectWord,
    GiveSpeech,
    MarkMoment,
    MomentPlace,
    NameVoice,
    RemoveMoment,
    SetRole,
    SwapVoices,
    TagMoment,
    WriteNote,
)
from app.session.remarks import (
    Remarks,
    added_moments,
    marks,
    remarks_on,
    removed_moments,
    same_moment,
    session_note,
    voices,
)
from audio.conversation import (
    BAND_EDGES,
    FRAME,
    Caption,
    Conversation,
    Doubt,
    ProsodyTrack,
    Span,
    Transcript,
    Turn,
    Word,
)
from audio.measured_speech import measured
from audio.separation import by_appearance, frame_mask
from audio.utterances import Speech, utterances

PITCHES = {"Ann": 220.0, "Ben": 110.0, "Cho": 160.0}  # Hz
BETWEEN = 0.3  # seconds between two turns

Said = tuple[str, str]  # who, and what


def track(speaker: str, turns: Sequence[Turn], frames: int) -> ProsodyTrack:
    """A steady voice at the speaker's pitch, heard in their turns alone."""
    heard = frame_mask([turn for turn in turns if turn.speaker == speaker], frames, FRAME)

    def level(value: float, *shape: int) -> np.ndarray:
        return np.where(heard.reshape(-1, *[1 for _ in shape]), np.float32(value), np.float32(np.nan)) * np.ones(
            (frames, *shape), np.float32
        )

    return ProsodyTrack(level(PITCHES[speaker]), level(0.9), level(-20), level(40), level(-30, len(BAND_EDGES) - 1),
                        level(0.1))  # fmt: skip


def conversation(said: Sequence[Said], between: float = BETWEEN) -> Conversation:
    """Turns one after the other, half a second a word."""
    captions, turns, at = [], [], 1.0
    for speaker, text in said:
        words = [Word(at + 0.5 * i, at + 0.5 * i + 0.5, word) for i, word in enumerate(text.split())]
        turns.append(Turn(at, words[-1].end, speaker))
        captions.append(Caption(at, words[-1].end, tuple(words), speaker))
        at = words[-1].end + between
    tracks = {who: track(who, turns, round(at / FRAME) + 100) for who in by_appearance(turns)}
    speeches = utterances(Transcript(tuple(captions)), turns)
    return Conversation(
        "evening.ogg", at + 1, by_appearance(turns), tuple(turns),
        tuple(measured(speech, tracks[speech.speaker]) for speech in speeches), "en", tracks=tracks,
    )  # fmt: skip


@pytest.fixture
def talk() -> Conversation:
    return conversation([
        ("Ann", "I am so tired of all this."),
        ("Ben", "You could have said so."),
        ("Ann", "I did say it. You never hear me."),
        ("Ben", "I hear you now, love."),
        ("Ann", "Do you really mean it now?"),
    ])  # fmt: skip


def texts(conversation: Conversation) -> list[Said]:
    return [(utterance.speaker, utterance.text) for utterance in conversation.utterances]


def words_of(conversation: Conversation) -> Mapping[str, list[Word]]:
    return {
        speaker: sorted(word for utterance in conversation.of(speaker) for word in utterance.words)
        for speaker in conversation.speakers
    }


def give(conversation: Conversation, number: int, to: str) -> GiveSpeech:
    utterance = conversation.utterances[number]
    return GiveSpeech((Span(utterance.start, utterance.end),), to)


def test_a_given_utterance_goes_with_turn_words_and_sound(talk: Conversation) -> None:
    after = corrected(talk, [give(talk, 4, "Ben")])
    assert texts(after)[-1] == ("Ben", "I hear you now, love. Do you really mean it now?")
    assert [turn.speaker for turn in after.turns] == ["Ann", "Ben", "Ann", "Ben", "Ben"]
    given_ = after.tracks["Ben"].frames(talk.utterances[4])
    assert np.all(after.tracks["Ben"].pitch[given_] == 220)
    assert np.all(np.isnan(after.tracks["Ann"].loudness[given_]))
    assert after.utterances[-1].measures.pitch_high == pytest.approx(12 * np.log2(2.2), abs=1e-3)


def test_a_given_utterance_between_two_of_the_taker_joins_them(talk: Conversation) -> None:
    after = corrected(talk, [give(talk, 1, "Ann")])
    assert texts(after)[0] == ("Ann", "I am so tired of all this. You could have said so. I did say it. "
                                      "You never hear me.")  # fmt: skip
    assert len(after.utterances) == 3


def test_half_an_utterance_can_be_given(talk: Conversation) -> None:
    second_sentence = Span(talk.utterances[2].words[4].start, talk.utterances[2].end)
    after = corrected(talk, [GiveSpeech((second_sentence,), "Ben")])
    assert texts(after)[2:4] == [("Ann", "I did say it."), ("Ben", "You never hear me. I hear you now, love.")]


def test_everything_from_here_on_can_be_given_in_one_go(talk: Conversation) -> None:
    after = corrected(talk, [GiveSpeech((Span(talk.utterances[2].start, talk.duration),), "Ben")])
    assert {utterance.speaker for utterance in after.utterances if utterance.start > 3} == {"Ben"}
    assert len(words_of(after)["Ann"]) == 7


def test_words_that_stick_out_of_the_turn_go_along(talk: Conversation) -> None:
    loose = replace(talk.utterances[1], words=tuple(replace(w, end=w.end + 0.4) for w in talk.utterances[1].words))
    talk = replace(talk, utterances=(talk.utterances[0], loose, *talk.utterances[2:]))
    after = corrected(talk, [GiveSpeech(loose.spans, "Ann")])
    assert all("said so" not in text for speaker, text in texts(after) if speaker == "Ben")


def test_speech_can_be_given_to_a_voice_that_nobody_told_apart(talk: Conversation) -> None:
    after = corrected(talk, [give(talk, 3, "Cho")])
    assert after.speakers == ("Ann", "Ben", "Cho")
    assert after.of("Cho")[0].measures.pitch_median == pytest.approx(12 * np.log2(1.1), abs=1e-3)


def test_a_voice_that_gave_all_away_is_gone(talk: Conversation) -> None:
    after = corrected(talk, [give(talk, 1, "Ann"), give(talk, 3, "Ann")])
    assert after.speakers == ("Ann",)
    assert list(after.tracks) == ["Ann"]


def test_the_rest_of_a_turn_whose_edge_was_drawn_a_little_beside_goes_along(talk: Conversation) -> None:
    span = talk.utterances[1]
    after = corrected(talk, [GiveSpeech((Span(span.start + 0.03, span.end - 0.03),), "Ann")])
    assert after == corrected(talk, [give(talk, 1, "Ann")])


def test_giving_speech_settles_whose_the_words_are(talk: Conversation) -> None:
    doubtful = tuple(replace(w, doubts=(Doubt.SPEAKER, Doubt.UNLIKELY)) for w in talk.utterances[1].words)
    talk = replace(talk, utterances=(talk.utterances[0], replace(talk.utterances[1], words=doubtful),
                                     *talk.utterances[2:]))  # fmt: skip
    after = corrected(talk, [give(talk, 1, "Ann")])
    assert {word.doubts for word in after.utterances[0].words} == {(), (Doubt.UNLIKELY,)}


def test_utterances_that_no_edit_touched_are_not_measured_again(talk: Conversation) -> None:
    place = talk.utterances[1].words[0]
    after = corrected(talk, [CorrectWord(Span(place.start, place.end), "Ye")])
    assert all(one is other for one, other in zip(after.utterances, talk.utterances, strict=True) if "Ye" not in
               one.text)  # fmt: skip


def test_a_breath_right_behind_given_speech_goes_along(talk: Conversation) -> None:
    ann = {name: getattr(talk.tracks["Ann"], name).copy() for name in ProsodyTrack.__slots__}
    last = round(talk.utterances[4].end / FRAME)
    ann["loudness"][last : last + 50] = -35
    talk = replace(talk, tracks={**talk.tracks, "Ann": ProsodyTrack(**ann)})
    after = corrected(talk, [give(talk, 4, "Ben")])
    assert np.all(after.tracks["Ben"].loudness[last : last + 50] == -35)


def test_a_corrected_word_reads_so_and_is_no_longer_doubtful(talk: Conversation) -> None:
    tired = talk.utterances[0].words[3]
    talk = replace(talk, utterances=(
        replace(talk.utterances[0], words=tuple(
            replace(w, doubts=(Doubt.UNLIKELY,), probability=0.1) if w == tired else w
            for w in talk.utterances[0].words)), *talk.utterances[1:]))  # fmt: skip
    after = corrected(talk, [CorrectWord(Span(tired.start, tired.end), "weary")])
    word = after.utterances[0].words[3]
    assert (word.text, word.doubts, word.probability) == ("weary", (), None)
    assert after.utterances[0].phrases[0].words[3] == word


def test_a_removed_word_is_gone_and_cannot_be_corrected_any_more(talk: Conversation) -> None:
    word = talk.utterances[0].words[0]
    place = Span(word.start, word.end)
    after = corrected(talk, [CorrectWord(place, ""), CorrectWord(place, "We")])
    assert texts(after)[0] == ("Ann", "am so tired of all this.")


def test_a_correction_where_no_word_lies_changes_nothing(talk: Conversation) -> None:
    word = talk.utterances[0].words[0]
    assert corrected(talk, [CorrectWord(Span(word.start + 0.1, word.end), "We")]) is talk


def test_a_full_stop_that_is_put_right_divides_the_phrase(talk: Conversation) -> None:
    word = talk.utterances[0].words[3]
    after = corrected(talk, [CorrectWord(Span(word.start, word.end), "tired.")])
    assert [phrase.text for phrase in after.utterances[0].phrases] == ["I am so tired.", "of all this."]


def test_the_later_of_two_edits_counts(talk: Conversation) -> None:
    to_ben, to_ann = give(talk, 2, "Ben"), give(talk, 2, "Ann")
    assert words_of(corrected(talk, [to_ben, to_ann])) == words_of(talk)
    assert len(words_of(corrected(talk, [to_ann, to_ben]))["Ben"]) == 18


def test_leaving_an_edit_out_undoes_it(talk: Conversation) -> None:
    word = talk.utterances[2].words[0]
    first, second = CorrectWord(Span(word.start, word.end), "We"), give(talk, 2, "Ben")
    corrected(talk, [first, second])
    assert texts(corrected(talk, [first]))[2] == ("Ann", "We did say it. You never hear me.")
    assert corrected(talk, []) is talk


def test_without_tracks_only_what_has_to_be_measured_is_refused(talk: Conversation) -> None:
    words_only = replace(talk, tracks={})
    assert corrected(words_only, [NameVoice("Ann", "Maya"), give(talk, 1, "Ben")]) is words_only
    with pytest.raises(CorrectionError, match=r"evening\.ogg.*tracks are missing"):
        corrected(words_only, [give(talk, 1, "Ann")])
    assert texts(corrected(words_only, [give(talk, 1, "Ann"), give(talk, 1, "Ben")])) == texts(talk)


def test_a_corrected_word_needs_no_tracks_unless_a_sentence_ends_with_it(talk: Conversation) -> None:
    words_only = replace(talk, tracks={})
    word = talk.utterances[0].words[3]
    place = Span(word.start, word.end)
    longer = [CorrectWord(place, "discontented")]
    assert corrected(words_only, longer).utterances == corrected(talk, longer).utterances
    assert corrected(talk, longer).utterances[0].measures.spoken_rate > talk.utterances[0].measures.spoken_rate
    with pytest.raises(CorrectionError):
        corrected(words_only, [CorrectWord(place, "tired.")])


def test_what_was_measured_for_earlier_edits_is_not_measured_again(talk: Conversation) -> None:
    earlier = corrected(talk, [give(talk, 0, "Ben")])
    later = corrected(talk, [give(talk, 0, "Ben"), give(talk, 4, "Ben")], earlier)
    assert later.utterances[0] is earlier.utterances[0]
    assert later == corrected(talk, [give(talk, 0, "Ben"), give(talk, 4, "Ben")])


def test_words_that_no_turn_hears_can_be_given_too(talk: Conversation) -> None:
    unheard = measured(Speech(60.0, 61.0, "Ann", (Span(60.0, 61.0),), (Word(60.0, 61.0, "Yes."),)), talk.tracks["Ann"])
    talk = replace(talk, utterances=(*talk.utterances, unheard))
    assert texts(corrected(talk, [give(talk, 5, "Ben")]))[-1] == ("Ben", "Yes.")
    assert texts(corrected(talk, [give(talk, 5, "Cho")]))[-1] == ("Cho", "Yes.")
    assert texts(corrected(talk, [give(talk, 5, "Cho"), give(talk, 3, "Ann")]))[-1] == ("Cho", "Yes.")


def test_a_corrected_conversation_can_be_read(talk: Conversation) -> None:
    read_conversation(corrected(talk, [give(talk, 1, "Cho"), give(talk, 3, "Ann")]))


SENTENCES = st.lists(
    st.tuples(st.sampled_from(("Ann", "Ben")), st.integers(1, 9)), min_size=2, max_size=8
).map(lambda turns: [(who, " ".join(f"w{n}" for n in range(count))) for who, count in turns])  # fmt: skip
PAUSES = st.sampled_from((0.0, 0.1, 0.3, 0.8, 2.0))
SPANS = st.lists(st.tuples(st.floats(0, 40), st.floats(0, 8)).map(lambda at: Span(at[0], at[0] + at[1])), max_size=4)


@settings(max_examples=25, deadline=None)
@given(SENTENCES, PAUSES, SPANS, st.sampled_from(("Ann", "Ben", "Cho")))
def test_giving_speech_never_loses_a_word(said: list[Said], between: float, spans: list[Span], taker: str) -> None:
    before = conversation(said, between)
    after = corrected(before, [GiveSpeech(tuple(spans), taker)])
    assert sorted(w for own in words_of(after).values() for w in own) == sorted(
        w for own in words_of(before).values() for w in own
    )


@settings(max_examples=25, deadline=None)
@given(SENTENCES, PAUSES, st.data())
def test_giving_speech_back_restores_everyone_s_words_and_sound(
    said: list[Said], between: float, data: st.DataObject
) -> None:
    before = conversation(said, between)
    turn = data.draw(st.sampled_from(before.turns))
    cut = st.integers(0, round(turn.duration / 0.1)).map(lambda tenths: turn.start + 0.1 * tenths)
    start, end = sorted((data.draw(cut), data.draw(cut)))
    taker = "Ben" if turn.speaker == "Ann" else "Ann"
    spans = (Span(start, end),)
    after = corrected(before, [GiveSpeech(spans, taker), GiveSpeech(spans, turn.speaker)])
    assert words_of(after) == words_of(before)
    for speaker in before.speakers:
        np.testing.assert_array_equal(after.tracks[speaker].pitch, before.tracks[speaker].pitch)


@settings(max_examples=25, deadline=None)
@given(SENTENCES, PAUSES, SPANS, st.sampled_from(("Ann", "Ben", "Cho")))
def test_utterances_are_cut_as_the_turns_now_say(
    said: list[Said], between: float, spans: list[Span], taker: str
) -> None:
    after = corrected(conversation(said, between), [GiveSpeech(tuple(spans), taker)])
    anew = utterances(Transcript(), after.turns)
    assert sorted((u.speaker, u.spans) for u in after.utterances) == sorted((s.speaker, s.spans) for s in anew)


PLACE = MomentPlace(10.0, 14.0, "Ann", "heavy")


def test_a_mark_is_found_again_where_the_moment_grew_or_shrank() -> None:
    found = marks([MarkMoment(PLACE, "agree")])
    assert remarks_on(replace(PLACE, start=11.0, end=18.0), found).mark == "agree"
    assert remarks_on(replace(PLACE, start=12.5, end=18.0), found) == Remarks()
    assert remarks_on(replace(PLACE, kind="sharp"), found) == Remarks()
    assert not same_moment(PLACE, replace(PLACE, speaker="Ben"))


def test_marks_notes_and_tags_of_one_moment_stand_together_at_its_newest_place() -> None:
    moved = replace(PLACE, end=15.0)
    edits = [MarkMoment(PLACE, "unsure"), WriteNote("ask", PLACE), TagMoment(moved, ("work",)), MarkMoment(moved, None)]
    assert marks(edits) == {moved: Remarks(None, "ask", ("work",))}
    assert marks([*edits, WriteNote("", PLACE), TagMoment(PLACE, ())]) == {}


def test_the_note_on_the_session_is_the_last_one() -> None:
    assert session_note([WriteNote("first"), WriteNote("on a moment", PLACE), WriteNote("second")]) == "second"


def test_an_added_moment_that_is_removed_is_gone_and_the_other_way_round() -> None:
    edits = [AddMoment(PLACE), RemoveMoment(replace(PLACE, end=13.0))]
    assert added_moments(edits[:1]) == (PLACE,)
    assert added_moments(edits) == ()
    assert removed_moments(edits) == (replace(PLACE, end=13.0),)
    assert removed_moments([*edits, AddMoment(PLACE)]) == ()


def test_voices_have_their_own_names_and_swap_them_with_their_roles(talk: Conversation) -> None:
    edits = [NameVoice("Ann", "Maya"), SetRole("Ann", "coach"), SwapVoices("Ann", "Ben")]
    assert voices(edits[:2], talk).names == {"Ann": "Maya", "Ben": "Ben"}
    assert voices(edits, talk).names == {"Ann": "Ben", "Ben": "Maya"}
    assert voices(edits, talk).roles == {"Ann": "partner", "Ben": "coach"}


def test_a_name_given_after_a_swap_stays_with_its_voice(talk: Conversation) -> None:
    name, swap = NameVoice("Ann", "Maya"), SwapVoices("Ann", "Ben")
    assert voices([swap, name], talk).names["Ann"] == "Maya"
    assert voices([name, swap], talk).names["Ben"] == "Maya"


def test_nothing_that_the_coach_says_is_analysed(talk: Conversation) -> None:
    talk = corrected(talk, [give(talk, 1, "Cho")])
    left = without_coach(talk, {"Cho": "coach", "Ann": "partner"})
    assert left.speakers == ("Ann", "Ben")
    assert "Cho" not in {one.speaker for one in (*left.turns, *left.utterances)} | set(left.tracks)
    assert left.coach == talk.of("Cho")  # what the coach says is no silence either
    assert without_coach(talk, {"Ann": "partner"}) is talk
