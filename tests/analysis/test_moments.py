"""From a conversation to its moments: what was heard, what was answered, what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.moments import read_conversation


def only_moment(talk, **kwargs):
    moments = read_conversation(talk.conversation(**kwargs)).moments()
    assert len(moments) == 1, [moment.sentence for moment in moments]
    return moments[0]


def test_a_heavy_tone_answered_with_a_change_of_subject_is_missed(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.kind, moment.speaker, moment.verdict) == ("heavy", "Maya", "missed")
    assert moment.shift.said_less
    assert moment.reply.speaker == "Jonas"
    assert moment.reply.delay == pytest.approx(0.2, abs=0.01)
    assert moment.sentence.startswith("Maya's voice dropped (")
    assert 'Jonas answered 0.2 s later with "Cool, want to go out?"' in moment.sentence


def test_tears_that_are_made_small_are_missed(talk) -> None:
    talk.say("Maya", "I keep thinking about her.", "tearful")
    talk.say("Jonas", "Well, you're cleaning out the gunk.", after=0.3)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.kind, moment.verdict) == ("tearful", "missed")


def test_a_heavy_tone_that_is_reflected_in_a_gentle_voice_is_met(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "That sounds really heavy.", "gentle", after=0.9)
    talk.chat(4)
    moment = only_moment(talk)
    assert moment.verdict == "met"
    assert [act.name for act in moment.reply.acts] == ["reflect"]


def test_a_gentle_attuned_reply_is_no_heavy_moment_of_its_own(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "I noticed you went quiet, how are you feeling?", "gentle", after=0.9)
    talk.chat(4)
    assert only_moment(talk).speaker == "Maya"


def test_going_quiet_while_the_other_goes_on_is_missed(talk) -> None:
    for _ in range(3):
        talk.say("Jonas", "The garage said it takes two days.", seconds=3.0)
        talk.say("Maya", "I guess.", seconds=0.5, after=1.8)
    talk.say("Jonas", "And then he told me the whole story again.", after=0.2)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.kind, moment.verdict, moment.speaker) == ("quiet", "missed", "Maya")
    assert "went quiet: answers came after 1.8 s" in moment.sentence


def test_ordinary_talk_has_no_moments(talk) -> None:
    talk.chat(20)
    assert read_conversation(talk.conversation()).moments() == ()


def test_heavy_words_in_an_ordinary_voice_are_no_moment(talk) -> None:
    for _ in range(3):
        talk.say("Maya", "I'm just tired.")
        talk.chat(5)
    assert read_conversation(talk.conversation()).moments() == ()


def test_a_miss_that_is_gone_back_to_within_three_minutes_is_repaired(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(3)
    back = talk.say("Jonas", "I think I missed something. Can we go back?", "gentle", after=0.8)
    talk.chat(4)
    moment = only_moment(talk)
    assert moment.verdict == "missed"
    assert moment.repair is not None
    assert moment.repair.start == back.start


@pytest.mark.parametrize(
    "words",
    [
        "Can we go back?",
        "I missed that.",
        "I jumped to solving it.",
        "Earlier, when you said you were tired, I just talked right over you. I'm sorry.",
        "i made a joke when you needed me and that was not okay",
    ],
)
def test_a_repair_may_be_said_in_many_ways(words, talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(3)
    talk.say("Jonas", words, after=0.8)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.verdict, moment.repair is not None) == ("missed", True)


@pytest.mark.parametrize(
    "words", ["Sorry I'm late, the bus broke down.", "I missed the bus.", "Can we go back home now?"]
)
def test_an_apology_for_something_else_is_no_repair(words, talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(3)
    talk.say("Jonas", words, after=0.8)
    talk.chat(4)
    assert only_moment(talk).repair is None


def test_a_repair_belongs_to_the_last_moment_that_was_passed_by(talk) -> None:
    for _ in range(2):
        talk.say("Maya", "I'm just tired.", "heavy")
        talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
        talk.chat(4)
    talk.say("Jonas", "I think I missed something. Can we go back?", "gentle", after=0.8)
    first, second = read_conversation(talk.conversation()).moments()
    assert first.repair is None
    assert second.repair is not None


def test_going_back_after_more_than_three_minutes_is_no_repair_of_it(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(70)
    talk.say("Jonas", "I think I missed something. Can we go back?", "gentle", after=0.8)
    assert only_moment(talk).repair is None


def test_without_words_the_verdict_is_hardly_more_than_unclear(talk) -> None:
    talk.say("Maya", "", "heavy")
    talk.say("Jonas", "", "ordinary", after=0.4)
    talk.chat(4)
    moment = only_moment(talk)
    assert moment.verdict == "unclear"
    assert moment.reply.evidence.words is None
    assert "unclear" in moment.sentence


def test_a_language_without_cues_is_said_and_its_words_are_not_judged(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "That sounds really heavy.", after=0.9)
    reading = read_conversation(talk.conversation(language="xx"))
    assert any('"xx"' in note for note in reading.notes)
    assert all(moment.reply.evidence.words is None for moment in reading.candidates if moment.reply)


def test_who_says_too_little_is_named_and_never_flagged(empty_talk) -> None:
    for _ in range(12):
        empty_talk.say("Jonas", "The garage said it takes two days.", seconds=4.0)
    empty_talk.say("Maya", "I'm just tired.", "heavy", seconds=4.0)
    reading = read_conversation(empty_talk.conversation())
    assert any(note.startswith("Maya speaks for 4 s") for note in reading.notes)
    assert all(moment.speaker != "Maya" for moment in reading.candidates)


def test_more_sensitivity_never_hides_a_moment(talk) -> None:
    for tone in ("heavy", "ordinary", "tearful", "gentle", "sharp"):
        talk.say("Maya", "It was a day like the others.", tone)
        talk.chat(3)
    reading = read_conversation(talk.conversation())
    counts = [len(reading.moments(step / 10)) for step in range(11)]
    assert counts == sorted(counts)
    assert counts[-1] > counts[5] > 0


def test_a_second_shift_right_behind_the_first_is_the_same_moment(talk) -> None:
    first = talk.say("Maya", "I'm just tired.", "heavy")
    second = talk.say("Maya", "It has been a long week.", "heavy", after=0.5)
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.start, moment.end) == (first.start, second.end)


def test_a_sign_of_listening_is_no_reply_when_a_turn_follows(talk) -> None:
    talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Mm hm.", seconds=0.4, after=0.1)
    talk.say("Jonas", "What is going on with you?", "gentle", after=0.9)
    talk.chat(4)
    moment = only_moment(talk)
    assert moment.reply.text == "What is going on with you?"


def test_a_short_line_between_two_heavy_ones_does_not_part_them(talk) -> None:
    first = talk.say("Maya", "I'm just tired.", "heavy")
    talk.say("Jonas", "Mm-hm.", seconds=0.4, after=0.2)
    second = talk.say("Maya", "It has been a long week.", "heavy", after=0.3)
    talk.say("Jonas", "Cool, want to go out?", "bright", after=0.2)
    talk.chat(4)
    moment = only_moment(talk)
    assert (moment.start, moment.end) == (first.start, second.end)
    assert moment.shift.text == "I'm just tired. It has been a long week."
    assert moment.reply.text == "Cool, want to go out?"


def test_two_heavy_lines_with_an_answer_to_each_are_two_moments(talk) -> None:
    for reply in ("Cool, want to go out?", "Did you call the garage?"):
        talk.say("Maya", "I'm just tired.", "heavy")
        talk.say("Jonas", reply, "bright", after=0.2)
    talk.chat(4)
    assert [moment.reply.text for moment in read_conversation(talk.conversation()).moments()] == [
        "Cool, want to go out?",
        "Did you call the garage?",
    ]


def test_a_sniff_stands_in_the_sentence_of_tears_and_of_nothing_else(talk) -> None:
    for tone in ("tearful", "heavy"):
        with_a_sniff(talk, talk.say("Maya", "I keep thinking about her.", tone))
        talk.say("Jonas", "Well, you're cleaning out the gunk.", after=0.3)
        talk.chat(4)
    tears, heavy = read_conversation(talk.conversation()).moments()
    assert tears.sentence.startswith("Maya's voice grew unsteady, as with tears (a sniff, ")
    assert heavy.kind == "heavy"
    assert "sniff" not in heavy.sentence


def with_a_sniff(talk, utterance) -> None:
    """Let a sniff be heard in the line that was said last."""
    measures = replace(utterance.measures, sniffs=1.0)
    talk.utterances[-1] = replace(
        utterance, phrases=(replace(utterance.phrases[0], measures=measures),), measures=measures
    )
