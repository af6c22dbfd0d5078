"""Results taken into the library, on the machine that runs the batch; workers never open it.

In: a recording and what the storage has of it. Out: a session in the library, with its recording and its analysis, or
none of it; and why a recording is not to be analysed. A session that somebody wrote in, or that the review app is about
to analyse, stays as it is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from app.analysing.analysis_job import is_unfinished
from app.analysing.provenance import Figures, read_provenance
from app.batch.finished_results import finished_keys, forget_result, unpack_result
from app.batch.found_recordings import FoundRecording, at_hand
from app.batch.outcomes import Outcome, Row
from app.library import FILES_LOCK, Library
from app.library.lock import shared
from app.library.records import LibraryError, PreparedAnalysis, Session
from app.library.session_files import COMPUTED, new_part, sync_folder
from app.session.session_summary import kept_summary

WHY: Mapping[Outcome, str] = {
    "busy": "The review app is about to analyse it, or does so just now.",
    "written_in": "Somebody wrote in this session, so its analysis stays; it was made with other settings or another "
    "version.",
}


class Intake:
    """Takes results from a storage into a library."""

    def __init__(self, library: Library, storage: str) -> None:
        self._library, self._storage = library, storage
        self._sessions = {session.content_hash: session for session in library.sessions()}
        self._finished = finished_keys(storage)
        self._taken: set[str] = set()

    def known(self, recording: FoundRecording, content_hash: str, key: str) -> Row | None:
        """What is to be said of a recording that is not to be analysed; None for one that is."""
        session = self._sessions.get(content_hash)
        if session is None:
            return None
        if is_unfinished(session):
            return Row(recording.shown, "busy", WHY["busy"], session.id)
        analysis = self._library.files(session.id).computed
        made = read_provenance(analysis.conversation.parent) if analysis else None
        if made is not None and made.key(content_hash) == key:
            if key in self._finished:  # of a worker that went on after its batch had been killed
                forget_result(self._storage, key)
            return Row(recording.shown, "there", session=session.id, figures=made.figures)
        if self._library.edit_count(session.id):
            return Row(recording.shown, "written_in", WHY["written_in"], session.id)
        return None

    def is_finished(self, key: str) -> bool:
        """Whether an earlier batch left this result in the storage."""
        return key in self._finished

    def take_in(self, recording: FoundRecording, content_hash: str, key: str) -> Row | None:
        """Take a result in; None where it was damaged, and is gone. Raises LibraryError."""
        try:
            session, figures = self._joined(recording, content_hash, key)
        except zipfile.BadZipFile:
            forget_result(self._storage, key)
            return None
        except OSError as error:
            raise LibraryError(f"{recording.shown} could not be taken into the library ({error.strerror}).") from error
        forget_result(self._storage, key)
        self._taken.add(key)
        if session is None:
            return Row(recording.shown, "busy", WHY["busy"])
        return Row(recording.shown, "analysed", session=session.id, figures=figures)

    def sweep(self) -> None:
        """Remove what came again: Dask has a recording done once more whose worker died when it had just finished."""
        for key in finished_keys(self._storage) & self._taken:
            forget_result(self._storage, key)

    def _joined(self, recording: FoundRecording, content_hash: str, key: str) -> tuple[Session | None, Figures]:
        sessions = self._library.folder / "sessions"
        with shared(self._library.folder / FILES_LOCK), new_part(sessions) as part, new_part(sessions) as scratch:
            unpack_result(self._storage, key, part)
            folder = _analysis_in(part)
            sync_folder(folder)
            made, summary = read_provenance(folder), kept_summary(part)
            if made is None or made.figures is None or summary is None:
                raise zipfile.BadZipFile("nobody knows what it was made of")
            analysis = PreparedAnalysis(
                folder=part,
                computed=folder.name,
                content_hash=content_hash,
                length=made.figures.length,
                settings=made.settings,
                counts=summary.counts,
            )
            with at_hand(recording, scratch) as source:
                return self._library.add_analysed(source, analysis, recording.name), made.figures


def _analysis_in(part: Path) -> Path:
    found = list(part.glob(f"{COMPUTED}*"))
    if len(found) != 1:
        raise zipfile.BadZipFile("there is not one analysis in it")
    return found[0]
