"""Every candidate moment of a bench with its strength and whether it is a true one: curves and calibration.

In: a folder laid out like ../shared/bench/conversations. Out: one Judged for each candidate, and for each true moment
that no candidate matches, however weak. A candidate is matched as in benchmarks/matching.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matching import Marked, match_moments, read_moments
from moments import recordings_in, settings_for
from pyannote.metrics.diarization import DiarizationErrorRate
from speakers import annotation

from analysis.moments import Moment, read_conversation
from audio.given_speakers import read_rttm
from audio.listen import listen

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)  # edges between which strengths are compared


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate (or a true moment without one: strength 0); strength 0 to 1."""

    strength: float
    is_true: bool


def judged_moments(bench: Path, engine: str) -> list[Judged]:
    """All candidates of all recordings in `bench`, with the speakers told apart by `engine`."""
    found: list[Judged] = []
    for recording in recordings_in(bench):
        conversation = listen(recording, settings_for(recording, engine))
        true_turns = annotation(read_rttm(recording.with_suffix(".rttm"), recording.stem))
        names = DiarizationErrorRate().optimal_mapping(true_turns, annotation(conversation.turns))
        candidates = read_conversation(conversation).candidates
        truth = read_moments(recording.with_suffix(".json"))
        found += _judged(candidates, truth, {str(label): str(name) for label, name in names.items()})
    return found


def _judged(candidates: tuple[Moment, ...], truth: tuple[Marked, ...], names: dict[str, str]) -> list[Judged]:
    """The strongest candidates choose first, so that a weak neighbour takes no true moment from them."""
    judged: list[Judged] = []
    free = list(truth)
    for moment in sorted(candidates, key=lambda one: -one.strength):
        marked = Marked(moment.start, moment.end, names.get(moment.speaker, moment.speaker), moment.verdict)
        taken = next((true for true in free if match_moments((true,), (marked,)).partner[0] is not None), None)
        if taken is not None:
            free.remove(taken)
        judged.append(Judged(moment.strength, taken is not None))
    return judged + [Judged(0.0, True) for _ in free]
