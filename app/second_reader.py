"""A second opinion on replies: a language model that runs on this machine, asked for the acts of each reply.

In: moments, and the address of a server that speaks the OpenAI protocol (Ollama, llama.cpp, LM Studio). Out: what the
model read, to be shown beside the built-in reading; no verdict changes by it. Off unless an address is given. Only
addresses of this machine are taken unless another is allowed by name, since what people said would leave it. Whatever
goes wrong here is a sentence for the person, and the analysis stands as it was.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
from pydantic import BaseModel, Field, ValidationError

from analysis.moments import Moment
from analysis.wording import ACTS
from audio.errors import UndertoneError

PATIENCE = 120.0  # seconds for one reply; a large model on a processor is slow
CONNECTS_WITHIN = 3.0  # seconds
LONGEST_ANSWER = 400  # tokens
NOT_IN_WORDS = frozenset({"talk_over", "takes_up"})  # acts that a text does not show
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)  # models that think aloud do so before they answer
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)  # the answer, whatever is put around it

INSTRUCTIONS = (
    "You read the reply that one partner of a couple gives right after the other's tone of voice changed. "
    "Name what the reply does, in order, using only these acts:\n"
    + "\n".join(f"- {name}: {meaning}" for name, meaning in ACTS.items() if name not in NOT_IN_WORDS)
    + "\nFor each act quote the words of the reply that show it. Then say whether the reply met the partner's feeling "
    '("met"), passed it by ("missed"), or whether that is unclear ("unclear"). Answer in JSON only.'
)


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Where the second reader is. address: such as http://127.0.0.1:11434/v1; model: None for the server's first."""

    address: str
    model: str | None = None
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the second reader made of one reply: acts with the words it quotes, in order."""

    model: str
    verdict: str
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SecondReadings:
    """What the second reader made of the replies of one conversation, and sentences on what was not read and why."""

    by_moment: Mapping[tuple[float, str], SecondReading]  # start and speaker of each
    notes: tuple[str, ...] = ()

    def of(self, moment: Moment) -> SecondReading | None:
        """The second reading of a moment's reply, if there is one."""
        return self.by_moment.get((moment.start, moment.speaker))


NO_SECOND = SecondReadings({})


class SecondReaderError(UndertoneError):
    """The second reader cannot be asked, or does not answer as it should."""


class _Act(BaseModel):
    act: Literal[tuple(name for name in ACTS if name not in NOT_IN_WORDS)]  # type: ignore[valid-type]
    quote: str = Field(max_length=400)


class _Answer(BaseModel):
    acts: list[_Act] = Field(max_length=8)
    verdict: Literal["met", "missed", "unclear"]


def read_again(
    moments: Iterable[Moment], reader: SecondReader, tell: Callable[[float], None] = lambda _: None
) -> SecondReadings:
    """Ask for every reply with words; tell is called with the share done, 0 to 1.

    Raises SecondReaderError where the address is not allowed; what fails after that is a note.
    """
    address = checked_address(reader)
    asked = [moment for moment in moments if moment.reply is not None and moment.reply.text]
    readings: dict[tuple[float, str], SecondReading] = {}
    failure = ""
    # No proxies and no redirects: what is asked goes to the address given, nowhere else.
    with httpx2.Client(trust_env=False, timeout=httpx2.Timeout(PATIENCE, connect=CONNECTS_WITHIN)) as client:
        try:
            model = reader.model or _first_model(client, address)
        except SecondReaderError as error:
            return SecondReadings({}, (_note(f"{error}"),))
        for number, moment in enumerate(asked, start=1):
            try:
                readings[moment.start, moment.speaker] = _ask(client, address, model, moment)
            except _NotReachedError as error:
                failure = str(error)
                break  # the next would wait as long for nothing
            except SecondReaderError as error:
                failure = str(error)
            tell(number / len(asked))
    unread = len(asked) - len(readings)
    notes = (_note(f"{unread} of {len(asked)} replies were not read a second time: {failure}"),) if failure else ()
    return SecondReadings(readings, notes)


def checked_address(reader: SecondReader) -> str:
    """The address without a slash at its end. Raises SecondReaderError where it is none, or not on this machine."""
    url = httpx2.URL(reader.address.strip().rstrip("/"))
    if url.scheme not in ("http", "https") or not url.host:
        raise SecondReaderError(
            f"{reader.address} is no address of a server; one looks like http://127.0.0.1:11434/v1."
        )
    if not (reader.anywhere or _is_here(url.host)):
        raise SecondReaderError(
            f"{url.host} is not this machine: the words of the conversation would leave it. "
            "Allow that with --second-reader-anywhere if both partners agree."
        )
    return str(url)


class _NotReachedError(SecondReaderError):
    """Nobody answers at the address."""


def _is_here(host: str) -> bool:
    """Whether a host is this machine by its very name: nothing is looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(client: httpx2.Client, address: str, model: str, moment: Moment) -> SecondReading:
    assert moment.reply is not None
    said = {"tone": moment.kind, "before": moment.shift.text, "reply": moment.reply.text}
    request: dict[str, Any] = {
        "model": model,
        "temperature": 0,
        "max_tokens": LONGEST_ANSWER,
        "messages": [
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": json.dumps(said, ensure_ascii=False)},
        ],
    }
    schema = {"name": "reading", "strict": True, "schema": _Answer.model_json_schema()}
    answer = _post(client, address, request | {"response_format": {"type": "json_schema", "json_schema": schema}})
    if answer.is_client_error or answer.is_server_error:
        answer = _post(client, address, request)  # servers that know no schemas refuse the request
    if not answer.is_success:
        raise SecondReaderError(f"the server answers with status {answer.status_code}.")
    return _reading(model, answer, moment.reply.text)


def _reading(model: str, answer: httpx2.Response, reply_text: str) -> SecondReading:
    """The answer, checked against the schema: not every server that takes one keeps to it."""
    try:
        content = answer.json()["choices"][0]["message"]["content"]
        found = _OBJECT.search(_THOUGHT.sub("", content))
        read = _Answer.model_validate_json(found.group() if found else content)
    except (ValueError, KeyError, IndexError, TypeError, ValidationError) as error:
        raise SecondReaderError("its answer is not the JSON that was asked for.") from error
    acts = tuple((act.act, act.quote if act.quote.lower() in reply_text.lower() else "") for act in read.acts)
    return SecondReading(model, read.verdict, acts)


def _first_model(client: httpx2.Client, address: str) -> str:
    answer = _get(client, f"{address}/models")
    try:
        return str(answer.json()["data"][0]["id"])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise SecondReaderError(f"{address} names no model; give one with --second-reader-model.") from error


def _post(client: httpx2.Client, address: str, request: Mapping[str, Any]) -> httpx2.Response:
    return _sent(lambda: client.post(f"{address}/chat/completions", json=request), address)


def _get(client: httpx2.Client, address: str) -> httpx2.Response:
    return _sent(lambda: client.get(address), address)


def _sent(send: Callable[[], httpx2.Response], address: str) -> httpx2.Response:
    try:
        return send()
    except httpx2.TimeoutException as error:
        raise _NotReachedError(f"{address} took more than {PATIENCE:.0f} s.") from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise _NotReachedError(f"{address} cannot be reached ({error}).") from error


def _note(reason: str) -> str:
    return f"Second reader: {reason} The built-in reading stands as it is."
