"""Small records in a session's folder, made of its analysis and its edits, and made anew when these change.

In: a dataclass of plain values. Out: a JSON file of it, written whole or not at all. What cannot be read is not there:
a record can always be made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import cattrs

from app.session.edits import Edit, edit_to_json
from audio.whole_files import write_whole

Record = TypeVar("Record")


def fingerprint(analysis: str, edits: Sequence[Edit], *others: Any) -> str:
    """What a record is made of, in hexadecimal digits. analysis: the name of its folder.

    others: dataclasses, or plain values.
    """
    plain = [analysis, [edit_to_json(edit) for edit in edits], *(cattrs.unstructure(one) for one in others)]
    written = json.dumps(plain, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def read_record(path: Path, kind: type[Record]) -> Record | None:
    """The record in a file; None where there is none of this kind."""
    try:
        return cattrs.structure(json.loads(path.read_text(encoding="utf-8")), kind)
    except (OSError, ValueError, KeyError, TypeError, cattrs.BaseValidationError):
        return None


def write_record(record: Any, path: Path) -> None:
    """Keep a record in a file. Raises OSError."""
    text = json.dumps(cattrs.unstructure(record), ensure_ascii=False)
    write_whole(path, lambda file: file.write(text.encode()))
