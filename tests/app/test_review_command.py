"""`undertone review`: where it listens, and what it says where it cannot."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app import review_command
from app.review_command import HOST, SETTINGS, free_port, review


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind((HOST, 0))
        holder.listen()
        yield int(holder.getsockname()[1])


@pytest.fixture
def command() -> typer.Typer:
    made = typer.Typer()
    made.command()(review)
    return made


def test_a_port_that_is_taken_is_passed_over(taken: int) -> None:
    free = free_port(taken)
    assert free is not None
    assert free > taken


def test_where_no_port_is_free_one_sentence_says_so(taken: int, command: typer.Typer, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(review_command, "NEXT_PORTS", 0)
    answer = CliRunner().invoke(command, ["--library", str(tmp_path), "--port", str(taken)])
    assert answer.exit_code == 2
    assert "name another with --port" in answer.output


def test_a_library_that_cannot_be_opened_is_one_sentence(command: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = CliRunner().invoke(command, ["--library", str(tmp_path / "file" / "library")])
    assert answer.exit_code == 2
    assert "cannot be made" in answer.output


def test_nobody_but_this_machine_is_answered_and_nothing_is_counted() -> None:
    assert SETTINGS["STREAMLIT_SERVER_ADDRESS"] == "127.0.0.1"
    assert SETTINGS["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] == "false"
    assert SETTINGS["STREAMLIT_CLIENT_SHOW_ERROR_LINKS"] == "false"
