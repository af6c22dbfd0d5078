"""Learning from a coach's marks: off until it is switched on, and never touching what was heard."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from analysis.learnt_confidence import LearntConfidence, Lesson
from analysis.moment_evidence import EVIDENCE
from analysis.taking_part import proportion
from app import learning, marked_evidence
from app.learning import FILE, Taught, keep_taught, learnt_confidence, state_of_marks
from app.library import Library
from app.library.records import Learning
from app.marked_evidence import marked_evidence as evidence_of
from app.marked_evidence import taught
from app.review.learning_part import learnt_sentences
from app.review.player_data import player_data
from app.session.edits import MarkMoment
from app.session.read_session import SessionReader
from app.session.remarks import place_of
from app.session.session_moments import session_moments, shown_moments
from app.session.session_summary import session_summary
from app.texts import load_texts

HELPS = Lesson(proportion(40, 60), proportion(40, 45), proportion(40, 40), proportion(15, 15), chance=1e-6)
AGAINST = tuple(-3.0 if name == "always" else 0.0 for name in EVIDENCE)
AGAINST_ALL = LearntConfidence(AGAINST, (0.1,) * len(EVIDENCE), weakest=0.0)


def read(library, session):
    return SessionReader().read(library, session, library.edits(session))


def mark(library, session, place: int, said: str) -> None:
    moment = read(library, session).reading.candidates[place]
    library.edit(session, MarkMoment(place_of(moment), said))


def as_if_taught(library: Library, confidence: LearntConfidence = AGAINST_ALL, lesson: Lesson = HELPS) -> None:
    """Keep a lesson as if the marks that there are had taught it."""
    since = library.learning().since
    keep_taught(library, Taught(40, 20, state_of_marks(library.marked_sessions(since), since), lesson, confidence))


def page_of(library: Library) -> AppTest:
    def script(folder):
        from app.library import Library
        from app.review.learning_part import show_learning

        show_learning(Library(folder))

    drawn = AppTest.from_function(script, args=(library.folder,), default_timeout=30).run()
    assert not drawn.exception
    return drawn


def told(page: AppTest) -> str:
    written = " ".join(block.proto.body for block in page.get("html"))
    return html.unescape(re.sub(r"<[^>]+>", " ", written))


def test_what_was_learnt_is_not_used_until_somebody_switches_it_on(library, session) -> None:
    mark(library, session, 0, "agree")
    before = player_data(session, read(library, session), library.edits(session))
    as_if_taught(library)
    assert learnt_confidence(library) is None
    assert player_data(session, read(library, session), library.edits(session)) == before


def test_switched_on_and_off_again_everything_is_as_it_was(library, session) -> None:
    mark(library, session, 0, "agree")
    before = player_data(session, read(library, session), library.edits(session))
    counted = session_summary(library, session)
    as_if_taught(library)
    library.set_learning(Learning(is_on=True))
    assert player_data(session, read(library, session), library.edits(session)) != before
    assert session_summary(library, session) != counted
    library.set_learning(Learning(is_on=False))
    assert player_data(session, read(library, session), library.edits(session)) == before
    assert session_summary(library, session) == counted


def test_what_was_measured_and_the_sentence_about_it_stay(library, session) -> None:
    as_if_taught(library)
    measured = {one.moment.start: one.moment for one in session_moments(read(library, session), ())}
    library.set_learning(Learning(is_on=True))
    learnt = session_moments(read(library, session), ())
    assert learnt
    assert all(one.is_taught for one in learnt)
    for one in learnt:
        shipped = measured[one.moment.start]
        assert one.moment.strength < shipped.strength
        assert replace(one.moment, strength=shipped.strength) == shipped
        assert one.moment.sentence == shipped.sentence


def test_the_page_the_list_and_the_counts_show_the_same_moments(library, session) -> None:
    as_if_taught(library)
    library.set_learning(Learning(is_on=True))
    shown = shown_moments(read(library, session), ())
    summary = session_summary(library, session)
    cards = player_data(session, read(library, session), ())["moments"]
    assert len(shown) == summary.missed + summary.met + summary.unclear == sum(one["strength"] >= 0.6 for one in cards)


def test_a_moment_that_was_marked_stays_as_it_was_seen(library, session) -> None:
    first = read(library, session).reading.moments()[0]
    library.edit(session, MarkMoment(place_of(first), "dismiss"))
    as_if_taught(library)
    library.set_learning(Learning(is_on=True))
    moments = session_moments(read(library, session), library.edits(session))
    assert next(one for one in moments if one.moment.start == first.start).moment == first


def test_what_does_not_help_is_not_used(library, session) -> None:
    as_if_taught(library, lesson=replace(HELPS, chance=0.3))
    library.set_learning(Learning(is_on=True))
    assert learnt_confidence(library) is None


def test_marks_are_found_with_their_evidence_and_those_unsure_are_left_out(library, session) -> None:
    for place, said in enumerate(("agree", "dismiss", "unsure")):
        mark(library, session, place, said)
    found = evidence_of(read(library, session), library.edits(session), session)
    candidates = read(library, session).reading.candidates
    assert [one.agreed for one in found] == [True, False]
    assert [one.strength for one in found] == [candidate.strength for candidate in candidates[:2]]


def test_a_mark_that_was_taken_back_teaches_nothing(library, session) -> None:
    mark(library, session, 0, "agree")
    assert taught(library).agreed == 1
    library.undo(session)
    assert taught(library).agreed == 0


def test_sessions_are_read_for_their_marks_only_where_something_changed(library, session, monkeypatch) -> None:
    mark(library, session, 0, "agree")
    first = taught(library)
    (library.folder / FILE).unlink()

    def never(*_):
        raise AssertionError("read anew")

    monkeypatch.setattr(marked_evidence.READER, "read", never)
    assert taught(library) == first


def test_a_lesson_is_not_learnt_twice_from_the_same_marks(library, session, monkeypatch) -> None:
    mark(library, session, 0, "agree")
    first = taught(library)
    monkeypatch.setattr(learning, "can_learn", lambda _: pytest.fail("learnt twice"))
    assert taught(library) == first


def test_after_a_new_beginning_only_new_marks_teach_and_the_old_ones_stay(library, session) -> None:
    mark(library, session, 0, "agree")
    library.set_learning(Learning(since=datetime.now(UTC)))
    mark(library, session, 1, "dismiss")
    found = taught(library)
    assert (found.agreed, found.dismissed) == (0, 1)
    assert len(library.edits(session)) == 2


def test_with_a_session_its_marks_go(library, session) -> None:
    mark(library, session, 0, "agree")
    assert taught(library).agreed == 1
    library.delete(session)
    assert taught(library).agreed == 0
    assert session not in (library.folder / FILE).read_text(encoding="utf-8")


def test_a_lesson_that_cannot_be_read_is_learnt_anew(library, session) -> None:
    mark(library, session, 0, "agree")
    (library.folder / FILE).write_text("{", encoding="utf-8")
    assert taught(library).agreed == 1
    assert json.loads((library.folder / FILE).read_text(encoding="utf-8"))["agreed"] == 1


def test_the_part_says_how_many_marks_are_still_needed(library, session) -> None:
    mark(library, session, 0, "agree")
    mark(library, session, 1, "dismiss")
    page = page_of(library)
    assert "at least 28 more" in told(page)
    assert not page.toggle


def test_the_part_is_not_there_before_the_first_mark(library, session) -> None:
    assert not page_of(library).expander


def test_once_it_helps_it_is_offered_and_one_click_uses_it(library, session) -> None:
    mark(library, session, 0, "agree")
    as_if_taught(library)
    page = page_of(library)
    assert "40 of 60" in told(page)
    assert "40 of 45" in told(page)
    page.toggle[0].set_value(True).run()
    assert library.learning().is_on
    assert page.toggle[0].value
    page.toggle[0].set_value(False).run()
    assert not library.learning().is_on


def test_where_it_does_not_help_that_is_said_and_no_switch_is_offered(library, session) -> None:
    mark(library, session, 0, "agree")
    as_if_taught(library, lesson=replace(HELPS, chance=0.3))
    page = page_of(library)
    assert load_texts()["learning"]["no_help"] in told(page)
    assert not page.toggle


def test_it_begins_anew_only_after_asking(library, session) -> None:
    mark(library, session, 0, "agree")
    page = page_of(library)
    page.button(key="learning-reset").click().run()
    assert library.learning().since is None
    page.button(key="learning-reset-now").click().run()
    assert library.learning().since is not None
    assert "0 agreed with" in told(page)


def test_what_was_learnt_is_said_in_plain_words_about_moments() -> None:
    weights = {"sharp": -1.0, "answered": 0.8, "quiet": 0.1}
    confidence = replace(AGAINST_ALL, weights=tuple(weights.get(name, 0.0) for name in EVIDENCE))
    assert learnt_sentences(confidence) == [
        "Surer than before: moments that the reply took up, or consoled.",
        "Less sure than before: sharp moments.",
    ]


def test_every_piece_of_evidence_can_be_said() -> None:
    assert set(load_texts()["learning"]["of"]) == set(EVIDENCE)
