"""`undertone review`: where it listens, and what it says where it cannot."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app import review_command
from app.review.settings import HOST, SETTINGS
from app.review_command import free_port, review, server_command


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
    command = server_command(8501)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert SETTINGS["browser.gatherUsageStats"] is False
    assert SETTINGS["client.showErrorLinks"] is False


def test_all_settings_are_known_to_streamlit_and_go_before_those_of_the_person(tmp_path: Path, monkeypatch) -> None:
    """They are given to it by a function of its command line, which takes unknown names without a word."""
    pytest.importorskip("streamlit")
    from streamlit import config

    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text("[browser]\ngatherUsageStats = true\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNDERTONE_LIBRARY", str(tmp_path / "library"))
    import app.review.asgi  # noqa: F401

    assert {name: config.get_option(name) for name in SETTINGS} == dict(SETTINGS)
