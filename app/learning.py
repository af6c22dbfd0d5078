"""What the marks in a library teach about its moments, and whether sessions are read with it.

In: the library. Out: Taught, kept in the library's folder and made anew only where marks have changed, and the
LearntConfidence that counts now: none while nobody switched learning on, or while it does not help. It is made anew
when the first page is drawn, never while somebody marks: no moment may come or go under their hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.learnt_confidence import LearntConfidence, Lesson, MarkedEvidence, can_learn, learn
from analysis.moment_evidence import EVIDENCE
from app.library import Library
from app.library.records import MarkedSession
from app.session.kept_records import read_record, write_record

FILE = "learnt.json"


@dataclass(frozen=True, slots=True)
class Taught:
    """What marks teach. agreed, dismissed: how many say so; those that are unsure say nothing either way.

    lesson, confidence: None while there are too few. made_of: the marks. looked_at: the evidence, by name.
    """

    agreed: int
    dismissed: int
    made_of: str
    lesson: Lesson | None = None
    confidence: LearntConfidence | None = None
    looked_at: tuple[str, ...] = EVIDENCE

    @property
    def helps(self) -> bool:
        """Whether what was learnt tells the marks better than what was shipped."""
        return self.lesson is not None and self.lesson.helps


def learnt_confidence(library: Library) -> LearntConfidence | None:
    """What the moments of the library are read with; None where that is the shipped confidence."""
    if not library.learning().is_on:
        return None
    kept = kept_taught(library)
    return kept.confidence if kept is not None and kept.helps else None


def kept_taught(library: Library) -> Taught | None:
    """What was learnt last; None where nothing was, or by a version that looks at other evidence."""
    kept = read_record(library.folder / FILE, Taught)
    return kept if kept is not None and kept.looked_at == EVIDENCE else None


def keep_taught(library: Library, taught: Taught) -> None:
    """Keep what was learnt, in place of what was before."""
    write_record(taught, library.folder / FILE)


def taught_by(marks: Sequence[MarkedEvidence], made_of: str) -> Taught:
    """What these marks teach."""
    agreed = sum(mark.agreed for mark in marks)
    counts = (agreed, len(marks) - agreed, made_of)
    if not can_learn(marks):
        return Taught(*counts)
    confidence, lesson = learn(marks)
    return Taught(*counts, lesson, confidence)


def state_of_marks(sessions: Sequence[MarkedSession], since: datetime | None) -> str:
    """Another text whenever what may be learnt from is another."""
    parts = [since.isoformat() if since else "", [(one.id, one.state) for one in sessions]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
