"""How often the words of a reply fall on their right side, attuned or missing, and how well its acts are named.

    python benchmarks/replies.py [--language en] [--replies FILE.jsonl ...] [--by-act] [--phrases-only]

Reads replies with their truth, a line each: {"before", "reply", "label": "attuned" | "missing", "acts": [...]}. Without
--replies: those of tests/data/replies/LANGUAGE that were kept aside while phrases and weights were made. Each is read
as written, without case and punctuation, and with words wrong, dropped and put in as speech recognition gives them.
An undecided reply counts as wrong. Also prints how often a reading of some confidence is right, and the speed.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from written_replies import Corpus, Score, calibration, corpora, read_corpus, score

from analysis.cue_phrases import Cues, load_cues
from analysis.reply_words import read_reply

REPLIES_FOR_SPEED = 1000


def report(corpus: Corpus, cues: Cues, *, by_act: bool) -> None:
    """Print the figures of one corpus."""
    print(f"\n{corpus.name}: {len(corpus.replies)} replies")
    print(f"  {'as heard':26s} right   undecided   acts, macro-F1")
    scores = score(corpus.replies, cues)
    for how, one in scores.items():
        print(f"  {how:26s} {one.right:.3f}   {one.undecided:.3f}       {one.act_f1:.3f}")
    if by_act:
        _print_acts(scores)


def _print_acts(scores: dict[str, Score]) -> None:
    for act, _ in next(iter(scores.values())).by_act:
        print(f"    {act:20s} {'  '.join(f'{dict(one.by_act).get(act, 0.0):.2f}' for one in scores.values())}")


def speed(corpus: Corpus, cues: Cues) -> float:
    """Seconds that REPLIES_FOR_SPEED replies take that were not read before, the phrases once compiled."""
    replies = (corpus.replies * REPLIES_FOR_SPEED)[:REPLIES_FOR_SPEED]
    read_reply("Which phrases are there?", "None.", cues)
    began = time.perf_counter()
    for number, one in enumerate(replies):
        read_reply(f"{one.reply} {number}", f"{one.before} {number}", cues)  # nothing is remembered from before
    return time.perf_counter() - began


def main() -> None:
    """Parse the arguments, read, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--replies", type=Path, nargs="+")
    parser.add_argument("--by-act", action="store_true", help="print each act's F1: as written, unpunctuated, misheard")
    parser.add_argument("--phrases-only", action="store_true", help="without the table of words")
    args = parser.parse_args()
    cues = load_cues(args.language)
    if cues is None:
        raise SystemExit(f"There are no cue phrases for {args.language}.")
    if args.phrases_only:
        cues = replace(cues, language="")  # a language of its own, which has no table
    given = [read_corpus(path) for path in args.replies or ()]
    found = given or [corpus for corpus in corpora(args.language) if corpus.kept_aside]
    for corpus in found:
        report(corpus, cues, by_act=args.by_act)
    together = Corpus("all together", tuple(reply for corpus in found for reply in corpus.replies))
    if len(found) > 1:
        report(together, cues, by_act=args.by_act)
    print("\n  confidence   replies   right")
    for claimed, count, right in calibration(together.replies, cues):
        print(f"  {claimed:.2f}         {count:5d}     {right:.2f}")
    print(f"\n{REPLIES_FOR_SPEED} replies in {speed(together, cues):.2f} s")


if __name__ == "__main__":
    main()
