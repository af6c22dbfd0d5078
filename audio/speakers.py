"""Who speaks when: choose an engine and hand back turns.

In: a recording, its spans of speech and what is known about the speakers. Out: a Separation.
Each engine is a function in a file of its own; ENGINES lists them with the reasons why one can't be used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from audio import builtin_speakers, channel_speakers, given_speakers, pyannote_speakers
from audio.channel_speakers import mixdown
from audio.conversation import Span
from audio.errors import EngineError, SpeakersError
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.separation import Separation, SpeakerRequest

__all__ = ["ENGINES", "Engine", "Separation", "SpeakerRequest", "mixdown", "separate_speakers"]

FEWEST, MOST = 1, 4  # speakers: a couple, and up to two coaches in the room


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to tell who speaks when.

    about: what it is, in one line.
    separate: the engine itself.
    unavailable: why it can't run on this machine, in one line; None when it can.
    unfit: why it can't be used on this recording, in one line; None when it can.
    model_unavailable: as unavailable, for the model that a request names; None for an engine without models.
    """

    about: str
    separate: Callable[[Recording, Sequence[Span], SpeakerRequest, Progress], Separation]
    unavailable: Callable[[], str | None]
    unfit: Callable[[Recording, Sequence[Span], SpeakerRequest], str | None]
    model_unavailable: Callable[[str], str | None] | None = None

    def missing(self, request: SpeakerRequest) -> str | None:
        """Why it can't run on this machine with the model of the request, if it takes one; None when it can."""
        if request.model is None or self.model_unavailable is None:
            return self.unavailable()
        return self.model_unavailable(request.model)


# In the order in which "auto" tries them, but that a given RTTM comes first of all.
ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        "channels": Engine(
            "one partner a channel, as from two headsets; detected from the sound",
            channel_speakers.channel_speakers,
            channel_speakers.unavailable,
            channel_speakers.unfit,
        ),
        "given": Engine(
            "an RTTM file, or the voice tags of the transcript",
            given_speakers.given_speakers,
            given_speakers.unavailable,
            given_speakers.unfit,
        ),
        "pyannote": Engine(
            "a neural network that hears voices overlap; weights to be fetched once, after their terms are accepted",
            pyannote_speakers.pyannote_speakers,
            pyannote_speakers.unavailable,
            pyannote_speakers.unfit,
            pyannote_speakers.unavailable,
        ),
        "built-in": Engine(
            "voices told apart by timbre and pitch, nothing to download",
            builtin_speakers.builtin_speakers,
            builtin_speakers.unavailable,
            builtin_speakers.unfit,
        ),
    }
)


def separate_speakers(
    recording: Recording,
    regions: Sequence[Span],
    request: SpeakerRequest,
    *,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Separation:
    """Tell who speaks when with the engine of that name, or with the first that fits for "auto".

    Raises SpeakersError when the recording or the request does not allow it, and EngineError when an engine
    that was asked for by name is unknown or can't run here.
    """
    if not FEWEST <= request.count <= MOST:
        raise SpeakersError(f"Between {FEWEST} and {MOST} speakers can be told apart, not {request.count}.")
    tell = progress or tell_nobody
    if engine != "auto":
        return _named(engine, recording, regions, request).separate(recording, regions, request, tell)
    reasons: dict[str, str] = {}
    failures: list[str] = []
    for name in _order(request):
        reason = ENGINES[name].missing(request) or ENGINES[name].unfit(recording, regions, request)
        if reason is not None:
            reasons[name] = reason
            continue
        try:
            found = ENGINES[name].separate(recording, regions, request, tell)
        except EngineError as error:
            failures.append(str(error))
            continue
        return replace(found, notes=(*failures, *_passed_over(recording, request, reasons), *found.notes))
    raise SpeakersError(reasons["built-in"])


def _named(name: str, recording: Recording, regions: Sequence[Span], request: SpeakerRequest) -> Engine:
    if name not in ENGINES:
        raise EngineError(f"There is no speaker engine called {name}: choose auto, {', '.join(ENGINES)}.")
    chosen = ENGINES[name]
    if (missing := chosen.missing(request)) is not None:
        raise EngineError(f"The speaker engine {name} cannot run here: {missing}")
    if (misfit := chosen.unfit(recording, regions, request)) is not None:
        raise SpeakersError(f"The speaker engine {name} does not fit {recording.path.name}: {misfit}")
    return chosen


def _order(request: SpeakerRequest) -> list[str]:
    return sorted(ENGINES, key=lambda name: not (name == "given" and request.rttm is not None))


def _passed_over(recording: Recording, request: SpeakerRequest, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Why several channels, or the model that the request names, were not used to tell the speakers apart."""
    wanted = {"channels": recording.channels > 1, "pyannote": request.model is not None}
    return tuple(reason for name, reason in reasons.items() if wanted.get(name))
