"""What replies do, read from their words."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from analysis.acts import Act, stance
from analysis.cue_phrases import Cues, load_cues, read_cues
from analysis.reply_words import read_acts, read_reply

REPLIES = Path(__file__).parent.parent / "data" / "replies"
# Share of replies kept aside that fall on their right side; `benchmarks/replies.py` prints it. Less a margin.
KEPT_ASIDE_FLOOR = 0.90
GERMAN_FLOOR = 0.80

Reply = dict[str, Any]


@pytest.fixture(scope="module")
def cues() -> Cues:
    english = load_cues("en")
    assert english is not None
    return english


@pytest.fixture(scope="module")
def without_table() -> Cues:
    """The same phrases for a language that nobody has learnt a table of weights for."""
    source = files("analysis.cues").joinpath("en.toml").read_text(encoding="utf-8")
    return read_cues("xx", tomllib.loads(source))


def replies(language: str, *, kept_aside: bool) -> list[Reply]:
    paths = [path for path in (REPLIES / language).glob("*.jsonl") if path.stem.startswith("kept_aside") == kept_aside]
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def names(acts: tuple[Act, ...]) -> list[str]:
    return [act.name for act in acts]


def share_on_the_right_side(rows: list[Reply], cues: Cues) -> float:
    leanings = [(row["label"] == "attuned", read_reply(row["reply"], row["before"], cues).evidence) for row in rows]
    return sum((leaning > 0) == attuned for attuned, leaning in leanings if leaning) / len(rows)


def test_attuned_and_missing_replies_are_told_apart_in_people_never_heard(cues: Cues) -> None:
    assert share_on_the_right_side(replies("en", kept_aside=True), cues) >= KEPT_ASIDE_FLOOR


def test_a_second_language_is_read_from_its_files_alone() -> None:
    german = load_cues("de")
    assert german is not None
    assert share_on_the_right_side(replies("de", kept_aside=True), german) >= GERMAN_FLOOR


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_replies_kept_aside_are_kept_aside(language: str) -> None:
    learnt_from = {row["reply"] for row in replies(language, kept_aside=False)}
    kept = {row["reply"] for row in replies(language, kept_aside=True)}
    assert len(kept) > 100
    assert len(kept & learnt_from) <= 0.03 * len(kept)  # the commonest sentences there are come twice


@pytest.mark.parametrize(
    "reply",
    [
        "you okay?",
        "what's up love",
        "oh sweetheart",
        "do you need a hug",
        "I hear you",
        "that's a lot",
        "no wonder you're exhausted",
        "I'm sorry you had such a day",
        "tell me more",
        "want me to just listen?",
        "hey. look at me. breathe.",
        "did I say something wrong?",
    ],
)
def test_short_warm_replies_meet_the_partner(reply: str, cues: Cues) -> None:
    assert stance(read_acts(reply, "I'm just tired.", cues)) > 0


@pytest.mark.parametrize(
    "reply",
    [
        "We should pick a weekend for the flea market.",
        "I need to drop the parcel off before noon.",
        "I think the bike needs a new chain.",
        "Did you see the note from the kindergarten?",
        "The lilac is out already.",
    ],
)
def test_everyday_talk_after_a_heavy_line_goes_elsewhere_and_is_no_advice(reply: str, cues: Cues) -> None:
    acts = read_acts(reply, "I'm just tired.", cues)
    assert set(names(acts)) <= {"change_subject", "logistics", "invite_elsewhere"}
    assert stance(acts) < 0


def test_the_same_talk_is_no_change_of_subject_where_it_is_the_subject(without_table: Cues) -> None:
    acts = read_acts("The lilac is out already.", "I keep looking at the lilac.", without_table)
    assert names(acts) == ["takes_up"]
    assert stance(acts) == 0


def test_a_question_about_what_was_said_is_interest_and_another_is_not(without_table: Cues) -> None:
    assert names(read_acts("Which doctor?", "The doctor called.", without_table)) == ["check_in"]
    assert names(read_acts("Why, what happened?", "I cried.", without_table)) == ["check_in", "check_in"]
    assert names(read_acts("Is the kettle on?", "The doctor called.", without_table)) == ["change_subject"]


def test_nothing_taken_up_is_a_weak_miss_whose_evidence_is_what_was_said_instead(without_table: Cues) -> None:
    (act,) = read_acts("The lilac is out already.", "I'm just tired.", without_table)
    assert act.phrase == "The lilac is out already."
    assert act.attuned is False
    assert 0 < act.weight < 0.5


def test_going_on_with_ones_own_story_is_keep_talking(without_table: Cues) -> None:
    own = "They delivered the fence today, oak posts, and I put the first panel up."
    reply = "The posts are real oak, and the panel fits."
    assert names(read_acts(reply, "Fine.", without_table, own_previous=own)) == ["keep_talking"]
    assert names(read_acts("So as I was saying, it fits.", "Fine.", without_table)) == ["keep_talking"]


def test_a_warm_start_followed_by_advice_keeps_its_order_and_is_not_met_in_full(cues: Cues) -> None:
    warm = read_reply("That sounds really hard.", "I cried at work.", cues)
    both = read_reply("That sounds really hard. You should talk to your boss.", "I cried at work.", cues)
    assert names(both.acts) == ["reflect", "advise"]
    assert both.evidence < warm.evidence - 1
    assert read_reply("I hear you, but you always do this.", "It hurts.", cues).evidence < 0


def test_going_on_with_ones_own_story_counts_whatever_the_words(cues: Cues) -> None:
    own = "They delivered the fence today, oak posts, and I put the first panel up."
    reply = "The posts are real oak, and the panel fits."
    assert "keep_talking" in names(read_acts(reply, "Fine.", cues, own_previous=own))


@pytest.mark.parametrize(
    ("before", "reply", "attuned"),
    [
        ("I'm just tired.", "Cool, want to go out?", False),
        ("I miss her.", "Well, you're cleaning out the gunk.", False),
        ("Fine.", "And then he told me the whole story again.", False),
        ("I'm fine.", "I noticed you went quiet, how are you feeling?", True),
        ("I don't know.", "What's happening in your body right now?", True),
        ("I'm just tired.", "That sounds really heavy.", True),
        ("I can't do this.", "You seem overwhelmed. I'm here.", True),
        ("I can't do this.", "Want to sit together in silence for a bit?", True),
        ("Never mind.", "I think I missed something important, can we slow down and go back?", True),
        ("Never mind.", "I was trying to help, but I might have overridden what you needed. Can we try again?", True),
    ],
)
def test_the_lines_of_the_design_are_read_clearly(before: str, reply: str, attuned: bool, cues: Cues) -> None:
    for heard in (reply, reply.lower().translate({ord(mark): "" for mark in ",.?"})):
        evidence = read_reply(heard, before, cues).evidence
        assert (evidence > 1) if attuned else (evidence < -1)


def test_every_act_says_what_it_was_read_from(cues: Cues) -> None:
    for row in replies("en", kept_aside=True):
        for act in read_acts(row["reply"], row["before"], cues):
            assert act.read_from in ("phrase", "words", "topic")
            assert act.phrase and act.phrase.rstrip(".") in row["reply"]


def test_you_and_i_after_a_complaint_are_blame_and_defence(without_table: Cues) -> None:
    complaint = "You never listen!"
    assert names(read_acts("You left the stove on.", complaint, without_table)) == ["counter_attack"]
    assert names(read_acts("I cooked all of it.", complaint, without_table)) == ["defend"]
    assert stance(read_acts("You left the stove on.", complaint, without_table)) < 0


def test_a_sentence_with_a_feeling_in_it_mirrors(without_table: Cues) -> None:
    (act,) = read_acts("You carry such a weight.", "I'm just tired.", without_table)
    assert (act.name, act.attuned) == ("reflect", True)


def test_an_errand_that_the_partner_spoke_of_is_not_logistics(cues: Cues) -> None:
    assert "logistics" not in names(read_acts("The dentist.", "I'm afraid of the dentist.", cues))


def test_only_a_backchannel_leaves_it_lying_there(cues: Cues) -> None:
    assert names(read_acts("Mm hm.", "It hurts.", cues)) == ["backchannel_only"]
    assert names(read_acts("Right. Is the kettle on?", "It hurts.", cues)) == ["change_subject"]


@pytest.mark.parametrize("reply", ["", "   ", "..."])
def test_no_words_are_no_acts(reply: str, cues: Cues) -> None:
    assert read_acts(reply, "It hurts.", cues) == ()
    assert stance(()) == 0


def test_the_stance_stays_within_its_bounds(cues: Cues) -> None:
    for row in replies("en", kept_aside=True):
        assert -1 <= stance(read_acts(row["reply"], row["before"], cues)) <= 1
