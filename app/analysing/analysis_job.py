"""The analysis of a session in a process of its own, which outlives the server, a reload and a closed tab.

In: a library and a session in it. Out: the conversation, what the review plays, and the summary, all in the library.
One process analyses one session, and no other runs in the same library meanwhile: a lock says so, which goes with its
process. Whoever ends, or sees that one has ended, starts the next that waits; so a process that was killed is made up
for as soon as anybody looks. Progress is a stage of STAGES and a share from 0 to 1.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil

from app.analysing.analysis_status import LOG, AnalysisStatus, StatusFile, forget_status, process_of, read_status
from app.analysing.provenance import write_provenance
from app.analysing.session_analysis import READING, STAGES, hear, listen_settings, made_of
from app.library import Library
from app.library.lock import exclusive_if_free
from app.library.records import LibraryError, Session
from app.library.session_files import SessionFiles
from app.session.session_terms import session_terms
from audio.decoder import shown_name
from audio.errors import UndertoneError

LOCK = "analysis.lock"
PATIENCE = 3.0  # seconds for which a new process waits for the lock: somebody may just be looking whether it is free
LOOK_EVERY = 0.1  # seconds
GRACE = 3.0  # seconds that a process has to clear up before it is killed
MOST_STARTS = 3  # what kills its process each time, as a lack of memory does, is not begun for ever

UNEXPECTED = "Something unexpected happened. What is known of it is in {log}."
GAVE_UP = (
    "The analysis was broken off {n} times without a word; this machine may have too little memory for it. "
    "Close other programs, or cut the recording into shorter parts, and try again."
)


def start(library: Library, session_id: str) -> None:
    """Have a session analysed, from the start, once those that wait already are done; nothing if it runs."""
    session = library.session(session_id)
    if session.state == "running" and is_running(library):
        return
    forget_status(library.files(session_id).folder)
    library.set_counts(session_id, {})
    library.set_state(session_id, "waiting")
    go_on(library)


def go_on(library: Library) -> None:
    """Start the next session that is not finished, if none is being analysed: at the start of the server, and often.

    Those come first that were begun; then those that have waited longest.
    """
    unfinished = [session for session in reversed(library.sessions()) if is_unfinished(session)]
    if not unfinished or is_running(library):
        return
    following = min(unfinished, key=lambda session: session.state == "waiting")
    with suppress(LibraryError, OSError, psutil.NoSuchProcess):  # deleted meanwhile, or done in no time
        if status(library, following.id) is None:
            _spawn(library, following.id)


def is_unfinished(session: Session) -> bool:
    """Whether there is something to do for a session; one that is done has its counts."""
    return session.state in ("waiting", "running") or (session.state == "done" and not session.counts)


def is_running(library: Library) -> bool:
    """Whether a session of the library is being analysed just now."""
    with exclusive_if_free(library.folder / LOCK) as free:
        return not free


def status(library: Library, session_id: str) -> AnalysisStatus | None:
    """How far a session is; None where no living process is at it."""
    found = read_status(library.files(session_id).folder)
    return found if found is not None and process_of(found) is not None else None


def cancel(library: Library, session_id: str) -> None:
    """Stop the analysis of a session, or take it out of those that wait; nothing half-written stays."""
    files = library.files(session_id)
    library.set_state(session_id, "cancelled")
    _end(read_status(files.folder))
    forget_status(files.folder)
    for part in files.folder.rglob(".*.part"):
        part.unlink(missing_ok=True)
    if library.session(session_id).state == "running":  # it began just then
        library.set_state(session_id, "cancelled")
    go_on(library)


def main() -> None:
    """Analyse the session that the command line names, then start the next."""
    folder, session_id = sys.argv[1:]
    signal.signal(signal.SIGTERM, _leave)
    library = Library(Path(folder))
    if _analyse_alone(library, session_id):
        go_on(library)


def _spawn(library: Library, session_id: str) -> None:
    """A process that belongs to no terminal and no parent; what it says goes to a log in the session's folder."""
    folder = library.files(session_id).folder
    # -P: nothing is imported from the folder that it runs in.
    command = [sys.executable, "-P", "-m", "app.analysing.analysis_job", str(library.folder.absolute()), session_id]
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    # Somebody has to take notice of its end, or it would stay in the list of processes as long as the server.
    Thread(target=process.wait, daemon=True).start()
    StatusFile(folder, STAGES[0], process.pid)


def _analyse_alone(library: Library, session_id: str) -> bool:
    """Analyse a session unless another is being analysed; says whether it had its turn."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with exclusive_if_free(library.folder / LOCK) as alone:
            if alone:
                _analyse(library, session_id)
                return True
        time.sleep(LOOK_EVERY)
    return False


def _analyse(library: Library, session_id: str) -> None:
    """Analyse a session; whatever goes wrong is told in its state, unless the session is gone."""
    try:
        session, files = library.session(session_id), library.files(session_id)
        if not is_unfinished(session):
            return
        told = StatusFile(files.folder, STAGES[0], os.getpid())
    except (LibraryError, OSError):
        return
    problem = _problem(library, session, files, told)
    with suppress(LibraryError):
        if problem is not None:
            library.set_state(session_id, "failed", problem)
        forget_status(files.folder)


def _problem(library: Library, session: Session, files: SessionFiles, told: StatusFile) -> str | None:
    """Do the work; a sentence for the person where it cannot be done."""
    if told.status.starts > MOST_STARTS:
        return GAVE_UP.format(n=MOST_STARTS)
    try:
        _compute(library, session, files, told)
    except UndertoneError as error:
        return str(error).replace(files.source.name, shown_name(Path(session.original_name)))
    except Exception:
        logging.exception("the analysis of %s failed", session.id)
        return UNEXPECTED.format(log=files.folder / LOG)
    return None


def _compute(library: Library, session: Session, files: SessionFiles, told: StatusFile) -> None:
    """Listen, keep what was heard, then make of it what the review shows. What is there already is not done again."""
    from app.analysing.review_media import write_review_media
    from app.session.session_prints import session_prints
    from app.session.session_summary import session_summary

    if session.state != "done":
        library.set_state(session.id, "running")
        settings = listen_settings(session.settings)
        known = made_of(files.source, settings)
        terms = session_terms(library, session)  # in no record of what it was made of: they are for nobody else
        conversation = hear(files.source, files.audio, replace(settings, terms=terms), told.tell)
        library.keep(session.id, replace(conversation, recording=session.original_name))
        analysis = library.files(session.id).computed
        if analysis is not None:
            write_provenance(known, analysis.conversation.parent)
    told.tell(READING, 0.0)
    made = library.files(session.id)
    if made.computed is None or not (made.computed.review_tracks.exists() and made.computed.review_words.exists()):
        write_review_media(made, library.conversation(session.id))
    session_prints(library, session.id, library.edits(session.id))
    summary = session_summary(library, session.id)
    if summary is not None:  # one that was there already says nothing to the library
        library.set_counts(session.id, summary.counts)


def _end(status: AnalysisStatus | None) -> None:
    """End the process of an analysis with all that it started, if it is alive; it may clear up for GRACE."""
    process = process_of(status) if status else None
    if process is None:
        return
    with suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.terminate()
        _, alive = psutil.wait_procs(family, timeout=GRACE)
        for member in alive:
            member.kill()
        psutil.wait_procs(alive, timeout=GRACE)


def _leave(signal_number: int, _: object) -> None:
    """Leave by the front door, past everything that clears up."""
    sys.exit(128 + signal_number)


if __name__ == "__main__":
    faulthandler.enable()  # into the log
    main()
