"""How often a verdict is right, given the true shifts of recordings laid out like ../shared/bench/conversations.

    python benchmarks/verdicts.py [--bench DIR ...] [--list]

Turns and words are given too, so that only the reading of the reply is measured: with everything that was heard, and
with words, voice or timing taken away. Prints also how often a verdict of some confidence is right, and how well the
voice of the reply alone tells met from missed (ROC AUC), beside entrainment at the turn exchange (Levitan &
Hirschberg 2011).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moments import BENCH, GIVEN, recordings_in, settings_for
from sklearn.metrics import roc_auc_score

from analysis.cue_phrases import Cues, load_cues, understates
from analysis.entrainment import exchanges, nearness
from analysis.normals import speakers_normals
from analysis.reply import Reply, reply_reader
from analysis.shifts import ToneShift
from analysis.verdict import Evidence
from audio.listen import listen

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Judged:
    """One true moment: what it was, what was read, and how near the two voices were (0 to 1, None if unknown)."""

    recording: str
    truth: dict[str, Any]
    reply: Reply | None
    nearness: float | None


def judged_moments(bench: Path, cues: Cues) -> list[Judged]:
    """Every true moment of a bench, its reply read."""
    found: list[Judged] = []
    for recording in recordings_in(bench):
        truth = json.loads(recording.with_suffix(".json").read_text())
        conversation = listen(recording, settings_for(recording, GIVEN))
        baselines = speakers_normals(conversation).baselines
        reader = reply_reader(conversation, baselines, cues)
        handed_over = exchanges(conversation.utterances, baselines)
        for moment in truth["moments"]:
            reply = reader.reply_to(_shift(moment, cues))
            near = nearness(handed_over, reply.start) if reply else None
            found.append(Judged(recording.stem, moment, reply, near))
    return found


def _shift(moment: dict[str, Any], cues: Cues) -> ToneShift:
    text = moment.get("text") or ""
    less = understates(text, cues)
    return ToneShift(moment["start"], moment["end"], moment["speaker"], moment["kind"], 1.0, text, less, ())


def verdicts_with(judged: Sequence[Judged], **taken_away: None) -> tuple[float, float, float]:
    """Share right, share unclear and share wrong, with some of the evidence taken away."""
    right = unclear = 0
    for one in judged:
        evidence = replace(one.reply.evidence, **taken_away) if one.reply else Evidence(None, None, None)
        right += evidence.verdict == one.truth["verdict"]
        unclear += evidence.verdict == "unclear"
    count = len(judged)
    return right / count, unclear / count, (count - right - unclear) / count


def report(judged: Sequence[Judged]) -> None:
    """Print the tables."""
    print(f"{'heard':28s} right   unclear   wrong")
    for name, taken_away in {
        "everything": {},
        "no voice": {"tone": None},
        "no timing": {"timing": None},
        "no words": {"words": None},
    }.items():
        right, unclear, wrong = verdicts_with(judged, **taken_away)
        print(f"{name:28s} {right:.3f}   {unclear:.3f}     {wrong:.3f}")
    replies = [(one.truth["verdict"] == "met", one.reply, one.nearness) for one in judged if one.reply]
    print("\nmet against missed, ROC AUC")
    for name, values in {
        "words": [(met, reply.evidence.words) for met, reply, _ in replies],
        "voice": [(met, reply.evidence.tone) for met, reply, _ in replies],
        "timing": [(met, reply.evidence.timing) for met, reply, _ in replies],
        "nearness of the two voices": [(met, near) for met, _, near in replies],
    }.items():
        known = [(met, value) for met, value in values if value is not None]
        print(f"  {name:28s} {roc_auc_score([met for met, _ in known], [v for _, v in known]):.3f}  ({len(known)})")
    print("\nconfidence   verdicts   right")
    for low, high in ((0.62, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01)):
        kept = [one for one in judged if one.reply and low <= one.reply.evidence.confidence < high]
        if kept:
            right = sum(one.reply.evidence.verdict == one.truth["verdict"] for one in kept if one.reply)
            print(f"{low:.2f} to {min(high, 1):.2f}  {len(kept):6d}     {right / len(kept):.2f}")


def main() -> None:
    """Parse the arguments, read, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, nargs="+", default=[BENCH])
    parser.add_argument("--list", action="store_true", help="name each moment whose verdict is not the true one")
    args = parser.parse_args()
    cues = load_cues(LANGUAGE)
    assert cues is not None
    judged = [one for bench in args.bench for one in judged_moments(bench, cues)]
    print(f"{len(judged)} true moments, turns and words given\n")
    report(judged)
    if args.list:
        for one in judged:
            verdict = one.reply.evidence.verdict if one.reply else "unclear"
            if verdict != one.truth["verdict"]:
                truth = one.truth
                print(f"{one.recording} {truth['start']:.1f} s: {verdict}, truly {truth['verdict']}: {one.reply}")


if __name__ == "__main__":
    main()
