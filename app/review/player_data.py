"""What the player in the browser is given: plain JSON values.

In: a session as it was read, and what people wrote. Out: the moments with their cards, the voices with their names,
colours, samples and normals, where to fetch sound, tracks and words and to ask, and all texts. Times are seconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.baseline import Baseline
from analysis.deviations import Deviation
from analysis.moments import DEFAULT_SENSITIVITY, Moment
from analysis.wording import ACTS, SAYINGS, evidence_sentence, reply_sentence
from app.review.media import media_addresses
from app.review.questions import question_addresses
from app.review.voice_samples import voice_sample
from app.session.edits import Edit
from app.session.read_session import ReadSession
from app.session.remarks import Remarks, Voices, marks, place_of, remarks_on, session_note, voices
from app.session.session_moments import MOST_SENSITIVE, SessionMoment, session_moments
from app.texts import load_texts
from audio.conversation import Span, speaker_name
from audio.storage import to_json

# Of Okabe & Ito (2008), told apart by all kinds of colour vision; darkened on light ground and lightened on dark until
# they stand out 3:1 as lines. A coach is grey: nothing of theirs is looked at.
PARTNER_COLOURS = ({"light": "#0072B2", "dark": "#56B4E9"}, {"light": "#B45F00", "dark": "#F0A92B"})
FURTHER_COLOUR = {"light": "#8A4F7D", "dark": "#D998BF"}
COACH_COLOUR = {"light": "#6B6B6B", "dark": "#B0B0B0"}

# Probabilities from which a verdict is said so; beneath all of them it cannot be told.
SURE: Mapping[str, float] = {"very": 0.9, "rather": 0.75, "leaning": 0.6}
NORMAL_EVERY = 30.0  # seconds between the points of a normal that changes slowly
SHOWN_NORMALS = {"pitch": "pitch_median", "loudness": "loudness"}


def partner_colours(count: int) -> Sequence[Mapping[str, str]]:
    """Colours by theme for so many partners, in order."""
    return [*PARTNER_COLOURS, *[FURTHER_COLOUR] * count][:count]


def player_data(session_id: str, session: ReadSession, edits: Sequence[Edit]) -> dict[str, Any]:
    """All that the player shows of a session; of its moments those too that only a higher sensitivity shows."""
    conversation = session.conversation
    called, remarks = voices(edits, conversation), marks(edits)
    baselines = session.reading.baselines
    return {
        "session": session_id,
        "duration": conversation.duration,
        "media": media_addresses(session_id, edits),
        "ask": question_addresses(session_id),
        "speakers": _speakers(session, called),
        "normals": {speaker: _normals(baseline, conversation.duration) for speaker, baseline in baselines.items()},
        "moments": [
            moment_card(one, called, remarks_on(one.moment, remarks)) for one in session_moments(session, edits)
        ],
        "sensitivity": {"usual": DEFAULT_SENSITIVITY, "most": MOST_SENSITIVE},
        "note": session_note(edits),
        "texts": load_texts(),
    }


def moment_card(one: SessionMoment, called: Voices, remarks: Remarks) -> dict[str, Any]:
    """One moment with all that its card says."""
    moment, reply, repair = one.moment, one.moment.reply, one.moment.repair
    return {
        "place": to_json(place_of(moment)) | {"start": moment.start, "end": moment.end},
        "strength": moment.strength,
        "added": one.is_added,
        "reply": _span(reply, reply.speaker) if reply else None,
        "verdict": moment.verdict,
        "verdict_sentence": moment.verdict if reply else "coach" if moment.coach_answered else "nobody",
        "verdict_sure": _sure(moment.confidence),
        "tone_sure": _sure(moment.strength),
        "taught": one.is_taught,
        "sentence": _named(_heard_by_a_person(moment) if one.is_added else moment.sentence, called),
        "evidence": evidence_sentence(reply.evidence) if reply else "",
        "measures": [_measure(deviation) for deviation in moment.shift.deviations],
        "acts": [
            {"said": ACTS.get(act.name, act.name.replace("_", " ")), "phrase": act.phrase, "meets": act.attuned,
             "read_from": act.read_from}
            for act in (reply.acts if reply else ())
        ],
        "suggestions": list(moment.suggestions),
        "repair": _span(repair, repair.speaker) | {"phrase": repair.phrase} if repair else None,
        "mark": remarks.mark,
        "note": remarks.note,
        "tags": list(remarks.tags),
    }  # fmt: skip


def _heard_by_a_person(moment: Moment) -> str:
    """What was heard, of a moment that a person added: who says so is the person, not the machine."""
    heard: str = load_texts()["by_hand"][f"heard_{moment.kind}"]
    answered = reply_sentence(moment.reply, moment.verdict, moment.coach_answered)
    return f"{heard.format(name=speaker_name(moment.speaker))} {answered}"


def _span(span: Span, speaker: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "speaker": speaker}


def _sure(probability: float) -> str:
    return next((name for name, least in SURE.items() if probability >= least), "not")


def _named(sentence: str, called: Voices) -> str:
    """A sentence of the analysis with the names that the voices were given."""
    plain = {speaker_name(label): name for label, name in called.names.items() if speaker_name(label) != name}
    if not plain:
        return sentence
    longest_first = sorted(plain, key=len, reverse=True)
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in longest_first))
    return pattern.sub(lambda found: plain[found.group()], sentence)


def _speakers(session: ReadSession, called: Voices) -> list[dict[str, Any]]:
    """The voices, partners first, each with its colour and where to hear it."""
    labels = session.conversation.speakers
    partners = [speaker for speaker in labels if called.roles[speaker] == "partner"]
    coaches = [speaker for speaker in labels if called.roles[speaker] != "partner"]
    colours = [*partner_colours(len(partners)), *[COACH_COLOUR] * len(coaches)]
    return [
        {"label": speaker, "name": called.names[speaker], "role": called.roles[speaker], "colour": colour,
         "sample": to_json(voice_sample(session.conversation, session.reading, speaker))}
        for speaker, colour in zip([*partners, *coaches], colours, strict=True)
    ]  # fmt: skip


def _normals(baseline: Baseline, duration: float) -> dict[str, Any]:
    """The centre of pitch (semitones re 100 Hz) and loudness (dB re full scale) over the session, and the spread."""
    times = [place * NORMAL_EVERY for place in range(int(duration // NORMAL_EVERY) + 2)]
    return {
        shown: {
            "every": NORMAL_EVERY,
            "centre": [round(baseline.normal(measure, time), 2) for time in times],
            "spread": round(baseline.spread[measure], 2),
        }
        for shown, measure in SHOWN_NORMALS.items()
        if measure in baseline.centre
    }


def _measure(deviation: Deviation) -> dict[str, Any]:
    """A measure that moved, said in words; its distance in spreads where there is one."""
    return {
        "measure": deviation.measure,
        "said": _moved(deviation),
        "distance": to_json(deviation.distance),
    }


def _moved(deviation: Deviation) -> str:
    """How far a measure moved, as the sentence says it; value and normal where it has no spread to be compared by."""
    if deviation.measure in SAYINGS and math.isfinite(deviation.distance):
        up, down = SAYINGS[deviation.measure]
        return (up if deviation.difference > 0 else down).format(n=abs(deviation.difference))
    texts: Mapping[str, str] = load_texts()["measure_values"]
    if deviation.unit == "s":
        return texts["seconds"].format(value=f"{deviation.value:.1f}", normal=f"{deviation.normal:.1f}")
    if deviation.unit == "%":
        return texts["percent"].format(value=f"{100 * deviation.value:.0f}", normal=f"{100 * deviation.normal:.0f}")
    return texts["count"].format(value=f"{deviation.value:.0f}")
