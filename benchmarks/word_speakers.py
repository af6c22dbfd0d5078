"""How many words are given to the wrong speaker when the turns' boundaries are off.

    python benchmarks/word_speakers.py [--bench FOLDER] [--seeds 3]

The words of each conversation of FOLDER/conversations are known with their speakers; they are put into captions without
voice tags, as transcribers give them (see said_words), and each boundary of the true turns is shifted at random
(uniform, +- the shift). Printed in per cent of the words: given to the wrong speaker by audio.word_speakers, by the
largest overlap of each word (whisperX), and by the largest overlap of each caption; the same for words that are said
while another talks, and their share; the share of our wrong words that are marked as doubtful, and of the right ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from said_words import CONVERSATIONS, FORMS, Said, spoken, turns_of

from audio.conversation import Doubt, Span, Transcript, Turn, Word
from audio.word_speakers import join_words

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
SHIFTS = (0.0, 0.15, 0.25)  # seconds
USUAL_SHIFT = 0.15  # seconds; the shift at which every kind of conversation is measured
SHORTEST_TURN = 0.05  # seconds that are left of a turn whose boundaries would cross
SEEDS = 3

Timing = tuple[float, float]
Given = dict[Timing, str]  # the speaker of each word, which its times tell apart
Rule = Callable[[Transcript, Sequence[Turn]], Given]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one word: whether it is said while another talks, whether each rule is wrong, whether we doubt it."""

    overlapped: bool
    wrong: tuple[bool, ...]
    doubted: bool


def main() -> None:
    """Print the table: the bench as it is at every shift, then its harder kinds at the usual shift."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bench", type=Path, default=BENCH, metavar="FOLDER")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many times everything random is drawn")
    arguments = parser.parse_args()
    truths = sorted((arguments.bench / "conversations").glob("*.json"))
    if not truths:
        raise SystemExit(f"No conversations with ground truth in {arguments.bench}.")
    print(f"{len(truths)} conversations, {arguments.seeds} seeds; per cent of the words")
    print(f"{'':24}{'':>9}{'at the wrong speaker':>26}{'while both talk':>34}{'doubted of':>18}")
    columns = f"{'ours':>10}{'word':>8}{'caption':>8}{'share':>10}{'ours':>8}{'word':>8}{'caption':>8}"
    print(f"{'':24}{'shift s':>9}{columns}{'wrong':>10}{'right':>8}")
    for kind in CONVERSATIONS:
        print(kind)
        for shift in SHIFTS if kind == next(iter(CONVERSATIONS)) else (USUAL_SHIFT,):
            for form in FORMS:
                print_row(form, shift, outcomes(truths, kind, form, shift, arguments.seeds))


def outcomes(truths: Sequence[Path], kind: str, form: str, shift: float, seeds: int) -> list[Outcome]:
    """Every word of every conversation, `seeds` times."""
    found: list[Outcome] = []
    for seed in range(seeds):
        for number, truth in enumerate(truths):
            rng = np.random.default_rng([seed, number])
            said = spoken(CONVERSATIONS[kind](turns_of(truth), rng), rng)
            found += judged(said, FORMS[form](said), shifted([one.turn for one in said], shift, rng))
    return found


def shifted(turns: Iterable[Turn], most: float, rng: np.random.Generator) -> list[Turn]:
    """The turns with each boundary somewhere else, by up to `most` seconds."""
    moved = []
    for turn in turns:
        start, end = np.array([turn.start, turn.end]) + rng.uniform(-most, most, 2)
        moved.append(Turn(max(0.0, start), max(start + SHORTEST_TURN, end), turn.speaker))
    return moved


def judged(said: Sequence[Said], transcript: Transcript, turns: Sequence[Turn]) -> list[Outcome]:
    """What each rule makes of the words."""
    joined = join_words(transcript, turns)
    ours = {_timing(word): speaker for speaker, words in joined.items() for word in words}
    doubted = {_timing(word): Doubt.SPEAKER in word.doubts for words in joined.values() for word in words}
    given = (ours, by_word(transcript, turns), by_caption(transcript, turns))
    return [
        Outcome(
            any(word.overlap(other.turn) > 0 for other in said if other.turn.speaker != one.turn.speaker),
            tuple(rule[_timing(word)] != one.turn.speaker for rule in given),
            doubted[_timing(word)],
        )
        for one in said
        for word in one.words
    ]


def by_word(transcript: Transcript, turns: Sequence[Turn]) -> Given:
    """whisperX's rule: a word is whose turns share most of its time, else whose turn is nearest."""
    return {_timing(word): _holder(word, turns) for caption in transcript.captions for word in caption.words}


def by_caption(transcript: Transcript, turns: Sequence[Turn]) -> Given:
    """The rule of programs that have no word times, on whole captions."""
    return {
        _timing(word): speaker
        for caption in transcript.captions
        for speaker in [_holder(caption, turns)]
        for word in caption.words
    }


def _holder(span: Span, turns: Sequence[Turn]) -> str:
    shared: dict[str, float] = {}
    for turn in turns:
        shared[turn.speaker] = shared.get(turn.speaker, 0.0) + turn.overlap(span)
    most = max(shared, key=lambda speaker: shared[speaker])
    return most if shared[most] > 0 else min(turns, key=lambda turn: turn.gap(span)).speaker


def _timing(word: Word) -> Timing:
    return word.start, word.end


def print_row(form: str, shift: float, words: Sequence[Outcome]) -> None:
    """One line of the table."""
    overlapped = [word for word in words if word.overlapped]
    wrong = [word for word in words if word.wrong[0]]
    right = [word for word in words if not word.wrong[0]]
    rates = "".join(f"{_share([w.wrong[i] for w in words]):{8 + 2 * (i == 0)}.2f}" for i in range(3))
    over = "".join(f"{_share([w.wrong[i] for w in overlapped]):8.1f}" for i in range(3))
    marked = f"{_share([w.doubted for w in wrong]):10.1f}{_share([w.doubted for w in right]):8.2f}"
    print(f"  {form:22}{shift:9.2f}{rates}{_share([w.overlapped for w in words]):10.2f}{over}{marked}", flush=True)


def _share(of: Sequence[bool]) -> float:
    return 100 * sum(of) / len(of) if of else float("nan")


if __name__ == "__main__":
    main()
