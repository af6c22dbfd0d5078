"""What a reply did, heard in its words, its voice and its timing, and what that comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.moments import read_conversation
from analysis.reply_timing import CUTS_IN, LEFT_ROOM, RUSHED_IN, usual_delay
from analysis.verdict import WORDLESS, Evidence, how_loudly
from audio.conversation import Conversation, Doubt


def only_moment(talk, **kwargs):
    moments = read_conversation(talk.conversation(**kwargs)).moments()
    assert len(moments) == 1, [moment.sentence for moment in moments]
    return moments[0]


def heavy_line_answered(talk, text: str, tone: str = "ordinary", *, after: float = 0.3, line: str = "I'm just tired."):
    talk.say("Maya", line, "heavy")
    talk.say("Jonas", text, tone, after=after)
    talk.chat(4)
    return only_moment(talk)


# ---- words and voice


def test_the_right_words_in_a_sharp_voice_are_not_met(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "That sounds really heavy.", "sharp")
    talk.chat(4)
    moment = read_conversation(talk.conversation()).moments()[0]
    assert moment.verdict != "met"
    assert moment.reply.voice.is_sharp


def test_the_same_words_in_a_gentle_voice_are_met(talk) -> None:
    moment = heavy_line_answered(talk, "That sounds really heavy.", "gentle", after=0.8)
    assert moment.verdict == "met"
    assert moment.reply.voice.name == "gentle"


def test_warm_presence_with_next_to_no_words_can_be_met(talk) -> None:
    moment = heavy_line_answered(talk, "Oh, Maya.", "gentle", after=1.0)
    assert moment.verdict == "met"


def test_missing_words_in_a_gentle_voice_are_still_missed(talk) -> None:
    moment = heavy_line_answered(talk, "It's not that bad, come on.", "gentle", after=0.8)
    assert moment.verdict == "missed"


def test_a_warm_start_followed_by_advice_is_not_met_in_full(talk, new_talk) -> None:
    warm = heavy_line_answered(talk, "That sounds really hard.")
    other = new_talk(7)
    other.chat()
    advised = heavy_line_answered(other, "That sounds really hard. You should talk to your boss.")
    assert advised.reply.evidence.words < warm.reply.evidence.words - 0.5
    assert [act.name for act in advised.reply.acts] == ["reflect", "advise"]


def test_what_a_gentle_voice_did_is_told_in_spreads(talk) -> None:
    moment = heavy_line_answered(talk, "I'm here.", "gentle", after=0.8)
    moved = dict(moment.reply.voice.moved)
    assert moved and all(value < 0 for value in moved.values())  # softer, slower, lower


def test_words_that_may_be_wrong_say_less_the_more_of_them_there_are(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "That sounds really heavy.", after=0.8)
    talk.chat(4)
    sure = talk.conversation()

    def with_doubts(count: int) -> Conversation:
        place = next(i for i, u in enumerate(sure.utterances) if u.text == "That sounds really heavy.")
        reply = sure.utterances[place]
        words = tuple(replace(w, doubts=(Doubt.UNLIKELY,)) if i < count else w for i, w in enumerate(reply.words))
        changed = replace(reply, words=words, phrases=(replace(reply.phrases[0], words=words),))
        return replace(sure, utterances=(*sure.utterances[:place], changed, *sure.utterances[place + 1 :]))

    said = [read_conversation(with_doubts(count)).moments()[0].reply for count in (0, 2, 4)]
    assert [reply.doubtful for reply in said] == [0.0, 0.5, 1.0]
    assert said[1].evidence.words == pytest.approx(said[0].evidence.words / 2)
    assert said[2].evidence.words == 0.0


# ---- timing


def test_a_delay_is_counted_from_the_end_of_the_turn_not_of_the_shift(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Maya", "And the blue box is on the shelf by the door.", after=0.9)
    talk.say("Jonas", "Cool, want to go out?", after=0.4)
    talk.chat(4)
    assert only_moment(talk).reply.delay == pytest.approx(0.4)


def test_talking_over_the_partner_is_an_act_read_from_the_timing(talk) -> None:
    moment = heavy_line_answered(talk, "Did you see the letter from the school?", after=-0.9)
    (act,) = [act for act in moment.reply.acts if act.name == "talk_over"]
    assert (act.attuned, act.read_from) == (False, "timing")
    assert moment.reply.evidence.timing < RUSHED_IN
    assert "talks over" in moment.sentence


def test_a_turn_that_comes_a_little_early_talks_over_nobody(talk) -> None:
    moment = heavy_line_answered(talk, "Did you see the letter from the school?", after=CUTS_IN / 2)
    assert "talk_over" not in [act.name for act in moment.reply.acts]


def test_room_left_speaks_for_met_and_rushing_in_against(talk, new_talk) -> None:
    late = heavy_line_answered(talk, "The box is blue.", after=1.5)
    other = new_talk(7)
    other.chat()
    soon = heavy_line_answered(other, "The box is blue.", after=-0.25)
    assert late.reply.evidence.timing == pytest.approx(LEFT_ROOM)
    assert RUSHED_IN <= soon.reply.evidence.timing < 0


def test_a_late_answer_of_one_who_always_answers_late_says_nothing(empty_talk) -> None:
    for index in range(32):
        late = index % 2 == 1
        empty_talk.say("Jonas" if late else "Maya", f"I put the blue box on shelf {index}.", after=1.5 if late else 0.2)
    moment = heavy_line_answered(empty_talk, "The box is blue.", after=1.5)
    assert abs(moment.reply.evidence.timing) < LEFT_ROOM / 2


def test_the_usual_delay_of_a_speaker_is_a_median(talk) -> None:
    usual = usual_delay(talk.conversation().utterances, "Jonas", None)
    assert usual.delay == pytest.approx(0.3, abs=0.1)
    assert usual.answers > 10


# ---- silence and signs of listening


def test_a_silence_after_which_the_speaker_goes_on_is_shared_or_not_that_cannot_be_heard(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Maya", "It was the blue box again, on the shelf.", after=3.0)
    talk.chat(4)
    moment = only_moment(talk)
    assert [act.name for act in moment.reply.acts] == ["shared_silence"]
    assert moment.reply.duration == pytest.approx(3.0)
    assert moment.verdict == "unclear"
    assert moment.reply.evidence.met > 0.5
    assert "left 3.0 s of silence" in moment.sentence


def test_mm_hm_while_the_speaker_goes_on_is_less_of_a_miss_than_mm_hm_and_nothing(talk, new_talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Mm hm.", seconds=0.4)
    talk.say("Maya", "I carried the blue box all the way up.", after=1.0)
    talk.clock += 20
    talk.chat(4)
    heard_out = only_moment(talk)
    other = new_talk(7)
    other.chat()
    other.say("Maya", "I'm just tired.", "heavy")
    other.say("Jonas", "Mm hm.", seconds=0.4)
    other.clock += 20
    other.chat(4)
    left_lying = only_moment(other)
    assert left_lying.verdict == "missed"
    assert left_lying.confidence > heard_out.reply.evidence.confidence
    assert left_lying.reply.evidence.words < heard_out.reply.evidence.words < 0


# ---- what it comes to


def test_without_words_voice_and_timing_count_less() -> None:
    assert Evidence(None, 1.0, 0.5).met < Evidence(0.0, 1.0, 0.5).met
    assert Evidence(None, 1.0, 0.0).verdict == "unclear"
    assert Evidence(None, None, None).met == 0.5
    assert 0 < WORDLESS < 1


def test_words_voice_and_timing_add_up() -> None:
    assert Evidence(1.0, 0.5, -0.5).met == pytest.approx(Evidence(1.0, None, None).met)
    assert Evidence(-3.0, 0.0, 0.0).verdict == "missed"
    assert Evidence(0.2, 0.1, 0.0).verdict == "unclear"
    assert Evidence(-3.0, 0.0, 0.0).confidence == pytest.approx(1 - Evidence(-3.0, 0.0, 0.0).met)


def test_loudness_has_names() -> None:
    assert [how_loudly(nats) for nats in (0.0, -0.3, 1.0, -2.0, None)] == [None, "slightly", "plainly", "clearly", None]


# ---- the moment


def test_words_that_say_less_than_the_voice_make_a_moment_weigh_more(talk, new_talk) -> None:
    less = heavy_line_answered(talk, "Cool, want to go out?")
    other = new_talk(7)
    other.chat()
    plain = heavy_line_answered(other, "Cool, want to go out?", line="The box is blue.")
    assert less.shift.said_less == "I'm just tired."
    passed_by = less.strength * (1 - less.reply.evidence.met)
    assert less.weight > passed_by
    assert plain.weight == pytest.approx(plain.strength * (1 - plain.reply.evidence.met))


def test_a_missed_moment_says_what_could_be_said_instead_and_a_met_one_does_not(talk, new_talk) -> None:
    assert len(heavy_line_answered(talk, "Cool, want to go out?").suggestions) == 3
    other = new_talk(7)
    other.chat()
    assert heavy_line_answered(other, "That sounds really heavy.", "gentle", after=0.9).suggestions == ()


def test_a_second_language_is_read_as_the_first_one_is(talk) -> None:
    talk.say("Maya", "Ich bin nur müde.", "heavy")
    talk.say("Jonas", "Cool, wollen wir ausgehen?", "bright", after=0.2)
    talk.chat(4)
    moment = only_moment(talk, language="de")
    assert moment.verdict == "missed"
    assert moment.shift.said_less
    assert len(moment.suggestions) == 3
