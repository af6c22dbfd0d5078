"""The recordings on the first page: those being analysed, with their progress, and all others in a list.

In: the library. Everything that people wrote is shown through html.escape; no text of theirs is read as Markdown.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app.analysing.analysis_job import cancel, go_on, is_unfinished, start, status
from app.analysing.session_analysis import STAGES
from app.batch.report import forget_session
from app.library import Library
from app.library.records import LibraryError, Removed, Session
from app.report import clock
from app.review.notices import say
from app.review.trends_link import couples_with_trends, link_to_trends
from app.session.session_summary import SessionSummary, session_summary
from app.texts import load_texts, said_date

LOOK_EVERY = 1.0  # seconds between two looks at the analysis
SHOWN_AT_ONCE = 12  # recordings; more only on demand: each takes a browser 8 ms, and the first page is to open at once
MEGABYTE = 1e6

# What the tab remembers: how many recordings are shown, which is about to be deleted, which were being analysed.
SHOWN, ASKED, WATCHED = "recordings_shown", "recording_to_delete", "recordings_watched"
SHAPES = {"missed": "◇", "met": "●", "unclear": "□"}  # as on the session's own page


def show_recordings(library: Library) -> None:
    """Draw what is being analysed, then the list, the newest first."""
    sessions = library.sessions()
    watched = tuple(session.id for session in sessions if is_unfinished(session))
    st.session_state[WATCHED] = watched
    if watched:
        _show_going_on(library)
    _show_list(library, [session for session in sessions if session.id not in watched], bool(watched))


@st.fragment(run_every=LOOK_EVERY)
def _show_going_on(library: Library) -> None:
    """Draw what is being analysed, again and again; once something has come to its end, the whole page."""
    texts = load_texts()["start"]
    go_on(library)
    going_on = [session for session in reversed(library.sessions()) if is_unfinished(session)]
    if {session.id for session in going_on} != set(st.session_state.get(WATCHED, ())):
        st.rerun()
    st.subheader(texts["going_on"], anchor=False)
    for session in going_on:
        _show_progress(library, session)


def _show_progress(library: Library, session: Session) -> None:
    texts = load_texts()["start"]
    with st.container(border=True, key=f"going-on-{session.id}"):
        left, right = st.columns([5, 1], vertical_alignment="center")
        said, share = _progress(library, session)
        with left:
            st.html(f'<div class="recording"><h3>{escape(session.title)}</h3></div>')
            if share is None:
                st.html(f'<div class="recording"><p class="about">{escape(said)}</p></div>')
            else:
                st.progress(share, text=said)
        right.button(texts["cancel"], key=f"cancel-{session.id}", on_click=_cancel, args=(library, session.id),
                     width="stretch")  # fmt: skip


def _progress(library: Library, session: Session) -> tuple[str, float | None]:
    """How far a session is, in words and as a share of all; no share before its turn."""
    texts = load_texts()
    try:
        found = status(library, session.id)
    except LibraryError:  # deleted in another tab just now
        found = None
    if found is None or found.stage not in STAGES:
        return texts["start"]["waiting" if session.state == "waiting" else "beginning"], None
    done = STAGES.index(found.stage)
    step = texts["start"]["step"].format(n=done + 1, all=len(STAGES), stage=texts["stages"][found.stage])
    return step, (done + found.share) / len(STAGES)


def _show_list(library: Library, sessions: list[Session], others: bool) -> None:
    texts = load_texts()["start"]
    if not sessions and others:
        return
    st.subheader(texts["recordings"], anchor=False)
    if not sessions:
        st.html(f'<div class="recording"><p class="about">{escape(texts["none"])}</p></div>')
        return
    found, with_trends = _found(sessions), couples_with_trends(sessions)
    shown = st.session_state.get(SHOWN, SHOWN_AT_ONCE)
    for session in found[:shown]:
        with st.container(border=True, key=f"recording-{session.id}"):
            _show_recording(library, session, with_trends)
    if not found:
        st.html(f'<div class="recording"><p class="about">{escape(texts["none_found"])}</p></div>')
    if len(found) > shown:
        more = texts["more"].format(n=min(len(found) - shown, SHOWN_AT_ONCE))
        st.button(more, on_click=_show_more, width="stretch")


def _found(sessions: list[Session]) -> list[Session]:
    """The sessions that are looked for; the field for it is there only where there are many."""
    if len(sessions) <= SHOWN_AT_ONCE:
        return sessions
    looked_for = st.text_input(load_texts()["start"]["find"]).strip().casefold()
    return [session for session in sessions if looked_for in _called(session).casefold()]


def _called(session: Session) -> str:
    return f"{session.title} {session.couple.name if session.couple else ''}"


def _show_recording(library: Library, session: Session, with_trends: frozenset[int]) -> None:
    if st.session_state.get(ASKED) == session.id:
        _ask(library, session)
        return
    texts = load_texts()["start"]
    left, first, second = st.columns([5, 1.35, 1], vertical_alignment="center")
    try:
        summary = session_summary(library, session.id) if session.state == "done" else None
        problem = _problem(session)
    except LibraryError as error:
        summary, problem = None, str(error)
    left.html(_described(session, summary, problem, with_trends))
    if problem is None:
        first.button(texts["open"], key=f"open-{session.id}", type="primary", width="stretch",
                     on_click=_open, args=(session.id,))  # fmt: skip
    else:
        first.button(texts["again"], key=f"again-{session.id}", width="stretch",
                     on_click=_again, args=(library, session.id))  # fmt: skip
    second.button(texts["delete"], key=f"delete-{session.id}", type="tertiary", width="stretch",
                  on_click=_ask_about, args=(session.id,))  # fmt: skip


def _problem(session: Session) -> str | None:
    if session.state == "cancelled":
        return str(load_texts()["start"]["cancelled"])
    return session.error if session.state == "failed" else None


def _described(
    session: Session, summary: SessionSummary | None, problem: str | None, with_trends: frozenset[int]
) -> str:
    """What the list says of a session, as HTML."""
    about = [_partners(session, summary, with_trends), escape(said_date(session.day)),
             clock(session.length) if session.length else ""]  # fmt: skip
    lines = [f"<h3>{escape(session.title)}</h3>", f'<p class="about">{" · ".join(filter(None, about))}</p>']
    if problem is not None:
        lines.append(f"<p>{escape(problem)}</p>")
    if summary is not None:
        lines.append(f'<p class="counts">{_counts(summary)}</p>')
    return f'<div class="recording">{"".join(lines)}</div>'


def _partners(session: Session, summary: SessionSummary | None, with_trends: frozenset[int]) -> str:
    """Whose session it is, as HTML: a link to the couple's trends where there are any."""
    if session.couple is not None:
        return link_to_trends(session.couple, with_trends)
    joined: str = load_texts()["start"]["partners_joined"]
    return escape(joined.join(summary.partners)) if summary else ""


def _counts(summary: SessionSummary) -> str:
    texts = load_texts()["start"]
    counted = {"missed": "passed_by", "met": "met", "unclear": "unclear"}
    found = [(SHAPES[verdict], texts[text].format(n=getattr(summary, verdict))) for verdict, text in counted.items()
             if getattr(summary, verdict)]  # fmt: skip
    if not found:
        return escape(texts["no_moments"])
    left = texts["to_review"].format(n=summary.to_review) if summary.to_review else texts["all_reviewed"]
    spans = [f'<span><span aria-hidden="true">{shape}</span> {escape(said)}</span>' for shape, said in found]
    return "".join([*spans, f'<span class="left">{escape(left)}</span>'])


def _ask(library: Library, session: Session) -> None:
    """Ask before a session is deleted."""
    texts = load_texts()["start"]
    title = escape(texts["ask_delete"].format(title=session.title))
    st.html(f'<div class="recording asking"><h3>{title}</h3><p>{escape(texts["ask_delete_why"])}</p></div>')
    with st.container(horizontal=True):
        st.button(texts["keep"], key=f"keep-{session.id}", on_click=_ask_about, args=(None,))
        st.button(texts["delete_for_good"], key=f"gone-{session.id}", on_click=_delete, args=(library, session.id))


def _ask_about(session_id: str | None) -> None:
    st.session_state[ASKED] = session_id


def _show_more() -> None:
    st.session_state[SHOWN] = st.session_state.get(SHOWN, SHOWN_AT_ONCE) + SHOWN_AT_ONCE


def _open(session_id: str) -> None:
    st.query_params["session"] = session_id


def _cancel(library: Library, session_id: str) -> None:
    try:
        cancel(library, session_id)
    except LibraryError as error:
        say(str(error))


def _again(library: Library, session_id: str) -> None:
    try:
        start(library, session_id)
    except LibraryError as error:
        say(str(error))


def _delete(library: Library, session_id: str) -> None:
    st.session_state[ASKED] = None
    try:
        if is_unfinished(library.session(session_id)):
            cancel(library, session_id)
        removed = library.delete(session_id)
        forget_session(library.folder, session_id)
        say(said_removed(removed))
    except LibraryError as error:
        say(str(error))
    except OSError as error:
        say(load_texts()["start"]["left_in_report"].format(file=error.filename, why=error.strerror))


def said_removed(removed: Removed) -> str:
    """What went with a session, as a sentence."""
    texts = load_texts()["start"]
    megabytes = removed.bytes / MEGABYTE
    return str(
        texts["removed_couple" if removed.couple else "removed"].format(
            title=removed.title,
            files=_number(len(removed.files), "files"),
            size=texts["size"].format(n=f"{megabytes:.1f}") if megabytes >= 0.1 else texts["size_small"],
            edits=_number(removed.edits, "edits"),
            couple=removed.couple,
        )
    )


def _number(n: int, of: str) -> str:
    name = {0: "none", 1: "one"}.get(n, "n")
    texts = load_texts()["start"]
    return str(texts.get(f"{of}_{name}", texts[f"{of}_n"]).format(n=n))
