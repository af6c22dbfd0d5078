"""The library: a folder with the sessions of a practice, and all that people write about them.

In it: `library.sqlite` for what people write, and a folder a session for the recording and what was computed from it.
Every method has all on the disk when it returns, so that kill -9 at any time loses nothing; several processes and
threads may use one library at once. Times are UTC, lengths seconds. What goes wrong is a LibraryError.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import BadZipFile

import cattrs
from sqlalchemy import delete, func, select, text

from app.library import session_files as folders
from app.library.edit_log import count_live
from app.library.lock import exclusive_if_free, shared
from app.library.records import Consent, Couple, LibraryError, PreparedAnalysis, Removed, Session, State
from app.library.session_files import SessionFiles
from app.library.session_rows import SESSIONS, couple_of_no_other, session_of, session_row, unknown
from app.library.tables import EditRow, SessionRow
from app.library.writings import Writings
from audio.conversation import Conversation, VoiceFrames
from audio.storage import conversation_from_json, read_tracks, read_voices
from audio.whole_files import checksum

PLACE = "UNDERTONE_LIBRARY"  # environment variable: the folder to use instead of the user's own
OWN = 0o700  # what is said to a coach is for nobody else who has an account there
FILES_LOCK = "files.lock"  # shared by whoever moves folders, held alone by whoever tidies up after a crash


def default_folder() -> Path:
    """Where the library lies if nobody says otherwise: UNDERTONE_LIBRARY, or the user's data directory."""
    from platformdirs import user_data_path

    named = os.environ.get(PLACE)
    return Path(named).expanduser() if named else user_data_path("undertone", appauthor=False)


class Library(Writings):
    """A library that is open; made where there is none. Raises LibraryError where it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        self._sessions = folder / "sessions"
        try:
            folder.mkdir(mode=OWN, parents=True, exist_ok=True)
            self._sessions.mkdir(mode=OWN, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library {folder} cannot be made ({error.strerror}).") from error
        super().__init__(folder)
        self._tidy()

    def add(
        self,
        source: Path,
        title: str | None = None,
        *,
        original_name: str | None = None,
        recorded_on: date | None = None,
        couple: Couple | None = None,
        consent: Consent | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Session:
        """Copy a recording into the library. One that is there already is returned as it is; see find_by_content.

        original_name: what the file was called, if `source` is only a temporary name. title: that name if not given.
        """
        name = original_name or source.name
        row = SessionRow(
            id=uuid4().hex,
            title=title or Path(name).stem,
            original_name=name,
            source=f"source{Path(name).suffix.lower()}",
            added_at=datetime.now(UTC),
            recorded_on=recorded_on,
            couple_id=couple.id if couple else None,
            consent_by=consent.by if consent else None,
            consent_at=consent.at if consent else None,
            settings=dict(settings or {}),
            counts={},
        )
        folder = self._sessions / row.id
        with self._moving(), folders.new_part(self._sessions) as part:
            folders.mark_unfinished(part)
            row.content_hash = folders.copy_whole(source, part / row.source)
            with self._writing() as rows:
                known = rows.scalar(select(SessionRow.id).where(SessionRow.content_hash == row.content_hash))
                if known is None:
                    rows.add(row)
                    rows.flush()
                    folders.move(part, folder)
                added = known or row.id
            if known is None:
                folders.mark_finished(folder)
        return self.session(added)

    def add_analysed(self, source: Path, analysis: PreparedAnalysis, original_name: str) -> Session | None:
        """Copy a recording into the library with an analysis that was made elsewhere: both are there, or neither.

        A session that has the recording already gets the analysis in place of its own, unless somebody wrote in it
        or it is being analysed: then None. Raises LibraryError where the recording is not the one that was analysed.
        """
        new = SessionRow(
            id=uuid4().hex,
            title=Path(original_name).stem,
            original_name=original_name,
            source=f"source{Path(original_name).suffix.lower()}",
            added_at=datetime.now(UTC),
            content_hash=analysis.content_hash,
        )
        folder = self._sessions / new.id
        with self._moving(), folders.new_part(self._sessions) as part:
            folders.mark_unfinished(part)
            if folders.copy_whole(source, part / new.source) != analysis.content_hash:
                raise LibraryError(f"{original_name} was changed while it was analysed: run the same command again.")
            with self._writing() as rows:
                known = rows.scalar(select(SessionRow).where(SessionRow.content_hash == analysis.content_hash))
                row = known or new
                if known is not None and (known.state in ("waiting", "running") or count_live(rows, known.id)):
                    return None
                row.computed, row.state, row.error, row.length = analysis.computed, "done", None, analysis.length
                row.settings, row.counts = dict(analysis.settings), dict(analysis.counts)
                folders.join(analysis.folder, self._sessions / known.id if known else part)
                if known is None:
                    rows.add(row)
                    rows.flush()
                    folders.move(part, folder)
            if known is None:
                folders.mark_finished(folder)
        return self.session(row.id)

    def find_by_content(self, source: Path) -> Session | None:
        """The session whose recording is the same as this file, byte by byte."""
        with self._reading() as rows:
            found = rows.execute(SESSIONS.where(SessionRow.content_hash == checksum(source))).first()
        return session_of(*found) if found else None

    def sessions(self) -> tuple[Session, ...]:
        """All sessions, the newest first."""
        newest_first = (SessionRow.added_at.desc(), text("sessions.rowid DESC"))
        with self._reading() as rows:
            return tuple(session_of(*found) for found in rows.execute(SESSIONS.order_by(*newest_first)))

    def session(self, id: str) -> Session:
        """One session."""
        with self._reading() as rows:
            found = rows.execute(SESSIONS.where(SessionRow.id == id)).first()
        if found is None:
            raise unknown(id)
        return session_of(*found)

    def files(self, id: str) -> SessionFiles:
        """Where the files of a session lie."""
        with self._reading() as rows:
            row = session_row(rows, id)
            return folders.files_of(self._sessions / id, row.source, row.computed)

    def rename(self, id: str, title: str) -> None:
        """Give a session another title."""
        self._set(id, title=title)

    def set_date(self, id: str, recorded_on: date | None) -> None:
        """Say on which day it was recorded."""
        self._set(id, recorded_on=recorded_on)

    def set_couple(self, id: str, couple: Couple | None) -> None:
        """Say whose session it is."""
        self._set(id, couple_id=couple.id if couple else None)

    def set_consent(self, id: str, consent: Consent | None) -> None:
        """Keep who said yes to the recording."""
        self._set(id, consent_by=consent.by if consent else None, consent_at=consent.at if consent else None)

    def set_settings(self, id: str, settings: Mapping[str, Any]) -> None:
        """Keep how to listen to it, as plain JSON values."""
        self._set(id, settings=dict(settings))

    def set_counts(self, id: str, counts: Mapping[str, int]) -> None:
        """Keep the figures that the list of sessions shows."""
        self._set(id, counts=dict(counts))

    def set_state(self, id: str, state: State, error: str | None = None) -> None:
        """Say how far the analysis is; `error` is a sentence for the person."""
        self._set(id, state=state, error=error)

    def keep(self, id: str, conversation: Conversation) -> None:
        """Keep what was computed, whole, and say that the session is done; takes the place of an earlier analysis."""
        name = f"{folders.COMPUTED}{uuid4().hex}"
        with self._moving(), folders.new_part(self._sessions) as part:
            folders.write_computed(conversation, part)
            with self._writing() as rows:
                row = session_row(rows, id)
                folders.move(part, self._sessions / id / name)
                row.computed, row.state, row.error, row.length = name, "done", None, conversation.duration

    def conversation(self, id: str, *, tracks: bool = True) -> Conversation:
        """What was kept last; without its tracks it is read in a fraction of the time."""
        computed = self.files(id).computed
        if computed is None:
            raise LibraryError(f'"{self.session(id).title}" has not been analysed yet.')
        try:
            plain = json.loads(computed.conversation.read_text(encoding="utf-8"))
            return conversation_from_json(plain, read_tracks(computed.tracks) if tracks else None)
        except (OSError, ValueError, KeyError, cattrs.BaseValidationError) as error:
            raise LibraryError(
                f'The analysis of "{self.session(id).title}" cannot be read ({error}): analyse it again.'
            ) from error

    def voices(self, id: str) -> VoiceFrames | None:
        """What the voices of a session are compared by; None where its last analysis kept nothing of the kind."""
        computed = self.files(id).computed
        if computed is None or not computed.voices.exists():
            return None
        try:
            return read_voices(computed.voices)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise LibraryError(
                f'What the voices of "{self.session(id).title}" sound like cannot be read ({error}): analyse it again.'
            ) from error

    def sessions_of(self, couple: Couple) -> tuple[Session, ...]:
        """The sessions of a couple in order of time: by the day of the recording, else the one when it was added."""
        of_couple = SESSIONS.where(SessionRow.couple_id == couple.id)
        with self._reading() as rows:
            sessions = [session_of(*found) for found in rows.execute(of_couple)]
        return tuple(sorted(sessions, key=lambda session: (session.day, session.added_at)))

    def delete(self, id: str) -> Removed:
        """Remove every trace of a session that the library has; says what went. It cannot be undone."""
        folder = self._sessions / id
        with self._moving():
            with self._writing() as rows:
                row = session_row(rows, id)
                title, gone = row.title, folders.files_in(folder)
                edits = rows.scalar(select(func.count()).where(EditRow.session_id == id)) or 0
                couple = couple_of_no_other(rows, row)
                folders.mark_unfinished(folder)
                rows.execute(delete(SessionRow).where(SessionRow.id == id))
                if couple is not None:
                    rows.delete(couple)
            folders.remove_folder(self._sessions, folder)
            self._forget_log()
        return Removed(title, gone, edits, couple.name if couple else None)

    def _set(self, id: str, **values: object) -> None:
        with self._writing() as rows:
            row = session_row(rows, id)
            for name, value in values.items():
                setattr(row, name, value)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        with self._sentences(), shared(self.folder / FILES_LOCK):
            yield

    def _tidy(self) -> None:
        """Finish what a crash left half-way, unless somebody is at work there."""
        with self._sentences(), exclusive_if_free(self.folder / FILES_LOCK) as alone:
            if not alone:
                return
            with self._reading() as rows:
                known = {row.id: row.computed for row in rows.execute(select(SessionRow.id, SessionRow.computed))}
            folders.tidy(self._sessions, known)
