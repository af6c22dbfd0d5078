"""A library with one session, analysed: the sample conversation, heard once for all tests that look at it.

A file of tests that needs another library has a fixture of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from audio.conversation import Conversation
from audio.listen import ListenSettings, listen

EVENING = Path(__file__).resolve().parents[2] / "sample_data" / "evening.ogg"


@pytest.fixture(scope="session")
def evening() -> Conversation:
    return listen(EVENING, ListenSettings(speaker_engine="built-in"))


@pytest.fixture
def library(tmp_path: Path, evening: Conversation) -> Iterator[Library]:
    library = Library(tmp_path)
    session = library.add(EVENING, "An evening")
    library.keep(session.id, evening)
    yield library
    library.close()


@pytest.fixture
def session(library: Library) -> str:
    return library.sessions()[0].id
