"""What is printed and written is plain, complete and never surer than it may be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from analysis.moments import read_conversation
from app.report import analysis_json, analysis_table, clock
from audio.listen import listen
from audio.storage import conversation_from_json

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module")
def evening():
    conversation = listen(SAMPLES / "evening.ogg")
    return conversation, read_conversation(conversation)


def printed(evening, width: int, sensitivity: float = 0.5) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(analysis_table(*evening, sensitivity))
    return console.export_text()


def test_a_narrow_terminal_still_shows_every_word(evening) -> None:
    wide, narrow = printed(evening, 200), printed(evening, 60)
    assert "gunk" in wide
    assert "gunk" in narrow
    assert max(len(line) for line in narrow.splitlines()) <= 60


def test_nothing_is_a_hundred_per_cent_sure(evening) -> None:
    assert "100% sure" not in printed(evening, 200)


def test_no_moments_is_said_in_words(evening) -> None:
    assert "No moment stands out" in printed(evening, 200, sensitivity=0.0)


def test_what_is_written_can_be_read_again(evening) -> None:
    conversation, reading = evening
    plain = analysis_json(conversation, reading, 0.5)
    again = conversation_from_json(plain)
    assert [u.text for u in again.utterances] == [u.text for u in conversation.utterances]
    assert len(read_conversation(again).moments()) == len(plain["moments"])


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (64.9, "1:04"), (3599, "59:59"), (3724, "1:02:04")])
def test_times_are_shown_as_a_clock(seconds, shown) -> None:
    assert clock(seconds) == shown
