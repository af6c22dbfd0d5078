"""The sentence that tells a person, in plain words and numbers, why a moment is shown.

In: a shift and the reply to it. Out: English text such as: Speaker 1's voice dropped (3.1 semitones lower,
22 % slower) on "I'm just tired". Speaker 2 answered 0.2 s later with "Cool, want to go out?": a change of
subject, in a bright voice.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.deviations import Deviation
from analysis.reply import Reply
from analysis.reply_timing import CUTS_IN, Timing
from analysis.shifts import ToneShift
from analysis.verdict import Evidence, how_loudly
from audio.conversation import speaker_name

MOST_MEASURES = 3  # in one sentence
LONGEST_QUOTE = 90  # characters

WHAT_HAPPENED: Mapping[str, str] = {
    "heavy": "voice dropped",
    "tearful": "voice grew unsteady, as with tears",
    "sharp": "voice sharpened",
}

# How a measure that moved is said: where it rose, where it fell. {n} is the size of the difference.
SAYINGS: Mapping[str, tuple[str, str]] = {
    "pitch_median": ("{n:.1f} semitones higher", "{n:.1f} semitones lower"),
    "pitch_range": ("{n:.0f} % more melody", "{n:.0f} % flatter"),
    "tremor": ("{n:.0f} % more tremor", "{n:.0f} % less tremor"),
    "roughness": ("{n:.0f} % rougher", "{n:.0f} % smoother"),
    "harmonicity": ("clearer", "breathier"),
    "devoiced_share": ("{n:.0f} % more of it breath", "{n:.0f} % less of it breath"),
    "pause_share": ("{n:.0f} % more pauses", "{n:.0f} % fewer pauses"),
    "sniffs": ("a sniff", ""),
    "loudness": ("{n:.0f} dB louder", "{n:.0f} dB softer"),
    "tilt": ("brighter", "duller"),
    "slope_low": ("tenser", "slacker"),
    "syllable_rate": ("{n:.0f} % faster", "{n:.0f} % slower"),
    "spoken_rate": ("{n:.0f} % faster", "{n:.0f} % slower"),
}
# Measures that would say the same thing twice in one sentence.
SAME_THING: Mapping[str, str] = {"syllable_rate": "pace", "spoken_rate": "pace"}

ACTS: Mapping[str, str] = {
    "check_in": "checks in",
    "reflect": "reflects the feeling",
    "validate": "says that it makes sense",
    "stay_present": "stays present",
    "repair": "goes back to it",
    "change_subject": "a change of subject",
    "invite_elsewhere": "an invitation elsewhere",
    "advise": "advice",
    "minimise": "makes it smaller",
    "cheer_up": "cheers up",
    "explain_away": "explains it away",
    "defend": "defends",
    "counter_attack": "hits back",
    "self_focus": "turns to their own story",
    "logistics": "turns to practical things",
    "keep_talking": "goes on with their own story",
    "backchannel_only": "no more than a sign of listening",
    "talk_over": "talks over",
    "takes_up": "stays with the topic",
}
VOICES: Mapping[str, str] = {
    "gentle": "in a gentler voice than usual",
    "bright": "in a bright voice",
    "sharp": "in a sharp voice",
    "ordinary": "in their ordinary voice",
}
# From which share of a reply's words on a person is told of them, the most first.
DOUBTFUL_WORDS: Mapping[str, float] = {"most of these words are": 0.5, "some of these words are": 0.15}
UNSURE = "it is unclear whether that met it"
AFTER_COACH = "The coach spoke in between; "


def moment_sentence(shift: ToneShift, reply: Reply | None, verdict: str, coach_answered: bool = False) -> str:
    """What was heard and what was answered; ends with a doubt where the verdict is unclear."""
    return f"{shift_sentence(shift)} {reply_sentence(reply, verdict, coach_answered)}"


def shift_sentence(shift: ToneShift) -> str:
    """What was heard of the shift, with the measures that moved most."""
    if shift.kind == "quiet":
        return f"{speaker_name(shift.speaker)} went quiet: {_quiet_sayings(shift.deviations)}."
    on = f" on {quoted(shift.text)}" if shift.text else ""
    less = ", words that say less than the voice" if shift.said_less else ""
    moved = ", ".join(_sayings(shift.deviations))
    measures = f" ({moved})" if moved else ""
    return f"{possessive(speaker_name(shift.speaker))} {WHAT_HAPPENED[shift.kind]}{measures}{on}{less}."


def reply_sentence(reply: Reply | None, verdict: str, coach_answered: bool = False) -> str:
    """What the partner did, by words, voice and timing; coach_answered: whether a coach spoke where nobody replied."""
    if reply is None:
        return "The coach spoke next, and nobody else answered." if coach_answered else "Nobody answered within 8 s."
    said = f" with {quoted(reply.text)}" if reply.text else ""
    doubt = _doubtful_words(reply.doubtful) + (f"; {UNSURE}" if verdict == "unclear" else "")
    if reply.timing is None:
        return f"{speaker_name(reply.speaker)} left {reply.duration:.1f} s of silence, and the other went on{doubt}."
    acts = " and ".join(dict.fromkeys(ACTS.get(act.name, act.name.replace("_", " ")) for act in reply.acts))
    how = VOICES[reply.voice.name] if reply.voice else ""
    reading = ", ".join(part for part in (acts, how) if part)
    led = AFTER_COACH if reply.timing.after_coach else ""
    return f"{led}{speaker_name(reply.speaker)} {_when(reply.timing)}{said}{f': {reading}' if reading else ''}{doubt}."


def _doubtful_words(share: float) -> str:
    told = next((said for said, least in DOUBTFUL_WORDS.items() if share >= least), None)
    return f"; {told} doubtful" if told else ""


def evidence_sentence(evidence: Evidence) -> str:
    """Which of words, voice and timing spoke, for what, and how loudly: "Words clearly missed, voice ..."."""
    heard = {"words": evidence.words, "voice": evidence.tone, "timing": evidence.timing}
    said = ", ".join(f"{name} {_spoke(nats)}" for name, nats in heard.items())
    return f"{said[0].upper()}{said[1:]}."


def quoted(text: str) -> str:
    """The text in quotation marks, cut at a word where it is long."""
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return f'"{text.rstrip(".").strip()}"'


def possessive(name: str) -> str:
    """Maya's, Jonas'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _spoke(nats: float | None) -> str:
    if nats is None:
        return "not known"
    loudly = how_loudly(nats)
    return f"{loudly} {'met' if nats > 0 else 'missed'}" if loudly else "neither way"


def _when(timing: Timing) -> str:
    if timing.delay < CUTS_IN and not timing.after_coach:
        return "cut in"
    if timing.delay <= 0:
        return "answered at once"
    return f"answered {timing.delay:.1f} s later"


def _quiet_sayings(deviations: tuple[Deviation, ...]) -> str:
    """What moved in a quiet stretch; the loudness where it fell clearly."""
    moved = {deviation.measure: deviation for deviation in deviations}
    said: list[str] = []
    if "answer_delay" in moved:
        delay, length = moved["answer_delay"], moved["answer_length"]
        said.append(
            f"answers came after {delay.value:.1f} s (usually {_seconds(delay.normal)}) "
            f"and lasted {length.value:.1f} s (usually {_seconds(length.normal)})"
        )
    if "openings_passed" in moved and moved["openings_passed"].value > 1:
        said.append(f"{moved['openings_passed'].value:.0f} pauses that left room went by")
    if "loudness" in moved:
        said += _sayings((moved["loudness"],))
    if "talk_share" in moved:
        share = moved["talk_share"]
        said.append(f"{100 * share.value:.0f} % of the talk (usually {100 * share.normal:.0f} %)")
    return ", ".join(said)


def _seconds(seconds: float) -> str:
    return "at once" if seconds < 0.05 else f"{seconds:.1f} s"


def _sayings(deviations: tuple[Deviation, ...]) -> list[str]:
    said: dict[str, str] = {}
    for deviation in deviations:
        up, down = SAYINGS[deviation.measure]
        text = (up if deviation.difference > 0 else down).format(n=abs(deviation.difference))
        said.setdefault(SAME_THING.get(deviation.measure, deviation.measure), text)
    return list(said.values())[:MOST_MEASURES]
