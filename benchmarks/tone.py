"""How well tones are heard: in actors' voices (EMO-DB, RAVDESS) and in the bench's conversations.

    python benchmarks/tone.py [--voices DIR] [--bench DIR] [--only-voices] [--robustness] [--pictures docs]

Actors: the area under the ROC curve (AUC) of the evidence for a kind, and the share of phrases flagged as any kind at
the default setting, each actor against their own normal. Actors that were in view while the detector was made are
printed apart from those that are only reported. An actor's normal is that of all of their phrases, most of them
emotional; "calm normal" is that of the neutral, calm and bored ones, as in a session that is mostly ordinary talk.
Bench: precision, recall, F1 and false alarms of whole conversations with true turns and with the built-in speakers,
and how often a moment of a given strength is a true one. With --robustness the conditions of benchmarks/robustness.py.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from actors import EMODB, RAVDESS, VOICES, Acted, acted_phrases
from degraded import CONDITIONS
from moments import BENCH, GIVEN, score
from robustness import print_head, print_row, robustness_rows
from sklearn.metrics import roc_auc_score
from strengths import LEVELS, Judged, judged_moments
from tone_pictures import draw_actors, draw_curves

from analysis.moments import DEFAULT_SENSITIVITY
from analysis.normals import steadied_baselines
from analysis.tone import GO_TOGETHER, STATES, VOICE_KINDS, probabilities, read_tone

FLAGGED = 1 - DEFAULT_SENSITIVITY  # probability of all kinds together, as in `undertone analyze`
CALM = ("neutral", "calm")
CALM_NORMAL = (*CALM, "bored")
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Read:
    """A phrase with the evidence for each kind (nats), the probability of each (0 to 1), and its dimensions."""

    acted: Acted
    evidence: dict[str, float]
    probability: dict[str, float]
    dimensions: dict[str, float]

    @property
    def flagged(self) -> bool:
        """Whether a coach would be shown it."""
        return sum(self.probability[kind] for kind in VOICE_KINDS) >= FLAGGED


Choice = Callable[[Acted], bool]


def read_all(acted: list[Acted], normal: Sequence[str]) -> list[Read]:
    """Every phrase against the normal of its actor, which is that of the emotions in `normal`."""
    found = []
    for actor in sorted({(one.corpus, one.actor) for one in acted}):
        own = [one for one in acted if (one.corpus, one.actor) == actor]
        name = " ".join(actor)
        baseline = steadied_baselines({name: [one.phrase for one in own if one.emotion in normal]})[name]
        for one in own:
            reading = read_tone(one.phrase, baseline)
            chances = probabilities([reading.likelihoods])[0].tolist()
            evidence = dict(zip(STATES, reading.likelihoods, strict=True))
            found.append(Read(one, evidence, dict(zip(STATES, chances, strict=True)), dict(reading.dimensions)))
    return found


def auc(read: Sequence[Read], kind: str, among: Choice, against: Choice) -> float:
    """ROC AUC of the evidence for `kind`, or for the best of kinds if "any"; NaN where one side is empty."""
    chosen = [(among(one.acted), one) for one in read if among(one.acted) or against(one.acted)]
    if len({is_it for is_it, _ in chosen}) < 2:
        return NAN
    evidence = [max(one.evidence[k] for k in VOICE_KINDS) if kind == "any" else one.evidence[kind] for _, one in chosen]
    return float(roc_auc_score([is_it for is_it, _ in chosen], evidence))


def of(corpus: str, *emotions: str, strong: bool = False) -> Choice:
    """Phrases of a corpus in one of `emotions`, or only those acted strongly."""
    return lambda one: one.corpus == corpus and one.emotion in emotions and (one.strong or not strong)


REST = ("angry", "bored", "disgusted", "afraid", "happy", "neutral")
TEARS = of("RAV", "sad", strong=True)
COMPARISONS: tuple[tuple[str, str, Choice, Choice], ...] = (
    ("heavy: EMO-DB sad vs neutral", "heavy", of("EMO", "sad"), of("EMO", "neutral")),
    ("heavy: EMO-DB sad vs all else", "heavy", of("EMO", "sad"), of("EMO", *REST)),
    ("tearful: RAVDESS sad, strong vs neutral, calm", "tearful", TEARS, of("RAV", *CALM)),
    ("  the same, best of kinds", "any", TEARS, of("RAV", *CALM)),
    ("sharp: EMO-DB angry vs neutral", "sharp", of("EMO", "angry"), of("EMO", *CALM)),
    ("sharp: RAVDESS angry vs neutral, calm", "sharp", of("RAV", "angry"), of("RAV", *CALM)),
    ("sharp: RAVDESS angry, strong vs the same", "sharp", of("RAV", "angry", strong=True), of("RAV", *CALM)),
)


def print_aucs(own: list[Read], calm: list[Read]) -> None:
    """The comparisons that the design names, for the actors reported and for those tuned on."""
    print(f"{'ROC AUC':48s} {'reported':>18s} {'tuned on':>18s}")
    print(f"{'normal:':48s} {'own':>9s}{'calm':>9s} {'own':>9s}{'calm':>9s}")
    for name, kind, among, against in COMPARISONS:
        cells = [
            auc([one for one in read if one.acted.is_tuned_on == tuned], kind, among, against)
            for tuned in (False, True)
            for read in (own, calm)
        ]
        print(f"{name:48s} {cells[0]:9.3f}{cells[1]:9.3f} {cells[2]:9.3f}{cells[3]:9.3f}")


def print_flags(title: str, read: list[Read]) -> None:
    """Share of the reported actors' phrases flagged at the default setting, by emotion."""
    print(f"\n{title:38s} {'n':>4s} {'any':>9s}" + "".join(f"{kind:>9s}" for kind in VOICE_KINDS))
    read = [one for one in read if not one.acted.is_tuned_on]
    for corpus, emotion in sorted({(one.acted.corpus, one.acted.emotion) for one in read}):
        own = [one for one in read if (one.acted.corpus, one.acted.emotion) == (corpus, emotion)]
        kinds = [sum(one.flagged and _likeliest(one) == kind for one in own) / len(own) for kind in VOICE_KINDS]
        cells = "".join(f"{part:9.0%}" for part in (sum(kinds), *kinds))
        print(f"  {corpus} {emotion:32s} {len(own):4d} {cells}")


def _likeliest(read: Read) -> str:
    return max(VOICE_KINDS, key=read.probability.__getitem__)


def print_correlations(read: list[Read]) -> None:
    """How dimensions go together within one emotion of one actor, beside what the detector takes for granted."""
    print("\ncorrelation of dimensions within an emotion of an actor, measured / taken")
    for (first, second), taken in GO_TOGETHER.items():
        cells = [_correlation([one for one in read if one.acted.corpus == corpus], first, second) for corpus in CORPORA]
        print(f"  {first:14s}{second:14s}" + "".join(f"{cell:7.2f}" for cell in cells) + f" / {taken:.2f}")


CORPORA = ("EMO", "RAV")


def _correlation(read: Sequence[Read], first: str, second: str) -> float:
    groups: dict[tuple[str, str, bool], list[list[float]]] = {}
    for one in read:
        key = (one.acted.actor, one.acted.emotion, one.acted.strong)
        groups.setdefault(key, []).append([one.dimensions[first], one.dimensions[second]])
    centred = [np.array(group) - np.nanmean(group, axis=0) for group in groups.values() if len(group) > 1]
    if not centred:
        return NAN
    pairs = np.concatenate(centred)
    return float(np.corrcoef(pairs[np.isfinite(pairs).all(axis=1)].T)[0, 1])


def print_strengths(judged: Sequence[Judged]) -> None:
    """How often a candidate of a given strength is a true moment."""
    print(f"\n{'strength':>14s} {'moments':>8s} {'mean':>6s} {'true':>6s}")
    for low, high in pairwise(LEVELS):
        inside = [one.is_true for one in judged if low <= one.strength < high]
        if inside:
            mean = sum(one.strength for one in judged if low <= one.strength < high) / len(inside)
            print(f"  {low:5.2f} - {high:4.2f} {len(inside):8d} {mean:6.2f} {sum(inside) / len(inside):6.2f}")


def measure_actors(voices: Path, pictures: Path | None) -> None:
    """Print, and draw, what is heard in the actors' voices."""
    acted = acted_phrases(voices)
    if not acted:
        raise SystemExit(f"No phrases were found in {voices}.")
    own = read_all(acted, tuple({*EMODB.values(), *RAVDESS.values()}))
    calm = read_all(acted, CALM_NORMAL)
    print_aucs(own, calm)
    print_flags("flagged, own normal (reported actors)", own)
    print_flags("flagged, calm normal (reported actors)", calm)
    print_correlations(own)
    if pictures:
        draw_actors(own, pictures / "tone-actors.png")


def measure_bench(bench: Path, robustness: bool, pictures: Path | None) -> None:
    """Print, and draw, what is found in the bench's conversations."""
    curves: dict[str, list[Judged]] = {}
    for name, engine in (("true turns", GIVEN), ("built-in speakers", "built-in")):
        print(f"\n== {name}", flush=True)
        score(bench, engine, DEFAULT_SENSITIVITY)
        curves[name] = judged_moments(bench, engine)
        print_strengths(curves[name])
        if robustness:
            print_head()
            for row in robustness_rows(bench, CONDITIONS, engine):
                print_row(row)
    if pictures:
        draw_curves(curves, pictures / "tone-curve.png")


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, default=VOICES)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--only-voices", action="store_true")
    parser.add_argument("--robustness", action="store_true")
    parser.add_argument("--pictures", type=Path, help="a folder for PNG plots, such as docs")
    args = parser.parse_args()
    measure_actors(args.voices, args.pictures)
    if not args.only_voices:
        measure_bench(args.bench, args.robustness, args.pictures)


if __name__ == "__main__":
    main()
