"""What an analysis hands out: JSON of a conversation with its moments, and the table in the terminal.

In: a Conversation and its Reading. Out: plain JSON values (seconds, semitones, probabilities 0 to 1), and
Rich renderables for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.baseline import Baseline
from analysis.moments import Moment, Reading
from analysis.reply import Reply
from analysis.wording import ACTS, evidence_sentence
from app.second_reader import NO_SECOND, SecondReading, SecondReadings
from audio.conversation import Conversation, speaker_name
from audio.storage import conversation_to_json, to_json

# A verdict is about a moment, never about a person: no red, no green.
VERDICT_STYLES = {"missed": "bold yellow", "met": "bold cyan", "unclear": "dim"}


def moment_json(moment: Moment, second: SecondReading | None = None) -> dict[str, Any]:
    """One moment as plain JSON values; documented in docs/output.md."""
    reply = moment.reply
    return {
        **{name: to_json(getattr(moment, name)) for name in ("start", "end", "speaker", "kind", "strength", "weight")},
        "verdict": moment.verdict,
        "confidence": to_json(moment.confidence),
        "words": moment.shift.text,
        "said_less": moment.shift.said_less,
        "measures": to_json(moment.shift.deviations),
        "replied_by": reply.speaker if reply else None,
        "reply_start": to_json(reply.start) if reply else None,
        "reply_end": to_json(reply.end) if reply else None,
        "reply": reply_json(reply) if reply else None,
        "repair": to_json(moment.repair) if moment.repair else None,
        "second_reading": to_json(second) if second else None,
        "suggestions": list(moment.suggestions),
        "sentence": moment.sentence,
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """A reply as plain JSON values; documented in docs/output.md."""
    return {
        **{name: to_json(getattr(reply, name)) for name in ("start", "end", "speaker", "text", "acts")},
        "delay": to_json(reply.delay),
        "usual_delay": to_json(reply.timing.usual) if reply.timing else None,
        "voice": reply.voice.name if reply.voice else None,
        "voice_moved": {name: to_json(value) for name, value in reply.voice.moved} if reply.voice else {},
        "evidence": to_json(reply.evidence),
        "doubtful": to_json(reply.doubtful),
        "evidence_sentence": evidence_sentence(reply.evidence),
    }


def normal_json(baseline: Baseline) -> dict[str, Any]:
    """A speaker's normal over the whole session, without the slow changes that were taken off it."""
    plain: dict[str, Any] = to_json(baseline)
    del plain["courses"]
    return plain


def analysis_json(
    conversation: Conversation, reading: Reading, sensitivity: float, second: SecondReadings = NO_SECOND
) -> dict[str, Any]:
    """The whole conversation, each speaker's normal, and the moments that `sensitivity` lets through."""
    plain = conversation_to_json(conversation)
    plain["notes"] = [*conversation.notes, *reading.notes, *second.notes]
    plain["normals"] = {speaker: normal_json(baseline) for speaker, baseline in reading.baselines.items()}
    plain["sensitivity"] = sensitivity
    plain["entrainment"] = to_json(reading.entrainment)
    plain["moments"] = [moment_json(moment, second.of(moment)) for moment in reading.moments(sensitivity)]
    return plain


def analysis_table(
    conversation: Conversation, reading: Reading, sensitivity: float, second: SecondReadings = NO_SECOND
) -> RenderableType:
    """What a person sees in the terminal: the recording in a line, its moments, and what to know about them."""
    moments = reading.moments(sensitivity)
    notes = (*conversation.notes, *reading.notes, *second.notes)
    parts: list[RenderableType] = [Text(conversation.recording, style="bold"), _summary(conversation)]
    parts.append(_moments(moments, second) if moments else Text("No moment stands out from the speakers' own normal."))
    parts += [Padding(Text(note, style="dim"), (0, 0, 0, 2)) for note in notes]
    return Group(*parts)


def clock(seconds: float) -> str:
    """12:04, or 1:02:04 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _summary(conversation: Conversation) -> Text:
    spoken = {
        speaker: sum(turn.duration for turn in conversation.turns if turn.speaker == speaker)
        for speaker in conversation.speakers
    }
    total = sum(spoken.values()) or 1.0
    shares = ", ".join(f"{speaker_name(speaker)} {seconds / total:.0%}" for speaker, seconds in spoken.items())
    engines = ", ".join(_engine(conversation, task) for task in conversation.engines)
    return Text(f"{clock(conversation.duration)} long; talk {shares}; {engines}", style="dim")


def _engine(conversation: Conversation, task: str) -> str:
    """What a task was done by, with its model where it has one."""
    model = conversation.models.get(task)
    return f"{task} by {conversation.engines[task]}" + (f" ({model})" if model else "")


def _moments(moments: Iterable[Moment], second: SecondReadings) -> Table:
    table = Table(show_lines=True, expand=False)
    table.add_column("at", justify="right", no_wrap=True)
    table.add_column("tone", no_wrap=True)
    table.add_column("reply", no_wrap=True)
    table.add_column("what was heard", overflow="fold", min_width=40)
    for moment in moments:
        table.add_row(
            clock(moment.start),
            Text(f"{moment.kind}\n{_sure(moment.strength)}"),
            _verdict(moment),
            _evidence(moment, second.of(moment)),
        )
    return table


def _verdict(moment: Moment) -> Text:
    text = Text(moment.verdict, style=VERDICT_STYLES[moment.verdict])
    if moment.repair:
        text.append("\nrepaired later", style="cyan")
    if moment.verdict != "unclear":
        text.append(f"\n{_sure(moment.confidence)}", style="default not bold")
    return text


def _sure(probability: float) -> str:
    """A probability for a person; nothing here is ever certain."""
    return f"{min(round(100 * probability), 99)}% sure"


def _evidence(moment: Moment, second: SecondReading | None) -> Text:
    """The sentence, what spoke and how loudly, a repair, and what could be said instead."""
    text = Text(moment.sentence)
    if moment.reply is not None:
        text.append(f"\n{evidence_sentence(moment.reply.evidence)}", style="dim")
    if second is not None:
        acts = ", ".join(ACTS[act] for act, _ in second.acts) or "no act"
        text.append(f"\nSecond reader ({second.model}): {second.verdict}, {acts}.", style="dim")
    if moment.repair is not None:
        who, when = speaker_name(moment.repair.speaker), clock(moment.repair.start)
        text.append(f'\nThen repaired: at {when} {who} went back to it with "{moment.repair.phrase}".', style="cyan")
    if moment.suggestions:
        lines = "\n".join(f"  - {line}" for line in moment.suggestions)
        text.append(f"\nCould be said instead:\n{lines}", style="italic")
    return text
