"""What a coach's marks would teach: precision and recall before and after, on recordings whose marks were not seen.

    python benchmarks/learning.py [--bench DIR ...] [--true-turns] [--repeats 20] [--looks-down-to 0.6] [--readings DIR]

A simulated coach marks each moment of at least a strength that is shown (of the recordings in all folders): agrees
with the true ones, dismisses the others, and is wrong in 1 of 20. What is learnt from nine tenths of the recordings is
tried on the last tenth, each in turn; again and again with other slips and other tenths. Then the same with marks given
at random. A moment is a true one by the rule of benchmarks/matching.py. With --readings what was read is kept there,
so that the next run takes seconds; remove it after a change of the analysis.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cattrs
import numpy as np
from matching import Marked, Match, match_moments, read_moments, shift_score
from moments import BENCH, GIVEN, recordings_in, settings_for
from pyannote.metrics.diarization import DiarizationErrorRate
from speakers import annotation

from analysis.learnt_confidence import LearntConfidence, MarkedEvidence, can_learn, learn
from analysis.moment_evidence import moment_evidence
from analysis.moments import DEFAULT_SENSITIVITY, Moment, read_conversation
from audio.given_speakers import read_rttm
from audio.listen import listen

SHOWN = 1 - DEFAULT_SENSITIVITY
SLIPS = 0.05  # share of marks that are wrong
TENTHS = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A moment that was found: where, by its speaker's true name; its shipped strength, and its evidence."""

    place: Marked
    strength: float
    evidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is true of a recording, and all candidates in it."""

    name: str
    bench: str
    truth: tuple[Marked, ...]
    candidates: tuple[Candidate, ...]

    def match(self, shown: Sequence[Candidate]) -> Match:
        """Which of the moments shown are true ones."""
        return match_moments(self.truth, [one.place for one in shown])


Coach = Callable[[bool, np.random.Generator], bool]  # whether the coach agrees with a moment that is one, or is none


def slips_at_times(is_true: bool, chance: np.random.Generator) -> bool:
    """A coach who is wrong in SLIPS of the marks."""
    return is_true != (chance.random() < SLIPS)


def tosses_a_coin(_: bool, chance: np.random.Generator) -> bool:
    """Marks that say nothing."""
    return bool(chance.random() < 0.5)


def read_recording(path: Path, engine: str) -> Recording:
    """Listen to one recording of a bench and read it."""
    conversation = listen(path, settings_for(path, engine))
    true_turns = annotation(read_rttm(path.with_suffix(".rttm"), path.stem))
    optimal = DiarizationErrorRate().optimal_mapping(true_turns, annotation(conversation.turns))
    names = {str(label): str(name) for label, name in optimal.items()}
    candidates = [_candidate(moment, names) for moment in read_conversation(conversation).candidates]
    return Recording(str(path), path.parent.name, read_moments(path.with_suffix(".json")), tuple(candidates))


def _candidate(moment: Moment, names: Mapping[str, str]) -> Candidate:
    place = Marked(moment.start, moment.end, names.get(moment.speaker, moment.speaker), moment.verdict)
    return Candidate(place, moment.strength, moment_evidence(moment))


def kept_recording(path: Path, engine: str, readings: Path | None) -> Recording:
    """The same, from `readings` where it was read before."""
    if readings is None:
        return read_recording(path, engine)
    readings.mkdir(parents=True, exist_ok=True)
    kept = readings / f"{path.parent.name}-{path.stem}-{engine}.json"
    if not kept.exists():
        kept.write_text(json.dumps(cattrs.unstructure(read_recording(path, engine))), encoding="utf-8")
    return cattrs.structure(json.loads(kept.read_text(encoding="utf-8")), Recording)


def marks_on(recording: Recording, least: float, coach: Coach, chance: np.random.Generator) -> list[MarkedEvidence]:
    """What a coach says of all moments of a recording that have a strength of `least`."""
    seen = [one for one in recording.candidates if one.strength >= least]
    true = set(recording.match(seen).partner)
    return [
        MarkedEvidence(one.strength, one.evidence, coach(place in true, chance), recording.name)
        for place, one in enumerate(seen)
    ]


def shown_by(recording: Recording, learnt: LearntConfidence | None) -> list[Candidate]:
    """The moments shown as usual, by the shipped confidence or by one that was learnt."""
    if learnt is None:
        return [one for one in recording.candidates if one.strength >= SHOWN]
    return [one for one in recording.candidates if learnt.strength_of(one.strength, one.evidence) >= SHOWN]


@dataclass(frozen=True, slots=True)
class Judged:
    """A recording by the shipped confidence, and by what the others taught. bench: the folder that it is from."""

    bench: str
    before: Match
    after: Match


@dataclass(frozen=True, slots=True)
class Trial:
    """All recordings once, each judged by what the others taught. used: in how many tenths learning helped."""

    judged: tuple[Judged, ...]
    marks: int
    used: int


def tried(recordings: Sequence[Recording], least: float, coach: Coach, chance: np.random.Generator) -> Trial:
    """Learn from nine tenths, judge by the last, each in turn."""
    tenths = chance.permutation(len(recordings)) % TENTHS
    marks = [marks_on(recording, least, coach, chance) for recording in recordings]
    judged, used = [], 0
    for tenth in range(TENTHS):
        learnt = _learnt([mark for its, of in zip(tenths, marks, strict=True) if its != tenth for mark in of])
        used += learnt is not None
        for recording in (one for its, one in zip(tenths, recordings, strict=True) if its == tenth):
            before, after = (recording.match(shown_by(recording, one)) for one in (None, learnt))
            judged.append(Judged(recording.bench, before, after))
    return Trial(tuple(judged), sum(map(len, marks)), used)


def _learnt(marks: Sequence[MarkedEvidence]) -> LearntConfidence | None:
    """What the app would use: nothing where there are too few marks, or it does not help."""
    if not can_learn(marks):
        return None
    learnt, lesson = learn(marks)
    return learnt if lesson.helps else None


def report(name: str, trials: Sequence[Trial], bench: str | None = None) -> None:
    """Print a row, of all recordings or those of a bench: means over the trials, and the spread of what changed."""
    before, after = (np.array([_figures(one, when, bench) for one in trials]) for when in ("before", "after"))
    rows = zip(
        *(part.mean(axis=0) for part in (before, after, after - before)), (after - before).std(axis=0), strict=True
    )
    told = [f"{first:.3f} {second:.3f} ({change:+.3f} ± {spread:.3f})" for first, second, change, spread in rows]
    used = sum(one.used for one in trials) / (TENTHS * len(trials))
    worst = (after - before)[:, 1].min()
    print(f"{name:28s} {'   '.join(told)}   {worst:+.3f}   {100 * used:3.0f} %")


def _figures(trial: Trial, when: str, bench: str | None) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    score = shift_score([getattr(one, when) for one in trial.judged if bench in (None, one.bench)])
    return score.right / (score.right + score.wrong), score.right / (score.right + score.overlooked), score.f1


def main() -> None:
    """Parse the arguments, read, learn, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, nargs="+", default=[BENCH])
    parser.add_argument("--true-turns", action="store_true")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--looks-down-to", type=float, default=SHOWN, help="strength of the faintest that are marked")
    parser.add_argument("--readings", type=Path)
    args = parser.parse_args()
    engine = GIVEN if args.true_turns else "built-in"
    recordings = [kept_recording(path, engine, args.readings) for bench in args.bench for path in recordings_in(bench)]
    print(f"{len(recordings)} recordings, speakers: {engine}. Before and after: precision, recall, F1;")
    print("then the worst change of recall, and how often learning was used.")
    for name, coach in (("1 in 20 wrong", slips_at_times), ("marks at random", tosses_a_coin)):
        chances = [np.random.default_rng(seed) for seed in range(args.repeats)]
        trials = [tried(recordings, args.looks_down_to, coach, chance) for chance in chances]
        report(f"{trials[0].marks} marks, {name}", trials)
        benches = {one.bench for one in recordings}
        for bench in sorted(benches) if len(benches) > 1 else ():
            report(f"  of these {bench}", trials, bench)


if __name__ == "__main__":
    main()
