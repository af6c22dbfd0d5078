"""What each term of a reply speaks for, learnt from written examples: a table of weights, in plain text.

In: the Terms of a reply. Out: how likely each act is, and the words that say so. The table of a language stands in
`analysis/cues/LANGUAGE.weights.tsv`, a term a line and an act a column. A weight is what the term adds to the
logarithm of the odds of an act (logistic regression; Cox 1958); the line BIAS is what holds without any. Made by
`benchmarks/fit_words.py` from the replies in tests/data/replies: nobody writes it by hand, everybody may read it.
A language without a table is read from its phrases alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from analysis.reply_terms import Term

Vector = npt.NDArray[np.float64]

BIAS = "BIAS"  # the first line of a table
ATTUNED = "attuned"  # the column that says whether the reply met the partner, whatever its acts


@dataclass(frozen=True, slots=True, eq=False)  # one object a language: compared and cached by identity
class WordWeights:
    """A table of weights. acts: names of the columns, the last one ATTUNED. bias: shape (acts,).

    rows: term to its row of `values`, shape (terms, acts), in nats.
    """

    acts: tuple[str, ...]
    bias: Vector
    rows: Mapping[str, int]
    values: npt.NDArray[np.float64]

    def odds(self, terms: Sequence[Term]) -> dict[str, float]:
        """Logarithm of the odds of each act, and of ATTUNED, in nats."""
        known = [self.rows[term.name] for term in terms if term.name in self.rows]
        total = self.bias + self.values[known].sum(axis=0)
        return dict(zip(self.acts, total.tolist(), strict=True))

    def strongest(self, act: str, terms: Sequence[Term], words: int) -> tuple[int, int]:
        """First and last of `words` written words: the stretch that says most for `act`.

        Each term shares its weight out among its words; the stretch is the one with the greatest sum.
        """
        column = self.acts.index(act)
        said = np.zeros(words)
        for term in terms:
            row = self.rows.get(term.name)
            if row is not None and term.first >= 0:
                said[term.first : term.last + 1] += self.values[row, column] / (term.last - term.first + 1)
        return _greatest_stretch(said)


@lru_cache(maxsize=8)
def load_weights(language: str) -> WordWeights | None:
    """The table of a language (ISO 639-1), or None where it has none."""
    source = files("analysis.cues").joinpath(f"{language}.weights.tsv")
    if not language.isalpha() or not source.is_file():
        return None
    return read_weights(source.read_text(encoding="utf-8").splitlines())


def read_weights(lines: Iterable[str]) -> WordWeights:
    """The lines of a table as WordWeights; raises ValueError where they are not one."""
    (_, *acts), (bias, *biases), *rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if bias != BIAS or acts[-1:] != [ATTUNED]:
        raise ValueError(f"A table of weights has {ATTUNED} as its last column and {BIAS} as its first line.")
    values = np.array([[float(weight) if weight else 0.0 for weight in row[1:]] for row in ([BIAS, *biases], *rows)])
    return WordWeights(tuple(acts), values[0], {row[0]: place for place, row in enumerate(rows)}, values[1:])


def _greatest_stretch(said: Vector) -> tuple[int, int]:
    """The stretch with the greatest sum (Kadane, in Bentley 1984), shape (words,) in, indices out."""
    best, best_sum = (0, 0), -np.inf
    start, running = 0, 0.0
    for place, value in enumerate(said):
        if running <= 0:
            start, running = place, 0.0
        running += float(value)
        if running > best_sum:
            best, best_sum = (start, place), running
    return best
