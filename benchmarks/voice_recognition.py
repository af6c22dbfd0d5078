"""How well voices are known again from recording to recording.

    python benchmarks/voice_recognition.py [--voices DIR] [--speakers DIR] [--peer]

Recognition: sessions are made of different utterances of the same people (actors of --voices, readers of
--speakers), the first as it was recorded, the second under a condition of degraded.py. "Same tone": calm against calm,
15 s a voice; "all tones": half of all phrases against the other half; "other tone": calm against strong emotion;
"read": one half of what was read against the other. Single voices and couples (any two people of one corpus) are
compared by the prints that the library keeps, and count as recognised within the limits that it suggests by. A false
match is another person, or a couple of two other people, within them. The limits and bands were set with the speakers
of "set on" in view; figures of the "held out" were seen once before the last settings, so they are not blind. --peer:
the same with Resemblyzer's d-vectors, where that package is (it needs torch), at limits that let 1 in 100 others of
"set on" pass.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from degraded import CONDITIONS, Samples
from emotional_dialogues import cut, emodb_actors, ravdess_actors

from app.couples.known_voices import ALONE_LIMIT, COUPLE_LIMIT, VERY_LIKE, couple_distance
from audio.conversation import Span
from audio.given_speakers import read_rttm
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
D_VECTOR_LEVEL = -30.0  # dB re full scale, to which Resemblyzer raises what it is given
MOST_FALSE = 0.01  # of other people, within limits that are set here

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


Prints = Mapping[Voice, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to know a voice again. print_of: of a recording and where its voice is heard; None for too little.

    limits: distances within which one voice, two voices, two voices for sure are known again; None if they are to be
    set here.
    """

    name: str
    print_of: Callable[[Samples, list[Span]], Any]
    distance: Callable[[Any, Any], float]
    limits: tuple[float, float, float] | None


def kept_print(sound: Samples, spans: list[Span]) -> VoicePrint | None:
    """The print that the library keeps."""
    return voice_print(voice_frames(sound, spans), spans)


def d_vectors() -> Method:
    """Resemblyzer (Jemine 2019): d-vectors of a model trained on thousands of speakers (GE2E, Wan et al. 2018)."""
    from resemblyzer import VoiceEncoder

    encoder = VoiceEncoder("cpu", verbose=False)

    def d_vector(sound: Samples, spans: list[Span]) -> npt.NDArray[np.float32]:
        spoken = np.concatenate([sound[round(one.start * SAMPLE_RATE) : round(one.end * SAMPLE_RATE)] for one in spans])
        level = max(float(np.sqrt(np.mean(np.square(spoken)))), 1e-6)
        return np.asarray(encoder.embed_utterance(spoken * (10 ** (D_VECTOR_LEVEL / 20) / level)))

    return Method("Resemblyzer's d-vectors", d_vector, lambda one, other: float(1 - one @ other), None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, default=SHARED / "voices", metavar="DIR")
    parser.add_argument("--speakers", type=Path, default=SHARED / "speakers", metavar="DIR")
    parser.add_argument("--peer", action="store_true", help="Resemblyzer on the same recordings, too")
    arguments = parser.parse_args()
    sessions = {**acted_sessions(arguments.voices), **read_sessions(arguments.speakers)}
    ours = Method("Undertone", kept_print, distance, (ALONE_LIMIT, COUPLE_LIMIT, VERY_LIKE))
    for method in (ours, *((d_vectors(),) if arguments.peer else ())):
        print(f"\n{method.name}")
        print_recognition(prints_of(sessions, method), method)
    print(PUBLISHED)


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


def prints_of(sessions: Mapping[tuple[str, str, str], list[Samples]], method: Method) -> dict[Voice, Any]:
    """The print of each voice, as recorded and under every condition; none where too little is heard."""
    found = {}
    for (corpus, person, session), phrases in sessions.items():
        sound, spans = _joined(phrases)
        for condition in (AS_IT_IS, *SECOND):
            heard = CONDITIONS[condition](sound) if condition in CONDITIONS else sound
            print_ = method.print_of(heard, spans)
            if print_ is not None:
                found[Voice(corpus, person, session, condition)] = print_
    return found


def print_recognition(prints: Prints, method: Method) -> None:
    """One line a tone and condition, and the sums: those asked for, and with room and noise."""
    limits = method.limits or _limits(prints, method)
    for held_out, said in ((False, "set on (RAVDESS 01 to 06, EMO-DB 03, 08, 09)"), (True, "held out (all others)")):
        own = {voice: print_ for voice, print_ in prints.items() if voice.is_held_out == held_out}
        print(f"\n{said}: {len({(voice.corpus, voice.person) for voice in own})} people")
        print(f"{'':34}{'single voices':>34}{'couples':>38}")
        print(f"{'':34}" + 2 * f"{'recognised':>17}{'false matches':>17}{'EER %':>4}")
        asked: list[Trials] = []
        beyond: list[Trials] = []
        for tone, pair in PAIRS.items():
            for condition in (AS_IT_IS, *SECOND):
                trials = _trials(own, method, pair, condition)
                if len(trials.same):
                    print(f"{tone:12}{condition:22}{_told(trials, limits)}")
                    (beyond if condition in SECOND[-2:] else asked).append(trials)
        print(f"{'all, gain, codec, telephone':34}{_told(_together(asked), limits)}")
        print(f"{'all, room and noise':34}{_told(_together(beyond), limits)}")
        sure = _together([*asked, *beyond])
        both = (sure.same_couples, sure.other_couples)
        same, other = (sum(found <= limits[2] for found in couples) for couples in both)
        print(f"near enough for 'very like': {same} of {len(sure.same_couples)} "
              f"same couples, {other} of {len(sure.other_couples)} others", flush=True)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trials:
    """Distances of the same and of other voices, then of the same and of other couples."""

    same: Sequence[float]
    other: Sequence[float]
    same_couples: Sequence[float]
    other_couples: Sequence[float]


def _told(trials: Trials, limits: tuple[float, float, float]) -> str:
    alone, couple, _ = limits
    return _rates(trials.same, trials.other, alone) + _rates(trials.same_couples, trials.other_couples, couple)


def _limits(prints: Prints, method: Method) -> tuple[float, float, float]:
    """Limits that MOST_FALSE of the others come within, and none for sure, among those that they are set on."""
    own = {voice: print_ for voice, print_ in prints.items() if not voice.is_held_out}
    trials = [
        _trials(own, method, pair, condition) for pair in PAIRS.values() for condition in (AS_IT_IS, *SECOND[:-2])
    ]
    others = _together([one for one in trials if len(one.same)])
    alone, couple = (float(np.quantile(one, MOST_FALSE)) for one in (others.other, others.other_couples))
    return alone, couple, min(others.other_couples)


def _trials(prints: Prints, method: Method, sessions: tuple[str, str], condition: str) -> Trials:
    first = {(v.corpus, v.person): p for v, p in prints.items() if (v.session, v.condition) == (sessions[0], AS_IT_IS)}
    second = {
        (v.corpus, v.person): p for v, p in prints.items() if (v.session, v.condition) == (sessions[1], condition)
    }
    trials = Trials([], [], [], [])
    apart = {(one, other): method.distance(first[one], second[other]) for one in first for other in second
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
