"""How long a session of an hour takes to read: for the first time, once more, and after a correction.

    OMP_NUM_THREADS=1 python benchmarks/reread.py [--minutes 60] [--rounds 5] [--profile]

The session is the evening of sample_data, listened to once with its turns and words given and put behind itself
until it is long enough; no sound of that length is made, and nothing is kept. Every time round each phrase of some
words ends with a name that is said only then, and its measures are off by a little: else what is remembered of a text
would help more than in a real hour. Seconds of the processor, since other work on the machine then counts less. What
is read for the first time is timed once, the rest is the fastest of --rounds.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from analysis.cue_phrases import load_cues
from analysis.moments import Reading, read_conversation
from analysis.suggested_replies import load_suggestions
from analysis.word_weights import load_weights
from audio.conversation import Conversation, Measures, Phrase, Span, Utterance, Word
from audio.listen import ListenSettings, listen

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "evening.ogg"
PAUSE = 2.0  # seconds between one time round and the next
FEWEST_WORDS = 4  # of a phrase that is given a name; fewer may be no more than a sign of listening
NAME_TAKES = 0.01  # seconds before the phrase ends
OFF_BY = 0.03  # share of a measure, standard deviation
SLOWEST = 25  # functions that --profile prints

Timed = TypeVar("Timed", bound=Span)


def evening() -> Conversation:
    """What is heard in the sample, without its tracks."""
    given = ListenSettings(
        speaker_engine="given",
        rttm=SAMPLE.with_suffix(".rttm"),
        transcriber="given",
        transcript=SAMPLE.with_suffix(".vtt"),
        language="en",
    )
    return replace(listen(SAMPLE, given), tracks={})


def lengthened(conversation: Conversation, seconds: float) -> Conversation:
    """The conversation behind itself until it is `seconds` long, the last time to its end."""
    step = conversation.duration + PAUSE
    times = math.ceil(seconds / step)
    chance = np.random.default_rng(0)
    return replace(
        conversation,
        duration=times * step,
        turns=tuple(_later(turn, place * step) for place in range(times) for turn in conversation.turns),
        utterances=tuple(
            _once_more(utterance, place * step, _name(place), chance)
            for place in range(times)
            for utterance in conversation.utterances
        ),
    )


def with_a_word_corrected(conversation: Conversation) -> Conversation:
    """The conversation with another word at the beginning of an utterance in its middle."""
    place = len(conversation.utterances) // 2
    utterance = next(one for one in conversation.utterances[place:] if one.phrases and one.phrases[0].words)
    right = replace(utterance.words[0], text="Honestly")
    first = replace(utterance.phrases[0], words=(right, *utterance.phrases[0].words[1:]))
    corrected = replace(utterance, words=(right, *utterance.words[1:]), phrases=(first, *utterance.phrases[1:]))
    return replace(
        conversation,
        utterances=tuple(corrected if one is utterance else one for one in conversation.utterances),
    )


def load_language() -> None:
    """Everything that is loaded once a process."""
    load_cues("en")
    load_weights("en")
    load_suggestions("en")


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of the processor that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def report(minutes: float, rounds: int) -> None:
    """Print what the readings take."""
    session = lengthened(evening(), minutes * 60)
    corrected = with_a_word_corrected(session)
    loading = seconds_of(load_language)
    began = time.process_time()
    reading: Reading = read_conversation(session)
    first = time.process_time() - began
    words = sum(len(utterance.words) for utterance in session.utterances)
    print(f"{session.duration / 60:.0f} min, {len(session.utterances)} utterances, {words} words")
    print(f"{len(reading.candidates)} candidates, {len(reading.moments())} moments shown")
    print(f"loading the language    {loading:6.3f} s")
    print(f"first reading           {first:6.3f} s")
    print(f"after one correction    {seconds_of(lambda: read_conversation(corrected)):6.3f} s")
    again = min(seconds_of(lambda: read_conversation(session)) for _ in range(rounds))
    print(f"the same once more      {again:6.3f} s")
    slider = min(seconds_of(lambda: reading.moments(sensitivity=0.7)) for _ in range(rounds))
    print(f"at another sensitivity  {slider:6.4f} s")


def profile(minutes: float) -> None:
    """Print where the time of a first reading goes."""
    session = lengthened(evening(), minutes * 60)
    load_language()
    profiler = cProfile.Profile()
    profiler.runcall(read_conversation, session)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(SLOWEST)


def _name(place: int) -> str:
    """A word that nothing knows, another one each time round."""
    return "Qu" + chr(ord("a") + place // 26 % 26) + chr(ord("a") + place % 26) + "x."


def _later(timed: Timed, seconds: float) -> Timed:
    return replace(timed, start=timed.start + seconds, end=timed.end + seconds)


def _once_more(utterance: Utterance, seconds: float, name: str, chance: np.random.Generator) -> Utterance:
    phrases = tuple(
        replace(
            _later(phrase, seconds),
            spans=tuple(_later(span, seconds) for span in phrase.spans),
            words=_named(phrase, seconds, name),
            measures=_a_little_off(phrase.measures, chance),
        )
        for phrase in utterance.phrases
    )
    return replace(
        _later(utterance, seconds),
        spans=tuple(_later(span, seconds) for span in utterance.spans),
        words=tuple(word for phrase in phrases for word in phrase.words),
        phrases=phrases,
    )


def _named(phrase: Phrase, seconds: float, name: str) -> tuple[Word, ...]:
    words = tuple(_later(word, seconds) for word in phrase.words)
    if len(words) < FEWEST_WORDS:
        return words
    end = phrase.end + seconds
    return (*words, Word(end - NAME_TAKES, end, name))


def _a_little_off(measures: Measures, chance: np.random.Generator) -> Measures:
    factors = dict(
        zip((item.name for item in fields(measures)), chance.normal(1.0, OFF_BY, len(fields(measures))), strict=True)
    )
    kept = {"seconds": 1.0, "sniffs": 1.0}
    return replace(measures, **{name: getattr(measures, name) * factor for name, factor in (factors | kept).items()})


def main() -> None:
    """Parse the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="where the time of the first reading goes, instead")
    args = parser.parse_args()
    if args.profile:
        profile(args.minutes)
    else:
        report(args.minutes, args.rounds)


if __name__ == "__main__":
    main()
