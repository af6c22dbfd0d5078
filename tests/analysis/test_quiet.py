"""Going quiet: short and late answers, or none where there was room, while the partner goes on; nothing else is it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from analysis.baseline import speaker_baseline
from analysis.cue_phrases import load_cues
from analysis.moments import DEFAULT_SENSITIVITY, read_conversation
from analysis.quiet import quiet_stretches
from audio.conversation import Span

SENTENCE = "Then we walked along the river until the old mill came in sight."


def quiet_answers(talk, count=3, *, seconds=0.5, after=1.8, tone="ordinary", text="I guess.") -> None:
    for _ in range(count):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=3.0)
        talk.say("Maya", text, tone, seconds=seconds, after=after)


def monologue(talk, sentences=8, *, pause=0.9, listener=None, sign_after=0.15, sign="Mm-hm.") -> None:
    """Jonas talks for about six seconds a sentence; `listener` gives a sign of listening behind each."""
    for _ in range(sentences):
        talk.say("Jonas", SENTENCE, seconds=5.2, after=pause)
        if listener:
            talk.say(listener, sign, seconds=0.35, after=sign_after)


def ordinary_talk(talk, lines=8) -> None:
    """Jonas goes on, and Maya takes it up."""
    talk.say("Jonas", SENTENCE)
    talk.chat(lines)


def stretches(talk, speaker="Maya", *, words=True):
    utterances = sorted(talk.utterances)
    if not words:
        utterances = [replace(utterance, words=()) for utterance in utterances]
    phrases = [phrase for u in utterances if u.speaker == speaker for phrase in u.phrases]
    return quiet_stretches(utterances, speaker_baseline(speaker, phrases), load_cues("en") if words else None)


def sure(talk, speaker="Maya", **options):
    return [stretch for stretch in stretches(talk, speaker, **options) if stretch.probability > 0.5]


def likeliest(talk, speaker="Maya") -> float:
    return max((stretch.probability for stretch in stretches(talk, speaker)), default=0.0)


def test_short_and_late_answers_in_a_row_are_going_quiet(talk) -> None:
    quiet_answers(talk)
    ordinary_talk(talk)
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 3
    assert stretch.delay > 1.5 > stretch.usual_delay
    assert stretch.length < 1 < stretch.usual_length
    assert stretch.share < 0.2 < 0.4 < stretch.usual_share
    assert sure(talk, "Jonas") == []


def test_it_takes_no_words(talk) -> None:
    quiet_answers(talk)
    assert len(sure(talk, words=False)) == 1


def test_the_same_answers_at_once_are_listening(talk) -> None:
    quiet_answers(talk, 5, after=0.2, text="Mm-hm.")
    assert stretches(talk) == ()
    assert stretches(talk, words=False) == ()


def test_late_but_full_answers_are_thinking(talk) -> None:
    quiet_answers(talk, 5, seconds=3.0)
    assert sure(talk) == []


def test_one_late_short_answer_is_a_pause_for_thought(talk) -> None:
    quiet_answers(talk, 1)
    talk.chat(6)
    assert sure(talk) == []


def test_a_quick_yes_between_does_not_end_it(talk) -> None:
    quiet_answers(talk, 2)
    quiet_answers(talk, 1, after=0.2, text="Yeah.")
    quiet_answers(talk, 2)
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 4


def test_a_full_answer_ends_it(talk) -> None:
    quiet_answers(talk, 3)
    ordinary_talk(talk)
    quiet_answers(talk, 3)
    assert [len(stretch.answers) for stretch in sure(talk)] == [3, 3]


def test_who_goes_on_after_a_short_answer_has_answered_in_full(talk) -> None:
    for _ in range(3):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=3.0)
        talk.say("Maya", "I guess.", seconds=0.5, after=1.8)
        talk.say("Maya", "But then the door would have to be white as well.", after=1.0)
    assert sure(talk) == []


def test_a_soft_voice_counts_a_little(talk) -> None:
    quiet_answers(talk, 2, seconds=1.2, after=0.9, tone="ordinary")
    ordinary = likeliest(talk)
    talk.utterances[-1:] = [_softer(talk.utterances[-1])]
    talk.utterances[-3:-2] = [_softer(talk.utterances[-3])]
    assert ordinary < likeliest(talk) < 1


def _softer(utterance):
    return replace(utterance, measures=replace(utterance.measures, loudness=utterance.measures.loudness - 6))


def test_a_soft_voice_alone_is_nothing(talk) -> None:
    quiet_answers(talk, 5, seconds=2.8, after=0.3, tone="far away")
    assert stretches(talk) == ()


def test_someone_who_always_answers_late_and_short_is_not_going_quiet(empty_talk) -> None:
    quiet_answers(empty_talk, 30)
    assert stretches(empty_talk) == ()


def test_someone_who_is_much_slower_than_most_is_not_going_quiet(empty_talk) -> None:
    quiet_answers(empty_talk, 30, after=3.5, seconds=0.4)
    assert stretches(empty_talk) == ()


def test_who_warms_up_over_ten_minutes_was_not_quiet_at_first(empty_talk) -> None:
    for step in range(100):
        warm = step / 100
        quiet_answers(empty_talk, 1, after=1.9 - 1.6 * warm, seconds=0.6 + 2.4 * warm, text="We did that in May.")
    empty_talk.chat(150)
    assert sure(empty_talk) == []


def test_a_terse_speaker_after_a_lively_stretch_is_terse_again(empty_talk) -> None:
    quiet_answers(empty_talk, 30, text="We did.")
    empty_talk.chat(16)
    quiet_answers(empty_talk, 30, text="We did.")
    assert sure(empty_talk) == []


def test_who_is_quiet_for_half_of_the_session_went_quiet_where_it_began(talk) -> None:
    began = talk.clock
    quiet_answers(talk, 16)
    (stretch,) = sure(talk)
    assert began < stretch.start < began + 10


def test_both_growing_silent_is_not_one_going_quiet(talk) -> None:
    for _ in range(6):
        talk.say("Jonas", "We could.", seconds=0.6, after=2.5)
        talk.say("Maya", "I guess.", seconds=0.5, after=2.5)
    assert sure(talk) == sure(talk, "Jonas") == []


def test_a_long_silence_of_both_is_nothing(talk) -> None:
    talk.say("Jonas", SENTENCE)
    talk.say("Jonas", SENTENCE, after=60)
    talk.chat(4)
    assert stretches(talk) == ()


def test_nothing_said_is_nothing(empty_talk) -> None:
    assert stretches(empty_talk) == ()


def test_saying_nothing_while_the_partner_talks_on_alone_is_going_quiet(talk) -> None:
    monologue(talk, 10)
    talk.chat(8)
    (stretch,) = sure(talk)
    assert (stretch.answers, stretch.passed) == ((), 10)
    assert stretch.duration > 45
    assert stretch.share < 0.1 < 0.4 < stretch.usual_share


def test_two_words_in_a_minute_are_surer_than_none(talk) -> None:
    monologue(talk, 4)
    talk.say("Maya", "Fine.", seconds=0.4, after=2.0)
    monologue(talk, 4)
    talk.say("Maya", "Whatever.", seconds=0.5, after=2.0)
    monologue(talk, 2)
    talk.chat(8)
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 2
    assert stretch.probability > 0.9


def test_two_dismissive_words_at_once_are_no_listening(talk) -> None:
    for _ in range(2):
        monologue(talk, 4)
        talk.say("Maya", "Fine.", seconds=0.4, after=0.3)
    monologue(talk, 3)
    dismissed = likeliest(talk)
    talk.utterances = [_listening(u) if u.text == "Fine." else u for u in talk.utterances]
    assert likeliest(talk) < 0.5 < dismissed


def _listening(utterance):
    return replace(utterance, words=(replace(utterance.words[0], text="Mm-hm."),))


def test_listening_to_a_story_is_not_going_quiet(talk) -> None:
    monologue(talk, 10, listener="Maya")
    talk.chat(8)
    assert stretches(talk) == ()
    assert stretches(talk, words=False) == ()


def test_the_same_sign_of_listening_after_two_seconds_is_none(talk) -> None:
    monologue(talk, 6, listener="Maya", sign_after=2.0)
    talk.chat(8)
    assert len(sure(talk)) == 1


def test_listening_with_a_sign_now_and_then_is_not_going_quiet(talk) -> None:
    for _ in range(4):
        monologue(talk, 2)
        talk.say("Maya", "Mm-hm.", seconds=0.35, after=0.15)
    talk.chat(8)
    assert sure(talk) == []


def test_a_talker_who_leaves_no_room_is_not_met_with_quiet(talk) -> None:
    monologue(talk, 12, pause=0.2)
    talk.chat(8)
    assert stretches(talk) == ()


def test_a_story_at_the_very_beginning_is_weak_evidence(empty_talk) -> None:
    monologue(empty_talk, 10)
    empty_talk.chat(40)
    assert likeliest(empty_talk) < 0.3


def test_where_stories_are_heard_in_silence_all_along_one_more_is_nothing(empty_talk) -> None:
    for _ in range(8):
        empty_talk.chat(5)
        monologue(empty_talk, 8)
    empty_talk.chat(5)
    assert sure(empty_talk) == []


def test_a_half_minute_of_story_is_too_little(talk) -> None:
    monologue(talk, 4)
    talk.chat(8)
    assert sure(talk) == []


def test_a_coach_who_explains_to_both_has_the_floor(talk) -> None:
    for _ in range(4):
        talk.say("Coach", "Who would like to begin with that?")
        talk.chat(4)
    for _ in range(10):
        talk.say("Coach", SENTENCE, seconds=5.2, after=0.9)
    talk.chat(8)
    assert sure(talk) == sure(talk, "Jonas") == []


@pytest.mark.parametrize("seed", range(5))
def test_turn_edges_may_be_off_by_a_tenth_and_a_half(talk, seed) -> None:
    quiet_answers(talk)
    ordinary_talk(talk, 16)
    monologue(talk, 10, listener="Maya", sign_after=0.25)
    talk.chat(8)
    chance = random.Random(seed)
    talk.utterances = [_moved(u, chance.uniform(-0.15, 0.15), chance.uniform(-0.15, 0.15)) for u in talk.utterances]
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 3
    assert sure(talk, "Jonas") == []


def _moved(utterance, start, end):
    span = Span(utterance.start + start, max(utterance.end + end, utterance.start + start + 0.05))
    return replace(utterance, start=span.start, end=span.end, spans=(span,))


def test_the_rest_of_a_turn_under_the_wrong_name_is_no_answer(talk) -> None:
    for _ in range(3):
        talk.say("Jonas", "We could paint the small room in a warmer colour.", seconds=3.0)
        talk.say("Maya", "", seconds=0.2, after=0.0)
        talk.say("Maya", "I guess.", seconds=0.5, after=1.8)
    (stretch,) = sure(talk)
    assert len(stretch.answers) == 3


def test_a_moment_of_going_quiet_is_told_in_numbers(talk) -> None:
    quiet_answers(talk, tone="far away")
    ordinary_talk(talk)
    (moment,) = quiet_moments(talk)
    assert moment.sentence.startswith(
        "Maya went quiet: answers came after 1.8 s (usually 0.3 s) and lasted 0.5 s (usually 2.8 s), "
    )
    assert "dB softer, " in moment.sentence
    assert "% of the talk (usually" in moment.sentence


def test_a_partner_who_talks_on_alone_to_the_end_has_missed_it(talk) -> None:
    monologue(talk, 11)
    (moment,) = quiet_moments(talk)
    assert moment.sentence.startswith("Maya went quiet: 11 pauses that left room went by, 0 % of the talk (usually ")
    assert moment.reply.speaker == "Jonas"


def test_silence_that_ends_in_a_full_answer_may_have_been_listening_and_is_less_sure(talk) -> None:
    monologue(talk, 10)
    ordinary_talk(talk)
    assert quiet_moments(talk) == []
    (moment,) = quiet_moments(talk, sensitivity=0.5)
    assert moment.reply.speaker == "Jonas"


def quiet_moments(talk, sensitivity=DEFAULT_SENSITIVITY):
    moments = read_conversation(talk.conversation()).moments(sensitivity)
    return [moment for moment in moments if moment.kind == "quiet"]
