"""Learn what each word of a reply speaks for, and write the table that `analysis/word_weights.py` reads.

    python benchmarks/fit_words.py [--language en] [--write]

Reads the replies in tests/data/replies/LANGUAGE, but for those kept aside, as written, without punctuation, and with
words wrong as speech recognition gives them. Each writer in turn is left out of the fit and read by it: the figures
printed are for people whom the table has never heard. --write fits on all of them and writes the table.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from misheard import mishearing, unpunctuated
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from written_replies import Corpus, WrittenReply, corpora, score, table_of

from analysis.cue_phrases import Cues, find_phrases, load_cues
from analysis.reply_terms import reply_terms
from analysis.word_weights import ATTUNED, BIAS, WordWeights, read_weights

ROOT = Path(__file__).resolve().parent.parent
WRONG_WORDS = 0.15
MISHEARD_TIMES = 3  # that each reply is also learnt as misheard, each time otherwise
STRENGTH = 0.3  # inverse of the L2 penalty; 0.1 to 1 read other writers about as well
FEWEST = 3  # replies that a term must occur in
SMALLEST = 0.1  # nats; smaller weights are left out of the table
SEED = 11


@dataclass(frozen=True, slots=True)
class Lesson:
    """One way in which a reply may be heard: its terms, and what it is."""

    terms: tuple[str, ...]
    reply: WrittenReply


def lessons(corpus: Sequence[WrittenReply], language: str, cues: Cues) -> list[list[Lesson]]:
    """For each reply the ways in which it is learnt: as written, unpunctuated, and misheard."""
    misheard = mishearing([one.reply for one in corpus], WRONG_WORDS, random.Random(SEED), language)
    changes = (str, unpunctuated, *[misheard] * MISHEARD_TIMES)
    return [[Lesson(_terms(change(one.before), change(one.reply), cues), one) for change in changes] for one in corpus]


def fit(taught: Sequence[Sequence[Lesson]], acts: Sequence[str]) -> WordWeights:
    """The table that explains the lessons best, an act at a time (logistic regression)."""
    return read_weights(table(taught, acts))


def table(taught: Sequence[Sequence[Lesson]], acts: Sequence[str]) -> list[str]:
    """The table, line by line, as it is written to a file."""
    counts = Counter(name for ways in taught for name in {name for way in ways[:2] for name in way.terms})
    known = {name for name, count in counts.items() if count >= FEWEST}
    heard = [way for ways in taught for way in ways]
    vectorizer = DictVectorizer()
    features = vectorizer.fit_transform([dict.fromkeys(known.intersection(way.terms), 1.0) for way in heard])
    columns = [*acts, ATTUNED]
    models = [_model(features, [_is(act, way.reply) for way in heard]) for act in columns]
    weights = np.stack([model.coef_[0] for model in models], axis=1)
    rows = zip(vectorizer.get_feature_names_out(), weights, strict=True)
    lines = ["\t".join(["term", *columns]), "\t".join([BIAS, *(f"{model.intercept_[0]:.2f}" for model in models)])]
    return lines + ["\t".join([name, *map(_written, row)]) for name, row in rows if np.abs(row).max() >= SMALLEST]


def _model(features: csr_matrix, truth: Sequence[bool]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=300).fit(features, truth)


def _is(act: str, reply: WrittenReply) -> bool:
    return reply.attuned if act == ATTUNED else act in reply.acts


def _written(weight: float) -> str:
    """A weight as it stands in the table; nothing where it is next to nothing."""
    return f"{weight:.1f}" if abs(weight) >= SMALLEST else ""


def left_out(taught: Mapping[Corpus, list[list[Lesson]]], acts: Sequence[str], cues: Cues) -> None:
    """Print how each writer is read by what was learnt from the others."""
    for corpus in taught:
        others = [ways for other, lines in taught.items() if other != corpus for ways in lines]
        weights = fit(others, acts)
        print(f"{corpus.name:24s} {table_of(score(corpus.replies, cues, weights))}", flush=True)


def _terms(before: str, reply: str, cues: Cues) -> tuple[str, ...]:
    return tuple(term.name for term in reply_terms(reply, before, find_phrases(reply, cues), cues))


def main() -> None:
    """Parse the arguments, fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    cues = load_cues(args.language)
    if cues is None:
        raise SystemExit(f"There are no cue phrases for {args.language}.")
    learnt_from = [corpus for corpus in corpora(args.language) if not corpus.kept_aside]
    taught = {corpus: lessons(corpus.replies, args.language, cues) for corpus in learnt_from}
    acts = sorted({act for corpus in learnt_from for one in corpus.replies for act in one.acts})
    if not args.write:
        left_out(taught, acts, cues)
        return
    lines = table([ways for corpus in taught.values() for ways in corpus], acts)
    path = ROOT / "analysis" / "cues" / f"{args.language}.weights.tsv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(f"{len(lines) - 2} terms, {path.stat().st_size / 1024:.0f} KiB, written to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
