"""What the browser asks about a session: whether somebody wrote, which lines sound alike. Asking writes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.review.media import media_routes
from app.review.questions import question_addresses, question_routes
from app.session.edits import GiveSpeech, NameVoice

LINES = (0, 2, 5, 7, 10, 12, 15, 17)  # of the recording, that are said to be one voice's: some are Ben's, some Nora's


def asked(library, session: str, name: str, **question: object):
    """The answer, by the same routes in the same order as in the app."""
    client = TestClient(Starlette(routes=[*question_routes(library), *media_routes(library)]))
    return client.get(question_addresses(session)[name], params=question)


def test_the_state_is_another_once_somebody_wrote(library, session, evening) -> None:
    before = asked(library, session, "written").json()
    assert asked(library, session, "written").json() == before == library.state_of_edits(session)
    library.edit(session, NameVoice(evening.speakers[0], "Ines"))
    assert asked(library, session, "written").json() != before


def test_answers_are_kept_nowhere_and_shown_to_no_other_site(library, session) -> None:
    answer = asked(library, session, "written")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_lines_that_were_taken_for_a_third_voice_are_parted_by_their_sound(library, session, evening) -> None:
    given = [evening.utterances[place] for place in LINES]
    library.edit(session, GiveSpeech(tuple(span for line in given for span in line.spans), "Speaker_3"))
    one = next(line for line in given if line.speaker == evening.speakers[0])
    found = asked(
        library, session, "alike", speaker="Speaker_3", start=round(one.start, 3), end=round(one.end, 3)
    ).json()
    starts = {round(line["start"], 3) for line in found}
    assert round(one.start, 3) in starts
    assert len(starts) > 1
    assert starts <= {round(line.start, 3) for line in given if line.speaker == one.speaker}
    assert library.edit_count(session) == 1


def test_of_an_analysis_that_kept_no_voices_it_cannot_be_told(library, session, evening) -> None:
    library.keep(session, replace(evening, voices=None))
    line = evening.utterances[0]
    answer = asked(library, session, "alike", speaker=line.speaker, start=line.start, end=line.end)
    assert answer.json() == []


def test_a_line_that_is_not_there_sounds_like_none(library, session, evening) -> None:
    assert asked(library, session, "alike", speaker="Nobody", start=1.0, end=2.0).json() == []


@pytest.mark.parametrize("question", [{}, {"speaker": "Ben", "start": "soon", "end": 2}])
def test_what_cannot_be_asked_so_is_said_to_be(library, session, question) -> None:
    assert asked(library, session, "alike", **question).status_code == 400


def test_a_session_that_is_there_no_more_has_no_answers(library, session) -> None:
    library.delete(session)
    assert asked(library, session, "written").status_code == 404
    assert asked(library, session, "alike", speaker="Ben", start=1, end=2).status_code == 404
