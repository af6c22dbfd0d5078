"""Which language a conversation is in, of those that have cue files.

In: a Conversation. Out: an ISO 639-1 code, or None where it is not known. A transcript often does not say its language;
then the small words of each language are counted, since every other word of talk is one.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from analysis.cue_phrases import load_cues
from analysis.spoken_words import plain_words
from audio.conversation import Conversation

FEWEST = 20  # words; fewer tell no language
SMALL_WORDS = 0.35  # share of the words that are small in talk of a language: about half; in other languages a tenth


def spoken_language(conversation: Conversation) -> str | None:
    """The language that the transcript names, else the one whose small words are heard most."""
    if conversation.language:
        return conversation.language.replace("_", "-").partition("-")[0].lower()
    text = " ".join(utterance.text for utterance in conversation.utterances)
    shares = {language: _share_of_small_words(text, language) for language in languages()}
    likeliest = max(shares, key=lambda language: shares[language])
    return likeliest if len(text.split()) >= FEWEST and shares[likeliest] >= SMALL_WORDS else None


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that have a cue file, sorted."""
    names = (entry.name for entry in files("analysis.cues").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _share_of_small_words(text: str, language: str) -> float:
    cues = load_cues(language)
    words = plain_words(text, cues.spelling) if cues else ()
    return sum(word.text in cues.small_words for word in words) / len(words) if cues and words else 0.0
