"""The figures of a session, as trends read them: of the sample, with what people wrote about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.library import Library
from app.session.edits import AddMoment, MarkMoment, MomentPlace, NameVoice, SetRole
from app.session.read_session import READER
from app.session.remarks import place_of
from app.session.session_figures import FILE, session_figures
from app.session.session_summary import session_summary

EVENING = Path(__file__).resolve().parents[2] / "sample_data" / "evening.ogg"


@pytest.fixture
def session(library) -> tuple[Library, str]:
    return library, library.sessions()[0].id


def moments_of(library: Library, session_id: str):
    return READER.read(library, session_id, library.edits(session_id)).reading


def test_a_session_that_was_not_analysed_has_no_figures(tmp_path) -> None:
    library = Library(tmp_path)
    assert session_figures(library, library.add(EVENING).id) is None
    library.close()


def test_the_figures_are_those_of_the_summary(session) -> None:
    found, summary = session_figures(*session), session_summary(*session)
    assert [found.of_verdict(verdict) for verdict in ("met", "missed", "unclear")] == [
        summary.met, summary.missed, summary.unclear
    ]  # fmt: skip
    assert found.length == pytest.approx(session[0].conversation(session[1]).duration)
    assert sum(one.share for one in found.partners) == pytest.approx(1.0)


def test_the_normals_are_those_of_the_reading_in_units_of_their_own(session) -> None:
    found, reading = session_figures(*session), moments_of(*session)
    for one, baseline in zip(found.partners, reading.baselines.values(), strict=True):
        assert one.pitch.middle == baseline.centre["pitch_median"]
        assert 2.0 < one.pace.middle < 7.0  # syllables a second, where the baseline has their logarithm
        assert -60 < one.loudness.middle < 0
        assert 0 < one.pitch.error < 1.0


def test_a_voice_is_named_once_somebody_named_it(session) -> None:
    library, session_id = session
    assert not any(one.is_named for one in session_figures(library, session_id).partners)
    speaker = library.conversation(session_id).speakers[0]
    library.edit(session_id, NameVoice(speaker, "Ines"))
    found = session_figures(library, session_id)
    assert (found.partners[0].name, found.partners[0].is_named) == ("Ines", True)
    assert "Ines" in {one.whose for one in found.moments}


def test_a_mark_stands_at_its_moment(session) -> None:
    library, session_id = session
    moment = moments_of(library, session_id).moments()[1]
    library.edit(session_id, MarkMoment(place_of(moment), "dismiss"))
    found = session_figures(library, session_id)
    assert [one.mark for one in found.moments].index("dismiss") == 1
    assert len(found.counted) == len(found.moments) - 1


def test_a_moment_that_is_too_faint_to_be_shown_counts_once_it_was_agreed_to(session) -> None:
    library, session_id = session
    reading = moments_of(library, session_id)
    faint = next(one for one in reading.moments(0.9) if one not in reading.moments())
    before = len(session_figures(library, session_id).moments)
    library.edit(session_id, MarkMoment(place_of(faint), "dismiss"))
    assert len(session_figures(library, session_id).moments) == before
    library.edit(session_id, MarkMoment(place_of(faint), "agree"))
    found = session_figures(library, session_id)
    assert len(found.moments) == before + 1
    assert found.moments[-1].weight == 1.0


def test_a_moment_that_was_added_by_hand_is_certain(session) -> None:
    library, session_id = session
    said = library.conversation(session_id).utterances[4]
    library.edit(session_id, AddMoment(MomentPlace(said.start, said.end, said.speaker, "quiet")))
    found = session_figures(library, session_id)
    assert any(one.kind == "quiet" and one.strength == 1.0 for one in found.moments)


def test_a_coach_is_no_partner(session) -> None:
    library, session_id = session
    coach = library.conversation(session_id).speakers[0]
    library.edit(session_id, SetRole(coach, "coach"))
    assert len(session_figures(library, session_id).partners) == 1


def test_what_was_kept_is_read_again_and_made_anew_after_an_edit(session, monkeypatch) -> None:
    library, session_id = session
    before = session_figures(library, session_id)
    with monkeypatch.context() as patched:
        patched.setattr(READER, "read", None)  # nothing may be read
        assert session_figures(library, session_id) == before
    library.edit(session_id, NameVoice(library.conversation(session_id).speakers[0], "Ines"))
    assert session_figures(library, session_id) != before


def test_figures_that_are_damaged_are_made_anew(session) -> None:
    library, session_id = session
    before = session_figures(library, session_id)
    (library.files(session_id).folder / FILE).write_text('{"made_of": 3')
    assert session_figures(library, session_id) == before


def test_figures_are_made_with_the_summary(session) -> None:
    library, session_id = session
    session_summary(library, session_id)
    assert (library.files(session_id).folder / FILE).exists()
