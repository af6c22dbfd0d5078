"""How well the wrong lines of a voice are found from one of them.

    python benchmarks/alike_lines.py [--bench DIR] [--speakers DIR]

In the conversations of --bench, and the dialogues of real readers, a third of one partner's lines are given to the
other; from one of them the others are looked for. Precision and recall are of lines; "none wrong but one" counts how
many are found where there is nothing to find. Readers were recorded apart: their microphones differ, too.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.session.alike_lines import sounding_like
from audio.conversation import Conversation, Utterance
from audio.listen import ListenSettings, listen

SHARED = Path(__file__).resolve().parents[2] / "shared"
WRONG_SHARE, QUERIES, LONG_ENOUGH = 3, 4, 1.5  # one line in so many is wrong; queries a recording; seconds of a query


def main() -> None:
    """Measure both, print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED / "bench" / "conversations", metavar="DIR")
    parser.add_argument("--speakers", type=Path, default=SHARED / "speakers", metavar="DIR")
    arguments = parser.parse_args()
    print_wrong_lines("bench, synthetic voices", sorted(arguments.bench.glob("*.ogg")))
    print_wrong_lines("real readers", sorted(arguments.speakers.glob("two-*.flac")))


def print_wrong_lines(said: str, recordings: Sequence[Path]) -> None:
    """Find the wrong lines of each recording from one of them, true turns given."""
    chance = random.Random(5)
    heard = [listen(path, ListenSettings(rttm=path.with_suffix(".rttm"), transcriber="none")) for path in recordings]
    queries = [query for conversation in heard for query in _queries(conversation, chance)]
    found = wrong = right = 0
    for conversation, at, given in queries:
        alike = {conversation.utterances.index(line) for line in _alike(conversation, at)} - {at}
        found, wrong, right = found + len(alike & given), wrong + len(given), right + len(alike - given)
    strays = 0
    for conversation, at, given in queries:
        back = _given(conversation, given - {at}, _other(conversation, at))
        strays += len(set(_alike(back, at)) - {back.utterances[at]})
    print(f"\nwrong lines, {said}: {len(queries)} queries in {len(heard)} recordings")
    precision = found / max(1, found + right)
    print(
        f"  found {found} of {wrong} ({found / wrong:.0%}); of {found + right} found {precision:.0%} were wrong lines;"
    )
    print(f"  none wrong but one: {strays} found in {len(queries)} queries", flush=True)


def _queries(conversation: Conversation, chance: random.Random) -> Iterator[tuple[Conversation, int, set[int]]]:
    """(the conversation with lines of one partner given to the other, a long one of them, all others of them)."""
    for number in range(QUERIES):
        giver, taker = conversation.speakers if number % 2 else conversation.speakers[::-1]
        own = [at for at, line in enumerate(conversation.utterances) if line.speaker == giver]
        long = [at for at in own if conversation.utterances[at].duration >= LONG_ENOUGH]
        at = chance.choice(long)
        given = {at, *chance.sample(own, max(2, len(own) // WRONG_SHARE))}
        yield _given(conversation, given, taker), at, given - {at}


def _given(conversation: Conversation, lines: set[int], taker: str) -> Conversation:
    utterances = tuple(replace(line, speaker=taker) if at in lines else line
                       for at, line in enumerate(conversation.utterances))  # fmt: skip
    return replace(conversation, utterances=utterances)


def _other(conversation: Conversation, at: int) -> str:
    return next(one for one in conversation.speakers if one != conversation.utterances[at].speaker)


def _alike(conversation: Conversation, at: int) -> tuple[Utterance, ...]:
    assert conversation.voices is not None
    return sounding_like(conversation.voices, conversation, conversation.utterances[at])


if __name__ == "__main__":
    main()
