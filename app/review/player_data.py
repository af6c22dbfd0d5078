"""What the player in the browser is given: plain JSON values.

In: a conversation as it is shown, its reading, and what people wrote. Out: the moments with their cards, the voices
with their names, colours and normals, where to fetch sound, tracks and words, and all texts. Times are seconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.baseline import Baseline
from analysis.deviations import Deviation
from analysis.moments import Moment, Reading
from analysis.wording import ACTS, SAYINGS, evidence_sentence
from app.edits import Edit
from app.remarks import Remarks, Voices, marks, place_of, remarks_on, voices
from app.review.media import media_addresses
from app.review.texts import load_texts
from audio.conversation import Conversation, Span, speaker_name
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


def player_data(
    session_id: str, conversation: Conversation, reading: Reading, moments: Sequence[Moment], edits: Sequence[Edit]
) -> dict[str, Any]:
    """All that the player shows of a session. moments: those to step through, in order of time."""
    called, remarks = voices(edits, conversation), marks(edits)
    return {
        "session": session_id,
        "duration": conversation.duration,
        "media": media_addresses(session_id),
        "speakers": _speakers(conversation, called),
        "normals": {
            speaker: _normals(baseline, conversation.duration) for speaker, baseline in reading.baselines.items()
        },
        "moments": [moment_card(moment, called, remarks_on(moment, remarks)) for moment in moments],
        "texts": load_texts(),
    }


def moment_card(moment: Moment, called: Voices, remarks: Remarks) -> dict[str, Any]:
    """One moment with all that its card says."""
    reply, repair = moment.reply, moment.repair
    return {
        "place": to_json(place_of(moment)) | {"start": moment.start, "end": moment.end},
        "reply": _span(reply, reply.speaker) if reply else None,
        "verdict": moment.verdict,
        "verdict_sure": _sure(moment.confidence),
        "tone_sure": _sure(moment.strength),
        "sentence": _named(moment.sentence, called),
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
    }  # fmt: skip


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


def _speakers(conversation: Conversation, called: Voices) -> list[dict[str, Any]]:
    """The voices, partners first, each with its colour."""
    partners = [speaker for speaker in conversation.speakers if called.roles[speaker] == "partner"]
    coaches = [speaker for speaker in conversation.speakers if called.roles[speaker] != "partner"]
    colours = [*PARTNER_COLOURS, *[FURTHER_COLOUR] * len(partners)][: len(partners)] + [COACH_COLOUR] * len(coaches)
    return [
        {"label": speaker, "name": called.names[speaker], "role": called.roles[speaker], "colour": colour}
        for speaker, colour in zip([*partners, *coaches], colours, strict=True)
    ]


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
