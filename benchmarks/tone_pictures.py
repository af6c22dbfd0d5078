"""Plots of benchmarks/tone.py: what each emotion of the actors says for each kind, and precision against recall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from strengths import Judged

from analysis.moments import DEFAULT_SENSITIVITY
from analysis.tone import VOICE_KINDS

if TYPE_CHECKING:
    from tone import Read

COLOURS = {"heavy": "#0072B2", "tearful": "#CC79A7", "sharp": "#D55E00"}  # Okabe & Ito
CURVE_COLOURS = ("#0072B2", "#D55E00")
CORPORA = {"EMO": "EMO-DB", "RAV": "RAVDESS"}
LEAST_EVIDENCE = -12.0  # nats; drawn at the edge below


def draw_actors(read: Sequence[Read], path: Path) -> None:
    """The evidence for each kind by emotion, one panel a kind and corpus: median, quartiles, every phrase."""
    figure, panels = plt.subplots(len(CORPORA), len(VOICE_KINDS), figsize=(11, 6.5), sharex="col", squeeze=False)
    for row, (corpus, title) in enumerate(CORPORA.items()):
        own = [one for one in read if one.acted.corpus == corpus]
        emotions = sorted({(one.acted.emotion, one.acted.strong or corpus == "EMO") for one in own})
        labels = [name if strong or name == "neutral" else f"{name}, mild" for name, strong in emotions]
        for panel, kind in zip(panels[row], VOICE_KINDS, strict=True):
            values = [
                [
                    max(one.evidence[kind], LEAST_EVIDENCE)
                    for one in own
                    if (one.acted.emotion, one.acted.strong or corpus == "EMO") == emotion
                ]
                for emotion in emotions
            ]
            panel.boxplot(
                values,
                orientation="horizontal",
                widths=0.6,
                showfliers=False,
                medianprops={"color": COLOURS[kind], "lw": 2},
            )
            for place, group in enumerate(values, 1):
                offsets = np.linspace(-0.22, 0.22, len(group)) if len(group) > 1 else np.zeros(len(group))
                panel.plot(group, place + offsets, ".", ms=3, alpha=0.5, color=COLOURS[kind])
            panel.axvline(0, color="grey", lw=0.7)
            panel.set_yticks(
                range(1, len(labels) + 1), labels if kind == VOICE_KINDS[0] else [""] * len(labels), fontsize=8
            )
            panel.set_title(f"{title}: {kind}", fontsize=10)
            panel.set_xlabel("evidence, nats" if row == len(CORPORA) - 1 else "")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_curves(curves: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """Precision against recall over all sensitivities, the default marked; beside it, how often a strength is right."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    for colour, (name, judged) in zip(CURVE_COLOURS, curves.items(), strict=False):
        true = sum(one.is_true for one in judged)
        levels = sorted({one.strength for one in judged if one.strength > 0})
        points = [_precision_recall(judged, level, true) for level in levels]
        left.plot([recall for _, recall in points], [precision for precision, _ in points], color=colour, label=name)
        precision, recall = _precision_recall(judged, 1 - DEFAULT_SENSITIVITY, true)
        left.plot([recall], [precision], "o", color=colour)
        edges = np.array([0.05, 0.2, 0.4, 0.6, 0.8, 1.01])
        groups = [[o for o in judged if low <= o.strength < high] for low, high in pairwise(edges)]
        groups = [group for group in groups if group]
        right.plot(
            [np.mean([o.strength for o in group]) for group in groups],
            [np.mean([o.is_true for o in group]) for group in groups],
            "o-", color=colour, label=name,
        )  # fmt: skip
    left.set(xlabel="recall of true shifts", ylabel="precision", xlim=(0.4, 1.01), ylim=(0.4, 1.01))
    left.set_title("Dots: the default sensitivity", fontsize=10)
    right.plot([0, 1], [0, 1], color="grey", lw=0.7)
    right.set(xlabel="strength shown", ylabel="share that are true shifts", xlim=(0, 1), ylim=(0, 1.02))
    left.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _precision_recall(judged: Sequence[Judged], level: float, true: int) -> tuple[float, float]:
    shown = [one for one in judged if one.strength >= max(level, 1e-9)]
    right = sum(one.is_true for one in shown)
    return right / max(len(shown), 1), right / max(true, 1)
