"""Going quiet: short and late answers in a row while the partner goes on; nothing else is it."""

from __future__ import annotations

from analysis.quiet import quiet_stretches


def quiet_answers(talk, count=3, *, seconds=0.5, after=1.8) -> None:
    for _ in range(count):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=3.0)
        talk.say("Maya", "I guess.", seconds=seconds, after=after)


def sure(talk, speaker="Maya"):
    return [stretch for stretch in quiet_stretches(talk.utterances, speaker) if stretch.probability > 0.5]


def test_short_and_late_answers_in_a_row_are_going_quiet(talk) -> None:
    quiet_answers(talk)
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 3
    assert stretch.answers[0].delay > 1.5 > stretch.usual_delay
    assert sure(talk, "Jonas") == []


def test_the_same_answers_at_once_are_backchannels(talk) -> None:
    quiet_answers(talk, after=0.1)
    assert sure(talk) == []


def test_late_but_full_answers_are_thinking(talk) -> None:
    quiet_answers(talk, seconds=4.0)
    assert sure(talk) == []


def test_one_late_short_answer_is_a_pause_for_thought(talk) -> None:
    quiet_answers(talk, 1)
    talk.chat(6)
    assert sure(talk) == []


def test_someone_who_always_answers_late_and_short_is_not_going_quiet(empty_talk) -> None:
    quiet_answers(empty_talk, 20)
    assert sure(empty_talk) == []


def test_silence_of_both_is_nothing(empty_talk) -> None:
    assert quiet_stretches(empty_talk.utterances, "Maya") == ()
