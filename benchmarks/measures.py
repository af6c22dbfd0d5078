"""What each measure of a phrase is worth by itself: which tones move it, how far, and whether actors do too.

    python benchmarks/measures.py [--bench DIR] [--voices DIR]

Bench (true turns): the mean difference from the speaker's median that a tone of strength 1 makes, in robust spreads of
ordinary phrases. Actors: area under the ROC curve of the measure alone, each actor against their own median. Measures
that are compared as logarithms are so here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from actors import VOICES, Acted, acted_phrases
from moments import BENCH, GIVEN, recordings_in, settings_for
from sklearn.metrics import roc_auc_score

from analysis.baseline import STEADY_PHRASE, compared
from audio.conversation import Measures, Span, speaker_label
from audio.listen import listen

NAMES = [item.name for item in fields(Measures) if item.name != "seconds"]
TONES = ("heavy", "tearful", "sharp", "bright", "soft", "far")
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase: who said it (in one recording), the tone that it was rendered in, its strength, its measures."""

    speaker: str
    tone: str
    strength: float
    values: tuple[float, ...]


def said_in(bench: Path) -> Iterator[Said]:
    """All phrases of a second and more in the recordings of `bench`."""
    for recording in recordings_in(bench):
        turns = json.loads(recording.with_suffix(".json").read_text())["turns"]
        for utterance in listen(recording, settings_for(recording, GIVEN)).utterances:
            own = [turn for turn in turns if speaker_label(turn["speaker"]) == utterance.speaker]
            for phrase in utterance.phrases:
                if phrase.measures.seconds >= STEADY_PHRASE:
                    turn = max(own, key=lambda one: phrase.overlap(Span(one["start"], one["end"])))
                    values = tuple(compared(phrase.measures, name) for name in NAMES)
                    speaker = f"{recording.stem} {utterance.speaker}"
                    yield Said(speaker, _tone(turn), turn["strength"], values)


def _tone(turn: dict[str, object]) -> str:
    moment = turn["moment"]
    return "quiet" if isinstance(moment, dict) and moment.get("kind") == "quiet" else str(turn["tone"])


def differences(groups: Sequence[str], values: Sequence[Sequence[float]]) -> np.ndarray:
    """Values less the median of their group: shape (phrases, measures)."""
    table, names = np.array(values), np.array(groups)
    for group in set(groups):
        table[names == group] -= np.nanmedian(table[names == group], axis=0)
    return table


def print_bench(said: Sequence[Said]) -> None:
    """How far each tone moves each measure."""
    table = differences([one.speaker for one in said], [one.values for one in said])
    tones, strengths = np.array([one.tone for one in said]), np.array([one.strength for one in said])
    print(
        f"{len(said)} phrases; spreads a tone of strength 1 moves\n{'':16s}" + "".join(f"{tone:>9s}" for tone in TONES)
    )
    for place, name in enumerate(NAMES):
        column = table[:, place]
        spread = MAD_TO_SD * np.nanmedian(np.abs(column[tones == "neutral"]))
        if not spread:
            continue
        moved = [np.nanmean(column[tones == tone]) / spread / strengths[tones == tone].mean() for tone in TONES]
        print(f"{name:16s}" + "".join(f"{value:9.2f}" for value in moved))


COMPARISONS: dict[str, tuple[Callable[[Acted], bool], Callable[[Acted], bool]]] = {
    "EMO sad": (
        lambda one: one.corpus == "EMO" and one.emotion == "sad",
        lambda one: one.corpus == "EMO" and one.emotion != "sad",
    ),
    "RAV strongly sad": (
        lambda one: one.corpus == "RAV" and one.emotion == "sad" and one.strong,
        lambda one: one.corpus == "RAV" and one.emotion in ("neutral", "calm"),
    ),
    "EMO angry": (
        lambda one: one.corpus == "EMO" and one.emotion == "angry",
        lambda one: one.corpus == "EMO" and one.emotion == "neutral",
    ),
    "RAV angry": (
        lambda one: one.corpus == "RAV" and one.emotion == "angry",
        lambda one: one.corpus == "RAV" and one.emotion in ("neutral", "calm"),
    ),
}


def print_actors(acted: Sequence[Acted]) -> None:
    """AUC of each measure alone, above 0.5 where the emotion raises it (EMO sad against all else)."""
    values = [[compared(one.phrase.measures, name) for name in NAMES] for one in acted]
    table = differences([f"{one.corpus} {one.actor}" for one in acted], values)
    print(f"\n{'AUC':16s}" + "".join(f"{name:>18s}" for name in COMPARISONS))
    for place, name in enumerate(NAMES):
        cells = [_auc(acted, table[:, place], among, against) for among, against in COMPARISONS.values()]
        print(f"{name:16s}" + "".join(f"{cell:18.2f}" for cell in cells))


def _auc(
    acted: Sequence[Acted], column: np.ndarray, among: Callable[[Acted], bool], against: Callable[[Acted], bool]
) -> float:
    chosen = [
        (among(one), value)
        for one, value in zip(acted, column.tolist(), strict=True)
        if np.isfinite(value) and (among(one) or against(one))
    ]
    if len({is_it for is_it, _ in chosen}) < 2:
        return float("nan")
    return float(roc_auc_score([is_it for is_it, _ in chosen], [value for _, value in chosen]))


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--voices", type=Path, default=VOICES)
    args = parser.parse_args()
    print_bench(list(said_in(args.bench)))
    print_actors(acted_phrases(args.voices))


if __name__ == "__main__":
    main()
