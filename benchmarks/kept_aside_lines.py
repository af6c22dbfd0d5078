"""A bank of lines for ../shared/bench/render.py whose replies are lines kept aside: no phrase or weight has seen them.

    python benchmarks/kept_aside_lines.py > bank.json
    python ../shared/bench/render.py --bank bank.json --seed 601 --count 14 --minutes 4 --out DIR

Everything but the replies comes from benchmarks/other_lines.json. The replies answer other lines than those that they
were written for, so some are odd where they stand; a person would be thrown as well.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from written_replies import REPLIES, WrittenReply, read_corpus

HERE = Path(__file__).resolve().parent
NAMES = ("Mira", "Otto", "Kate", "Leon", "Asha", "Finn")
CORPORA = ("kept_aside_vignettes", "kept_aside_trains")
LONGEST = 16  # words; longer ones make the synthetic voices stumble


def kept_aside_bank() -> dict[str, object]:
    """The bank, as render.py reads it."""
    bank = json.loads((HERE / "other_lines.json").read_text(encoding="utf-8"))
    attuned: dict[str, list[str]] = defaultdict(list)
    missing: dict[str, list[str]] = defaultdict(list)
    for name in CORPORA:
        for one in read_corpus(REPLIES / "en" / f"{name}.jsonl").replies:
            if _can_be_said(one):
                side = attuned if one.attuned else missing
                side[one.acts[0]].append(one.reply.replace("’", "'").replace("—", ", "))
    return {**bank, "names": NAMES, "attuned": attuned, "missed": missing}


def _can_be_said(one: WrittenReply) -> bool:
    return len(one.acts) == 1 and one.acts[0] != "backchannel_only" and len(one.reply.split()) <= LONGEST


if __name__ == "__main__":
    print(json.dumps(kept_aside_bank(), indent=1))
