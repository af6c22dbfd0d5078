"""Which words: choose an engine and hand back a Transcript.

In: a Recording, the regions where there is speech (seconds), and what the person asked for. Out: the words
with their times, not yet joined to speakers (`utterances` does that), the engine's name, and sentences for
the person. A given transcript needs no regions, so it can be had before the voices are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio import faster_whisper_transcript, given_transcript, whisper_transcript
from audio.conversation import Span, Transcript
from audio.errors import EngineError, TranscriptError, UndertoneError
from audio.progress import Progress
from audio.recording import Recording
from audio.terms import too_many_note
from audio.word_doubts import doubted

AUTO, GIVEN, FASTER_WHISPER, OPENAI_WHISPER, NONE = "auto", "given", "faster-whisper", "openai-whisper", "none"
NO_WORDS = "There are no words{why}: replies are read from tone and timing alone."
_LANGUAGE_SUFFIX = re.compile(r"\.[a-z]{2,3}(-[a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TranscriptRequest:
    """What the person asked for.

    transcript: a .vtt or .srt file; None: one that lies beside the recording, if there is one.
    language: ISO 639-1; None: as the file says, or detected.
    model: Whisper's weights, by size ("small"), repository of the hub, or folder.
    terms: names and terms that are likely to be said, for engines that can be told; see audio.terms.
    """

    transcript: Path | None = None
    language: str | None = None
    model: str = "small"
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcription:
    """The words and where they are from.

    engine: the name of the engine that gave them.
    notes: whole sentences for the person.
    model: what the engine computed with, for engines that load one: its name, the packages' versions, the device.
    """

    transcript: Transcript
    engine: str
    notes: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to the words.

    about: what it is, in one line.
    run: the engine itself; raises UndertoneError.
    unavailable: why it can't run on this machine, in one line; None when it can.
    unfit: why it can't do what is asked, in one line; None when it can.
    """

    about: str
    run: Callable[[Recording, Sequence[Span], TranscriptRequest, Progress | None], Transcription]
    unavailable: Callable[[], str | None]
    unfit: Callable[[TranscriptRequest], str | None]


def find_beside(recording: Path, language: str | None = None) -> Path | None:
    """The transcript that lies beside a recording with its name, as players look for subtitles.

    talk.ogg: talk.vtt, then talk.srt, then talk.en.vtt and the like, those in `language` first.
    """
    try:
        beside = sorted(recording.parent.iterdir())
    except OSError:
        return None
    found = [p for p in beside if p.suffix.lower() in given_transcript.SUFFIXES and _is_named(p, recording)]
    return min(found, key=lambda p: _rank(p, recording, language), default=None)


def transcribe(
    recording: Recording,
    regions: Sequence[Span],
    request: TranscriptRequest | None = None,
    *,
    engine: str = AUTO,
    progress: Progress | None = None,
) -> Transcription:
    """The words of a recording from the engine of that name, or from the first that can give them.

    `progress` is told a share from 0 to 1. Raises EngineError when `engine` is unknown or was asked for by
    name and cannot run, TranscriptError when a transcript that was asked for cannot be read.
    """
    asked = request or TranscriptRequest()
    beside = asked.transcript or find_beside(recording.path, asked.language)
    complete = replace(asked, transcript=beside)
    if engine == AUTO:
        may_fail = (EngineError,) if asked.transcript else (EngineError, TranscriptError)
        return _first_that_can(recording, regions, complete, progress, may_fail)
    if engine not in ENGINES:
        raise EngineError(f'There is no transcriber "{engine}": choose {", ".join((AUTO, *ENGINES))}.')
    if reason := ENGINES[engine].unfit(complete):
        raise EngineError(f"The transcriber {engine} cannot run: {reason}.")
    return ENGINES[engine].run(recording, regions, complete, progress)


def _first_that_can(
    recording: Recording,
    regions: Sequence[Span],
    request: TranscriptRequest,
    progress: Progress | None,
    may_fail: tuple[type[UndertoneError], ...],
) -> Transcription:
    """Engine by engine; what fails with an error of `may_fail` is told in a note, and the next is used."""
    reasons: list[str] = []
    failures: list[str] = []
    for name, engine in ENGINES.items():
        if reason := engine.unfit(request):
            reasons.append(f"{name}: {reason}")
            continue
        try:
            found = engine.run(recording, regions, request, progress)
        except may_fail as error:
            failures.append(str(error))
            continue
        notes = (NO_WORDS.format(why=f" ({'; '.join(reasons)})"),) if name == NONE and reasons else found.notes
        return replace(found, notes=(*failures, *notes))
    raise EngineError("No transcriber can run here.")


def _is_named(path: Path, recording: Path) -> bool:
    """Whether `path` is called like the recording, with at most a language between name and suffix."""
    if not path.name.startswith(recording.stem) or not path.is_file():
        return False
    between = path.name[len(recording.stem) : -len(path.suffix)]
    return not between or bool(_LANGUAGE_SUFFIX.fullmatch(between))


def _rank(path: Path, recording: Path, language: str | None) -> tuple[bool, bool, int, str]:
    spoken = path.stem[len(recording.stem) :].lstrip(".").split("-")[0].lower()
    other = bool(spoken and language and spoken != language.lower())
    return other, bool(spoken), given_transcript.SUFFIXES.index(path.suffix.lower()), path.name


def _given_unfit(request: TranscriptRequest) -> str | None:
    return None if request.transcript else "no transcript was named and none lies beside the recording"


def _run_given(
    recording: Recording, regions: Sequence[Span], request: TranscriptRequest, progress: Progress | None
) -> Transcription:
    assert request.transcript is not None
    transcript, notes = given_transcript.read_transcript(request.transcript, request.language)
    transcript, late = given_transcript.within(transcript, recording.duration)
    if progress:
        progress(1.0)
    return Transcription(transcript, GIVEN, (*notes, *late))


def _faster_whisper_unfit(request: TranscriptRequest) -> str | None:
    return faster_whisper_transcript.why_not(request.model)


def _faster_whisper_unavailable() -> str | None:
    return faster_whisper_transcript.why_not()


def _run_faster_whisper(
    recording: Recording, regions: Sequence[Span], request: TranscriptRequest, progress: Progress | None
) -> Transcription:
    transcript = faster_whisper_transcript.transcribe_speech(
        recording, regions, request.model, request.language, progress, request.terms
    )
    used = faster_whisper_transcript.used(request.model)
    return Transcription(doubted(transcript), FASTER_WHISPER, too_many_note(request.terms), used)


def _openai_whisper_unfit(request: TranscriptRequest) -> str | None:
    return whisper_transcript.why_not(request.model)


def _openai_whisper_unavailable() -> str | None:
    return whisper_transcript.why_not()


def _run_openai_whisper(
    recording: Recording, regions: Sequence[Span], request: TranscriptRequest, progress: Progress | None
) -> Transcription:
    transcript = whisper_transcript.transcribe_speech(
        recording, regions, request.model, request.language, progress, request.terms
    )
    used = whisper_transcript.used(request.model)
    return Transcription(doubted(transcript), OPENAI_WHISPER, too_many_note(request.terms), used)


def _always() -> None:
    return None


def _for_anything(request: TranscriptRequest) -> None:
    return None


def _run_none(
    recording: Recording, regions: Sequence[Span], request: TranscriptRequest, progress: Progress | None
) -> Transcription:
    if progress:
        progress(1.0)
    return Transcription(Transcript((), request.language), NONE, (NO_WORDS.format(why=""),))


# In the order in which `auto` tries them.
ENGINES: Mapping[str, Engine] = {
    GIVEN: Engine("a .vtt or .srt file, named or lying beside the recording", _run_given, _always, _given_unfit),
    FASTER_WHISPER: Engine(
        "Whisper on the processor; weights are fetched at first use",
        _run_faster_whisper,
        _faster_whisper_unavailable,
        _faster_whisper_unfit,
    ),
    OPENAI_WHISPER: Engine(
        "Whisper by its authors' package, on a CUDA card where there is one; weights are fetched at first use",
        _run_openai_whisper,
        _openai_whisper_unavailable,
        _openai_whisper_unfit,
    ),
    NONE: Engine("no words: replies are read from tone and timing alone", _run_none, _always, _for_anything),
}
