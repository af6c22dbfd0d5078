"""Learning from marks, on the first page: how many there are, what they would change, a switch, and a new beginning.

In: the library. It is off until somebody switches it on: what is shown must not change because somebody gave an
opinion. The switch is there once learning helps, told by marks that were not learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import streamlit as st

from analysis.learnt_confidence import FEWEST_MARKS, FEWEST_OF_A_KIND, LearntConfidence, Lesson
from analysis.moment_evidence import EVIDENCE
from analysis.taking_part import Proportion
from app.learning import Taught
from app.library import Library
from app.library.records import Learning, LibraryError
from app.marked_evidence import taught
from app.review.notices import say
from app.texts import load_texts, said_date

ASKED = "learning_to_reset"  # in the state of the tab: whether to ask before it begins anew
CLEARLY = 0.25  # nats of a weight that is worth a word, if it is surer than its own standard deviation
MOST_SAID = 3  # of each direction


def learn_from_marks(library: Library) -> None:
    """Learn from what was marked since, before anything is counted by it; what cannot be read teaches nothing."""
    try:
        taught(library)
    except LibraryError as error:
        say(str(error))


def show_learning(library: Library) -> None:
    """Draw the part, folded; nothing where nobody marked anything yet."""
    try:
        learning, found = library.learning(), taught(library)
    except LibraryError:  # said above the list already
        return
    if not (found.agreed or found.dismissed or learning.is_on or learning.since):
        return
    with st.expander(load_texts()["learning"]["title"]):
        _say([*_about(found, learning), *_what_it_would_change(found)])
        _show_switch(library, learning, found)
        _show_new_beginning(library, learning)


def _about(found: Taught, learning: Learning) -> list[str]:
    texts = load_texts()["learning"]
    since = learning.since.astimezone() if learning.since else None
    begun = [texts["since"].format(date=said_date(since.date()), time=f"{since:%H:%M}")] if since else []
    counts = texts["counts"].format(agreed=found.agreed, dismissed=found.dismissed)
    return [texts["about"], *begun, counts]


def _what_it_would_change(found: Taught) -> list[str]:
    texts = load_texts()["learning"]
    if found.lesson is None or found.confidence is None:
        marks = found.agreed + found.dismissed
        missing = max(FEWEST_MARKS - marks, FEWEST_OF_A_KIND - min(found.agreed, found.dismissed))
        return [texts["needed"].format(n=missing, all=FEWEST_MARKS, each=FEWEST_OF_A_KIND)]
    if not found.helps:
        return [texts["no_help"]]
    return [*_measured(found.lesson), *learnt_sentences(found.confidence)]


def _measured(lesson: Lesson) -> list[str]:
    texts = load_texts()["learning"]
    lost = lesson.kept.whole - lesson.kept.part
    return [
        texts["before"].format(**_said(lesson.before)),
        texts["after"].format(**_said(lesson.after)),
        texts["lost"].format(n=lost, all=lesson.kept.whole) if lost else texts["none_lost"],
        texts["judged"],
    ]


def _said(share: Proportion) -> dict[str, int]:
    return {
        "part": share.part,
        "whole": share.whole,
        "low": round(100 * share.low),
        "high": round(100 * share.high),
    }


def learnt_sentences(confidence: LearntConfidence) -> list[str]:
    """What was learnt, in plain words: of which moments it is surer, and of which less sure, the clearest first."""
    texts = load_texts()["learning"]
    told = [
        (weight, texts["of"][name])
        for name, weight, deviation in zip(EVIDENCE, confidence.weights, confidence.deviations, strict=True)
        if abs(weight) >= max(CLEARLY, deviation)
    ]
    surer = [name for weight, name in sorted(told, reverse=True) if weight > 0]
    less = [name for weight, name in sorted(told) if weight < 0]
    return [
        texts[direction].format(moments=texts["joined"].join(names[:MOST_SAID]))
        for direction, names in (("surer", surer), ("less_sure", less))
        if names
    ]


def _show_switch(library: Library, learning: Learning, found: Taught) -> None:
    texts = load_texts()["learning"]
    if not (found.helps or learning.is_on):
        return
    st.toggle(texts["switch"], value=learning.is_on, key=f"learning-{learning.is_on}",
              on_change=_set, args=(library, replace(learning, is_on=not learning.is_on)))  # fmt: skip
    if learning.is_on:
        _say([texts["in_use"] if found.helps else texts["not_in_use"]])


def _show_new_beginning(library: Library, learning: Learning) -> None:
    """Ask before it is forgotten what was learnt."""
    texts = load_texts()["learning"]
    if not st.session_state.get(ASKED):
        st.button(texts["reset"], type="tertiary", key="learning-reset", on_click=_ask, args=(True,))
        return
    _say([texts["ask_reset"]])
    with st.container(horizontal=True):
        st.button(texts["keep"], key="learning-keep", on_click=_ask, args=(False,))
        st.button(texts["reset_now"], key="learning-reset-now",
                  on_click=_set, args=(library, replace(learning, since=datetime.now(UTC))))  # fmt: skip


def _ask(asked: bool) -> None:
    st.session_state[ASKED] = asked


def _set(library: Library, learning: Learning) -> None:
    st.session_state[ASKED] = False
    try:
        library.set_learning(learning)
    except LibraryError as error:
        say(str(error))


def _say(sentences: Sequence[str]) -> None:
    st.html(f'<div class="recording">{"".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)}</div>')
