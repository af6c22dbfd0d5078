"""How well the tone of real voices is read: actors of EMO-DB and RAVDESS against each one's own normal.

    python benchmarks/tone.py [--voices DIR] [--calm-normal]

Prints the area under the ROC curve (ROC AUC) of the evidence for a kind, and the share of phrases flagged as any
kind at the default setting. The normal is that of all of an actor's phrases, emotional ones included. Nothing was
trained on these voices. For the tone shifts of whole conversations see benchmarks/moments.py.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from actors import EMODB, RAVDESS, Acted, acted_phrases
from sklearn.metrics import roc_auc_score

from analysis.baseline import speaker_baseline
from analysis.tone import STATES, VOICE_KINDS, probabilities, read_tone

VOICES = Path(__file__).resolve().parents[2] / "shared" / "voices"
FLAGGED = 0.5  # probability of all kinds together, as in `undertone analyze`
CALM = ("neutral", "calm")


@dataclass(frozen=True, slots=True)
class Read:
    """A phrase with the evidence for each kind (nats) and the probability of each (0 to 1)."""

    acted: Acted
    evidence: dict[str, float]
    probability: dict[str, float]

    @property
    def flagged(self) -> bool:
        """Whether a coach would be shown it."""
        return sum(self.probability[kind] for kind in VOICE_KINDS) > FLAGGED


Choice = Callable[[Acted], bool]


def read_all(acted: list[Acted], normal: Sequence[str]) -> list[Read]:
    """Every phrase against the normal of its actor, which is that of the emotions in `normal`."""
    found = []
    for actor in sorted({(one.corpus, one.actor) for one in acted}):
        own = [one for one in acted if (one.corpus, one.actor) == actor]
        baseline = speaker_baseline(" ".join(actor), [one.phrase for one in own if one.emotion in normal])
        for one in own:
            likelihoods = read_tone(one.phrase, baseline).likelihoods
            chances = probabilities([likelihoods])[0].tolist()
            found.append(
                Read(one, dict(zip(STATES, likelihoods, strict=True)), dict(zip(STATES, chances, strict=True)))
            )
    return found


def auc(read: list[Read], kind: str, among: Choice, against: Choice) -> float:
    """ROC AUC of the evidence for `kind`."""
    chosen = [(among(one.acted), one.evidence[kind]) for one in read if among(one.acted) or against(one.acted)]
    return float(roc_auc_score([is_it for is_it, _ in chosen], [evidence for _, evidence in chosen]))


def of(corpus: str, *emotions: str, strong: bool = False) -> Choice:
    """Phrases of a corpus in one of `emotions`, or only those acted strongly."""
    return lambda one: one.corpus == corpus and one.emotion in emotions and (one.strong or not strong)


def print_aucs(read: list[Read]) -> None:
    """The comparisons that the design names."""
    rest = ("angry", "bored", "disgusted", "afraid", "happy", "neutral")
    rows = [
        ("heavy: EMO-DB sad vs neutral", "heavy", of("EMO", "sad"), of("EMO", "neutral")),
        ("heavy: EMO-DB sad vs all else", "heavy", of("EMO", "sad"), of("EMO", *rest)),
        ("tearful: RAVDESS sad, strong vs neutral, calm", "tearful", of("RAV", "sad", strong=True), of("RAV", *CALM)),
        ("sharp: EMO-DB angry vs neutral", "sharp", of("EMO", "angry"), of("EMO", *CALM)),
        ("sharp: RAVDESS angry vs neutral, calm", "sharp", of("RAV", "angry"), of("RAV", *CALM)),
        ("sharp: RAVDESS angry, strong vs the same", "sharp", of("RAV", "angry", strong=True), of("RAV", *CALM)),
    ]
    print("ROC AUC")
    for name, kind, among, against in rows:
        print(f"  {name:48s} {auc(read, kind, among, against):.3f}")


def print_flags(read: list[Read]) -> None:
    """Share of phrases flagged at the default setting, by emotion."""
    print(f"\nflagged at the default setting {'any':>10s}" + "".join(f"{kind:>10s}" for kind in VOICE_KINDS))
    for corpus, emotion in sorted({(one.acted.corpus, one.acted.emotion) for one in read}):
        own = [one for one in read if (one.acted.corpus, one.acted.emotion) == (corpus, emotion)]
        share = sum(one.flagged for one in own) / len(own)
        kinds = [sum(one.probability[kind] > FLAGGED for one in own) / len(own) for kind in VOICE_KINDS]
        cells = "".join(f"{part:10.2f}" for part in (share, *kinds))
        print(f"  {corpus} {emotion:12s} {len(own):4d}      {cells}")


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, default=VOICES)
    parser.add_argument("--calm-normal", action="store_true")
    args = parser.parse_args()
    emotions = {*EMODB.values(), *RAVDESS.values()}
    read = read_all(acted_phrases(args.voices), (*CALM, "bored") if args.calm_normal else tuple(emotions))
    if not read:
        raise SystemExit("No phrases were found there.")
    print_aucs(read)
    print_flags(read)


if __name__ == "__main__":
    main()
