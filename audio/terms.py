"""Names and terms that a transcriber should know: Whisper is told of them as of words that were said just before.

In: terms as people wrote them. Out: the text that Whisper is given before each clip, and whether what it wrote is an
echo of that text. For Whisper writes what it was told over again where it hears little (the authors' discussion 1477,
faster-whisper's issues 731 and 1356), and the more it is told, the worse it hears everything else (PromptingWhisper's
issue 4): so the text is short, and a clip that echoes it is to be heard again without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

# Characters. Whisper takes 223 tokens of what was said before, and a name is a token for two or three letters; half of
# that leaves it room to write, too. Chosen, not measured on real weights.
MOST = 300
BETWEEN = ", "
TOO_MANY = (
    "Of {all} names and terms the transcriber was told the first {told}: with more of them it hears worse. "
    "Take those off the list that are not needed."
)

_DIVIDED = re.compile(r"[,;\n]")
_SPELLED = re.compile(r"\w+")


def terms_in(text: str) -> tuple[str, ...]:
    """The terms of a list as people write one: divided by commas, semicolons or line ends."""
    return tuple(filter(None, (" ".join(term.split()) for term in _DIVIDED.split(text))))


def told(terms: Sequence[str]) -> tuple[str, ...]:
    """The terms that Whisper is told of: each once, in order, as many as MOST characters hold."""
    kept: dict[str, str] = {}
    length = -len(BETWEEN)
    for term in terms:
        spaced = " ".join(term.split())
        if not spaced or spaced.casefold() in kept:
            continue
        length += len(BETWEEN) + len(spaced)
        if length > MOST:
            break
        kept[spaced.casefold()] = spaced
    return tuple(kept.values())


def said_before(terms: Sequence[str]) -> str | None:
    """What Whisper is told was said just before; None where there are no terms."""
    return BETWEEN.join(told(terms)) or None


def too_many_note(terms: Sequence[str]) -> tuple[str, ...]:
    """A sentence for the person where not all terms could be told; nothing else."""
    written = {term for one in terms if (term := " ".join(one.split()).casefold())}
    kept = told(terms)
    return (TOO_MANY.format(all=len(written), told=len(kept)),) if len(kept) < len(written) else ()


def is_echo(words: Iterable[str], terms: Sequence[str]) -> bool:
    """Whether a transcriber may have written what it was told: two neighbours of the list, or one term twice, on end.

    People say that now and then ("Anna, Vojta, come here!"); then nothing is lost by hearing it again without.
    """
    heard = f" {_plain(' '.join(words))} "
    plain = [spelled for term in told(terms) if (spelled := _plain(term))]
    pairs = [*pairwise(plain), *((term, term) for term in plain)]
    return any(f" {one} {other} " in heard for one, other in pairs)


def _plain(text: str) -> str:
    return " ".join(_SPELLED.findall(text.casefold()))
