"""The second reader: a language model on this machine, asked over the OpenAI protocol; the server is the test's."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis.acts import Act
from analysis.moments import Moment
from analysis.reply import Reply
from analysis.reply_timing import Timing
from analysis.shifts import ToneShift
from analysis.verdict import Evidence
from app.cli import command
from app.report import moment_json
from app.second_reader import SecondReader, SecondReaderError, checked_address, read_again

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
GOOD = {"acts": [{"act": "change_subject", "quote": "want to go out"}], "verdict": "missed"}


class Server:
    """A server of the protocol whose answers a test chooses; keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, str]] = lambda _: (200, json.dumps(GOOD))
        self.models: list[str] = ["tiny-model"]
        self.redirect_to = ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, {"data": [{"id": name} for name in server.models]})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(request)
                if server.redirect_to:
                    self.send_response(307)
                    self.send_header("Location", server.redirect_to)
                    self.end_headers()
                    return
                status, content = server.answer(request)
                self._send(status, {"choices": [{"message": {"role": "assistant", "content": content}}]})

            def _send(self, status: int, plain: dict[str, Any]) -> None:
                body = json.dumps(plain).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def moment() -> Moment:
    shift = ToneShift(10.0, 12.0, "Maya", "heavy", 0.9, "I'm just tired.", "I'm just tired", ())
    reply = Reply(
        12.2, 14.0, "Jonas", "Cool, want to go out?", (Act("change_subject", "want to go out", 1.0, False),),
        voice=None, timing=Timing(0.2, 0.0, 0.3, 0.0), evidence=Evidence(-3.0, None, 0.0),
    )  # fmt: skip
    return Moment(shift, 0.9, reply)


def test_a_reply_is_read_a_second_time_and_the_reading_names_its_model(server, moment) -> None:
    second = read_again([moment], SecondReader(server.address)).of(moment)
    assert second is not None
    assert (second.model, second.verdict) == ("tiny-model", "missed")
    assert second.acts == (("change_subject", "want to go out"),)


def test_the_server_is_told_the_schema_and_only_the_words_of_the_moment(server, moment) -> None:
    read_again([moment], SecondReader(server.address, "other-model"))
    (request,) = server.requests
    assert request["model"] == "other-model"
    assert request["response_format"]["type"] == "json_schema"
    said = json.loads(request["messages"][-1]["content"])
    assert said == {"tone": "heavy", "before": "I'm just tired.", "reply": "Cool, want to go out?"}


def test_a_server_that_knows_no_schemas_is_asked_without(server, moment) -> None:
    server.answer = lambda request: (400, "") if "response_format" in request else (200, json.dumps(GOOD))
    assert read_again([moment], SecondReader(server.address)).of(moment)
    assert len(server.requests) == 2


@pytest.mark.parametrize("around", ["```json\n{}\n```", "<think>Hmm, {{acts}}?</think>\n{}", "Here it is: {} Done."])
def test_what_models_put_around_their_answer_is_taken_off(server, moment, around) -> None:
    server.answer = lambda _: (200, around.replace("{}", json.dumps(GOOD)))
    assert read_again([moment], SecondReader(server.address)).of(moment)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Sure! The reply changes the subject.",
        json.dumps({"acts": [{"act": "gaslight", "quote": ""}], "verdict": "missed"}),
        json.dumps({"acts": [], "verdict": "narcissist"}),
        json.dumps([1, 2]),
        "{",
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_a_note_and_changes_nothing(server, moment, content) -> None:
    server.answer = lambda _: (200, content)
    second = read_again([moment], SecondReader(server.address))
    assert second.of(moment) is None
    (note,) = second.notes
    assert note.startswith("Second reader: 1 of 1 replies were not read a second time")
    assert moment_json(moment, second.of(moment)) == moment_json(moment)


def test_a_quote_that_was_never_said_is_left_out(server, moment) -> None:
    invented = {"acts": [{"act": "minimise", "quote": "get over it"}], "verdict": "missed"}
    server.answer = lambda _: (200, json.dumps(invented))
    second = read_again([moment], SecondReader(server.address)).of(moment)
    assert second is not None
    assert second.acts == (("minimise", ""),)


def test_nobody_at_the_address_is_a_note(moment) -> None:
    second = read_again([moment, moment], SecondReader("http://127.0.0.1:9/v1", "model"))
    assert second.of(moment) is None
    assert "cannot be reached" in second.notes[0]


def test_a_server_without_a_model_is_a_note(server, moment) -> None:
    server.models = []
    assert "names no model" in read_again([moment], SecondReader(server.address)).notes[0]


def test_a_redirect_is_not_followed(server, moment) -> None:
    elsewhere = Server()
    server.redirect_to = f"{elsewhere.address}/chat/completions"
    assert read_again([moment], SecondReader(server.address)).of(moment) is None
    assert elsewhere.requests == []
    elsewhere.stop()


def test_a_proxy_of_the_environment_is_not_used(server, moment, monkeypatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert read_again([moment], SecondReader(server.address)).of(moment)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1234/v1", "http://localhost:11434/v1/", "http://[::1]:8080/v1"])
def test_addresses_of_this_machine_are_allowed(address) -> None:
    assert checked_address(SecondReader(address)) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.com/v1",
        "http://192.168.1.7:11434/v1",
        "http://127.0.0.1.example.com/v1",
        "http://0.0.0.0/v1",
    ],
)
def test_other_machines_are_refused_unless_allowed_by_name(address) -> None:
    with pytest.raises(SecondReaderError, match="not this machine"):
        checked_address(SecondReader(address))
    assert checked_address(SecondReader(address, anywhere=True)) == address


@pytest.mark.parametrize("address", ["", "ollama", "ftp://127.0.0.1/v1", "http://"])
def test_what_is_no_address_is_one_sentence(address) -> None:
    with pytest.raises(SecondReaderError, match="no address of a server"):
        checked_address(SecondReader(address))


def test_the_command_shows_both_readings_side_by_side(server, tmp_path) -> None:
    arguments = ["analyze", str(SAMPLES / "evening.ogg"), "--out", str(tmp_path), "--second-reader", server.address]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    assert "Second reader (tiny-model): missed, a change of subject." in " ".join(
        result.output.replace("│", " ").split()
    )
    moments = json.loads((tmp_path / "evening.json").read_text())["moments"]
    assert all(moment["second_reading"]["model"] == "tiny-model" for moment in moments)
    assert {moment["verdict"] for moment in moments} == {"met", "missed"}  # the built-in reading stands


def test_the_command_refuses_another_machine_before_it_begins() -> None:
    sample = str(SAMPLES / "evening.ogg")
    result = CliRunner().invoke(command, ["analyze", sample, "--second-reader", "https://api.example.com/v1"])
    assert result.exit_code == 2
    assert "not this machine" in result.output
