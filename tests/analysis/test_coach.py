"""A coach is in the room: what they say is no silence, no reply, and nobody's lateness."""

from __future__ import annotations

import pytest

from analysis.baseline import speaker_baseline
from analysis.cue_phrases import load_cues
from analysis.flow import openings
from analysis.moments import read_conversation
from analysis.quiet import quiet_stretches
from analysis.reply_timing import LONGEST_LEAD, usual_delay
from analysis.taking_part import FEWEST_ANSWERS, taking_part

QUESTION = "Jonas, what did you hear her say just now?"


def only_moment(talk):
    (moment,) = read_conversation(talk.conversation()).moments()
    return moment


def likeliest_quiet(talk, *, coach: bool = True) -> float:
    phrases = [phrase for said in talk.utterances if said.speaker == "Maya" for phrase in said.phrases]
    baseline = speaker_baseline("Maya", phrases)
    coached = talk.coached if coach else ()
    found = quiet_stretches(sorted(talk.utterances), baseline, load_cues("en"), coached)
    return max((stretch.probability for stretch in found), default=0.0)


def asked_for_a_reply(talk, *, seconds: float = 6.0, text: str = "That sounds really heavy.", after: float = 1.2):
    """Maya's voice drops, the coach asks Jonas about it, and he replies `after` seconds behind that."""
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Ruth", QUESTION, seconds=seconds)
    talk.say("Jonas", text, after=after)
    talk.chat(4)


# ---- the reply


def test_a_reply_behind_the_coach_s_question_is_not_late_by_it(talk) -> None:
    asked_for_a_reply(talk, seconds=9.0)  # more than a reply may take
    moment = only_moment(talk)
    assert moment.reply is not None
    assert moment.reply.timing.after_coach
    assert moment.reply.delay == pytest.approx(1.2)
    assert moment.verdict == "met"


def test_what_the_coach_made_room_for_says_nothing_by_its_timing(talk, new_talk) -> None:
    asked_for_a_reply(talk, seconds=3.0)
    other = new_talk(7)
    other.chat()
    other.say("Maya", "I'm just tired.", "heavy")
    other.say("Jonas", "That sounds really heavy.", after=1.2)
    other.chat(4)
    assert only_moment(talk).reply.evidence.timing == 0.0
    assert only_moment(other).reply.evidence.timing > 0.0


def test_the_sentence_says_that_the_coach_spoke_in_between(talk) -> None:
    asked_for_a_reply(talk)
    assert 'The coach spoke in between; Jonas answered 1.2 s later with "That sounds' in only_moment(talk).sentence


def test_cutting_in_on_the_coach_talks_over_no_partner(talk) -> None:
    asked_for_a_reply(talk, after=-1.5)
    moment = only_moment(talk)
    assert not moment.reply.timing.talks_over
    assert "Jonas answered at once" in moment.sentence


def test_the_coach_who_spoke_before_the_last_word_was_said_came_not_in_between(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Ruth", "Say a little more about that.")
    talk.say("Maya", "It was a long week with the children.")
    talk.say("Jonas", "That sounds really heavy.", after=0.9)
    talk.chat(4)
    moment = only_moment(talk)
    assert not moment.reply.timing.after_coach
    assert moment.reply.delay == pytest.approx(0.9)


def test_a_coach_s_mm_hm_takes_no_floor(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Ruth", "Mm-hm.", seconds=0.4, after=0.1)
    talk.say("Jonas", "That sounds really heavy.", after=0.5)
    talk.chat(4)
    moment = only_moment(talk)
    assert not moment.reply.timing.after_coach
    assert moment.reply.delay == pytest.approx(1.0)


def test_where_only_the_coach_answers_it_is_unclear_and_the_sentence_says_why(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Ruth", "Thank you for saying that. Let us stay with it for a moment, all three of us.", seconds=15.0)
    talk.say("Maya", "There is not much more to it.", after=9.0)
    talk.chat(4)
    moment = only_moment(talk)
    assert moment.reply is None
    assert moment.verdict == "unclear"
    assert moment.sentence.endswith("The coach spoke next, and nobody else answered.")


def test_what_comes_behind_a_long_talk_of_the_coach_answers_the_coach(talk) -> None:
    asked_for_a_reply(talk, seconds=LONGEST_LEAD + 15.0)
    assert only_moment(talk).reply is None


def test_a_pause_that_the_coach_fills_is_no_shared_silence(talk, new_talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Ruth", "Take your time.", seconds=1.5, after=2.0)
    talk.say("Maya", "It was a long week with the children.", after=2.0)
    alone = new_talk(7)
    alone.chat()
    alone.say("Maya", "I'm just tired.", "heavy")
    alone.say("Maya", "It was a long week with the children.", after=5.5)
    for made in (talk, alone):
        made.say("Maya", "And then the car broke down on the way home.")
        made.say("Maya", "So I walked the rest of it in the rain.")
    assert [act.name for act in only_moment(alone).reply.acts] == ["shared_silence"]
    assert only_moment(talk).reply is None


def test_mm_hm_is_less_of_a_miss_where_the_coach_takes_it_up(talk, new_talk) -> None:
    other = new_talk(7)
    other.chat()
    for made in (talk, other):
        made.say("Maya", "I'm just tired.", "heavy")
        made.say("Jonas", "Mm-hm.", seconds=0.4)
    talk.say("Ruth", "Where in your body do you feel that?")
    for made in (talk, other):
        made.clock += 12.0
        made.chat(4)
    assert only_moment(talk).reply.evidence.words > only_moment(other).reply.evidence.words


# ---- going quiet


def test_short_answers_to_the_coach_are_no_going_quiet(talk) -> None:
    for _ in range(4):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=3.0)
        talk.say("Ruth", "Maya, how is that for you?", seconds=1.4)
        talk.say("Maya", "I guess.", seconds=0.5, after=1.8)
    assert likeliest_quiet(talk) < 0.1
    assert likeliest_quiet(talk, coach=False) > 0.5  # as silence, the coach's talk would make it so


def test_pauses_in_which_the_coach_talks_are_not_let_pass(talk) -> None:
    for _ in range(6):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=5.0)
        talk.say("Ruth", "And what would that change for you?", seconds=2.5, after=0.6)
    said = sorted(talk.utterances)
    passed = [one for one in openings(said, "Maya", None, talk.coached) if not one.answer]
    assert passed == []
    assert len([one for one in openings(said, "Maya", None) if not one.answer]) >= 5


# ---- the figures


def test_what_is_answered_to_the_coach_tells_of_no_time_to_answer(empty_talk) -> None:
    for _ in range(FEWEST_ANSWERS + 1):
        empty_talk.say("Maya", "I put the blue box on the shelf over there.", after=0.2)
        empty_talk.say("Jonas", "And the green one is still in the hall.", after=0.4)
        empty_talk.say("Ruth", "Jonas, go on.", seconds=1.0)
        empty_talk.say("Jonas", "There is a third one in the cellar as well.", after=3.0)
    jonas = {one.speaker: one for one in taking_part(empty_talk.conversation())}["Jonas"]
    assert jonas.answer_times.median == pytest.approx(0.4)
    assert jonas.answer_times.answers == FEWEST_ANSWERS + 1
    assert jonas.turns == 2 * (FEWEST_ANSWERS + 1)  # the coach's turn ended his
    usual = usual_delay(sorted(empty_talk.utterances), "Jonas", None, empty_talk.coached)
    assert usual.answers == FEWEST_ANSWERS + 1


def test_the_first_turn_counts_once_whoever_opens(empty_talk) -> None:
    empty_talk.say("Ruth", "How was your week, the two of you?")
    empty_talk.say("Maya", "It was a long one, with the boxes and all.")
    empty_talk.say("Jonas", "The green one is still in the hall.")
    assert {one.speaker: one.turns for one in taking_part(empty_talk.conversation())} == {"Maya": 1, "Jonas": 1}
