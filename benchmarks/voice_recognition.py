"""How well voices are known again from recording to recording, and wrong lines found from one of them.

    python benchmarks/voice_recognition.py [--voices DIR] [--speakers DIR] [--bench DIR]

Recognition: sessions are made of different utterances of the same people (actors of --voices, readers of
--speakers), the first as it was recorded, the second under a condition of degraded.py. "Same tone": calm against calm,
15 s a voice; "all tones": half of all phrases against the other half; "other tone": calm against strong emotion;
"read": one half of what was read against the other. Single voices and couples (any two people of one corpus) are
compared by the prints that the library keeps, and count as recognised within the limits that it suggests by. A false
match is another person, or a couple of two other people, within them. The limits and bands were set with the speakers
of "set on" in view; "held out" are for reporting only.

Wrong lines: in the conversations of --bench, and the dialogues of real readers, a third of one partner's lines are
given to the other; from one of them the others are looked for. Precision and recall are of lines; "none wrong but one"
counts how many are found where there is nothing to find. Readers were recorded apart: their microphones differ, too.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import soundfile
from degraded import CONDITIONS, Samples
from emotional_dialogues import cut, emodb_actors, ravdess_actors

from app.couples.known_voices import ALONE_LIMIT, COUPLE_LIMIT, VERY_LIKE, couple_distance
from app.session.alike_lines import sounding_like
from audio.conversation import Conversation, Span, Utterance
from audio.given_speakers import read_rttm
from audio.listen import ListenSettings, listen
from audio.recording import SAMPLE_RATE
from audio.voice_frames import voice_frames
from audio.voice_print import VoicePrint, distance, voice_print

SHARED = Path(__file__).resolve().parents[2] / "shared"
SET_ON = {"RAV": ("01", "02", "03", "04", "05", "06"), "EMO": ("03", "08", "09")}
AS_IT_IS = "as recorded"
# What issue and practice ask for: another gain, other codecs, the telephone; and beyond that a room, noise.
SECOND = ("gain -20 dB", "Opus, 16 kbit/s", "telephone band", "mp3, 32 kbit/s", "room, 0.5 s", "pink noise, 20 dB")
PAIRS = {"same tone": ("calm 1", "calm 2"), "all tones": ("all 1", "all 2"), "other tone": ("calm", "strong"),
         "read": ("read 1", "read 2")}  # fmt: skip
PAUSE = 0.3  # seconds between utterances
ROOM = 1e-5  # rms of the noise between them (-100 dB)
WRONG_SHARE, QUERIES, LONG_ENOUGH = 3, 4, 1.5  # one line in so many is wrong; queries a recording; seconds of a query

# From memory of the papers and pages, not measured here: other data, far more speakers, seconds of speech a trial.
PUBLISHED = """\
Beside it, as their authors report (quoted from memory; thousands of speakers, single utterances of 4 to 10 s):
  WeSpeaker's ResNet34, which pyannote's pipelines use, VoxCeleb1-O: EER 0.7 % (Wang et al. 2023)
  pyannote/embedding, an x-vector with a SincNet front end, VoxCeleb1-O: EER 2.8 % (its model card)
  Resemblyzer, GE2E d-vectors: EER 4.5 % (Jemine 2019, of a model of its kind)"""


@dataclass(frozen=True, slots=True)
class Voice:
    """One person of one corpus, in one session under one condition."""

    corpus: str
    person: str
    session: str
    condition: str

    @property
    def is_held_out(self) -> bool:
        """Whether nobody had this person in view when the limits were set."""
        return self.person not in SET_ON.get(self.corpus, ())


Prints = Mapping[Voice, VoicePrint]


def main() -> None:
    """Measure both, print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, default=SHARED / "voices", metavar="DIR")
    parser.add_argument("--speakers", type=Path, default=SHARED / "speakers", metavar="DIR")
    parser.add_argument("--bench", type=Path, default=SHARED / "bench" / "conversations", metavar="DIR")
    arguments = parser.parse_args()
    print_recognition(prints_of({**acted_sessions(arguments.voices), **read_sessions(arguments.speakers)}))
    print(PUBLISHED)
    print_wrong_lines("bench, synthetic voices", sorted(arguments.bench.glob("*.ogg")))
    print_wrong_lines("real readers", sorted(arguments.speakers.glob("two-*.flac")))


def acted_sessions(voices: Path) -> dict[tuple[str, str, str], list[Samples]]:
    """The phrases of each (corpus, actor, session)."""
    sessions = {}
    for corpus, actors in (("EMO", emodb_actors(voices)), ("RAV", ravdess_actors(voices))):
        for actor, paths in actors.items():
            calm = [path for path in paths if _is_calm(corpus, path)]
            strong = [path for path in paths if path not in calm]
            chosen = {"calm 1": calm[::2], "calm 2": calm[1::2], "calm": calm, "strong": strong,
                      "all 1": paths[::2], "all 2": paths[1::2]}  # fmt: skip
            sessions |= {(corpus, actor, name): [_phrase(path) for path in own] for name, own in chosen.items()}
    return sessions


def read_sessions(speakers: Path) -> dict[tuple[str, str, str], list[Samples]]:
    """The turns of each reader in the clean dialogues, every other one in either session."""
    sessions = {}
    for path in sorted(speakers.glob("two-*-clean.flac")):
        samples = soundfile.read(path, dtype="float32")[0]
        turns = read_rttm(path.with_suffix(".rttm"), path.stem)
        for reader in sorted({turn.speaker for turn in turns}):
            own = [samples[round(turn.start * SAMPLE_RATE) : round(turn.end * SAMPLE_RATE)]
                   for turn in turns if turn.speaker == reader]  # fmt: skip
            sessions |= {("LIB", reader, "read 1"): own[::2], ("LIB", reader, "read 2"): own[1::2]}
    return sessions


def prints_of(sessions: Mapping[tuple[str, str, str], list[Samples]]) -> dict[Voice, VoicePrint]:
    """The print of each voice, as recorded and under every condition; none where too little is heard."""
    found = {}
    for (corpus, person, session), phrases in sessions.items():
        sound, spans = _joined(phrases)
        for condition in (AS_IT_IS, *SECOND):
            heard = CONDITIONS[condition](sound) if condition in CONDITIONS else sound
            print_ = voice_print(voice_frames(heard, spans), spans)
            if print_ is not None:
                found[Voice(corpus, person, session, condition)] = print_
    return found


def print_recognition(prints: Prints) -> None:
    """One line a tone and condition, and the sums: those asked for, and with room and noise."""
    for held_out, said in ((False, "set on (RAVDESS 01 to 06, EMO-DB 03, 08, 09)"), (True, "held out (all others)")):
        own = {voice: print_ for voice, print_ in prints.items() if voice.is_held_out == held_out}
        print(f"\n{said}: {len({(voice.corpus, voice.person) for voice in own})} people")
        print(f"{'':34}{'single voices':>34}{'couples':>38}")
        print(f"{'':34}" + 2 * f"{'recognised':>17}{'false matches':>17}{'EER %':>4}")
        asked: list[Trials] = []
        beyond: list[Trials] = []
        for tone, pair in PAIRS.items():
            for condition in (AS_IT_IS, *SECOND):
                trials = _trials(own, pair, condition)
                if len(trials.same):
                    print(f"{tone:12}{condition:22}{trials}")
                    (beyond if condition in SECOND[-2:] else asked).append(trials)
        print(f"{'all, gain, codec, telephone':34}{_together(asked)}")
        print(f"{'all, room and noise':34}{_together(beyond)}")
        sure = _together([*asked, *beyond])
        both = (sure.same_couples, sure.other_couples)
        same, other = (sum(found <= VERY_LIKE for found in couples) for couples in both)
        print(f"near enough for 'very like': {same} of {len(sure.same_couples)} "
              f"same couples, {other} of {len(sure.other_couples)} others", flush=True)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trials:
    """Distances of the same and of other voices, then of the same and of other couples."""

    same: Sequence[float]
    other: Sequence[float]
    same_couples: Sequence[float]
    other_couples: Sequence[float]

    def __str__(self) -> str:
        return _rates(self.same, self.other, ALONE_LIMIT) + _rates(self.same_couples, self.other_couples, COUPLE_LIMIT)


def _trials(prints: Prints, sessions: tuple[str, str], condition: str) -> Trials:
    first = {(v.corpus, v.person): p for v, p in prints.items() if (v.session, v.condition) == (sessions[0], AS_IT_IS)}
    second = {
        (v.corpus, v.person): p for v, p in prints.items() if (v.session, v.condition) == (sessions[1], condition)
    }
    trials = Trials([], [], [], [])
    apart = {(one, other): distance(first[one], second[other]) for one in first for other in second
             if one[0] == other[0]}  # fmt: skip
    for (one, other), found in apart.items():
        (trials.same if one == other else trials.other).append(found)
    people = sorted(first.keys() & second.keys())
    couples = [pair for pair in combinations(people, 2) if pair[0][0] == pair[1][0]]
    for one in couples:
        for other in couples:
            if one[0][0] != other[0][0] or len({*one, *other}) == 3:
                continue  # another corpus is told by its microphone, and nobody is half of two couples
            found = couple_distance(apart[one[0], other[0]], apart[one[1], other[1]])
            crossed = couple_distance(apart[one[0], other[1]], apart[one[1], other[0]])
            (trials.same_couples if one == other else trials.other_couples).append(min(found, crossed))
    return trials


def _together(trials: Sequence[Trials]) -> Trials:
    return Trials(*([found for one in trials for found in getattr(one, name)] for name in Trials.__slots__))


def _rates(same: Sequence[float], other: Sequence[float], limit: float) -> str:
    if not same or not other:
        return f"{'-':>17}{'-':>17}{'':>4}"
    hits, alarms = sum(found <= limit for found in same), sum(found <= limit for found in other)
    shares = [f"{100 * part / len(all_):.1f} % of {len(all_)}" for part, all_ in ((hits, same), (alarms, other))]
    return f"{shares[0]:>17}{shares[1]:>17}{100 * _equal_errors(same, other):5.1f}"


def _equal_errors(same: Sequence[float], other: Sequence[float]) -> float:
    """The error at the limit at which as many of the same are missed as others are taken for them."""
    limits = np.sort([*same, *other])
    missed = 1 - np.searchsorted(np.sort(same), limits, "right") / len(same)
    taken = np.searchsorted(np.sort(other), limits, "right") / len(other)
    at = int(np.argmin(np.abs(missed - taken)))
    return float(missed[at] + taken[at]) / 2


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


def _is_calm(corpus: str, path: Path) -> bool:
    """EMO-DB: neutral, bored, sad. RAVDESS: neutral, calm, and happy or sad with little strength."""
    if corpus == "EMO":
        return path.name[5] in "NLT"
    emotion, intensity = path.name.split("-")[2:4]
    return emotion in ("01", "02") or (emotion in ("03", "04") and intensity == "01")


def _phrase(path: Path) -> Samples:
    return cut(soundfile.read(path, dtype="float32")[0])


def _joined(phrases: Sequence[Samples]) -> tuple[Samples, list[Span]]:
    silence, clock = np.zeros(round(PAUSE * SAMPLE_RATE), np.float32), PAUSE
    parts, spans = [silence], []
    for phrase in phrases:
        spans.append(Span(clock, clock + len(phrase) / SAMPLE_RATE))
        parts += [phrase, silence]
        clock = spans[-1].end + PAUSE
    sound = np.concatenate(parts)
    return sound + np.random.default_rng(1).normal(0, ROOM, len(sound)).astype(np.float32), spans


if __name__ == "__main__":
    main()
