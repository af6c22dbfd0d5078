"""What an analysis was made of, so that it is known whether it would come out the same: kept beside it in the library.

In: settings, the files that lay beside the recording, this version of Undertone. Out: a Provenance, and a key that is
the same only for the same recording with the same of all these. Lengths are seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cattrs

from app.session.kept_records import read_record
from audio.given_transcript import SUFFIXES
from audio.listen import ListenSettings
from audio.storage import write_json
from audio.whole_files import checksum

FILE = "made.json"
TURNS = ".rttm"  # who speaks when, where it is known
BESIDE = (*SUFFIXES, TURNS)  # of what is read if it lies beside a recording with its name


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says of an analysis. length, seconds: of the recording, and of the work on it.

    moments: how many of each kind have each verdict, at the usual sensitivity. engines: by task. notes: sentences.
    """

    length: float
    partners: tuple[str, ...]
    moments: Mapping[str, Mapping[str, int]]
    engines: Mapping[str, str]
    notes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an analysis was made of. settings: plain JSON values, without paths of files that lay beside the recording.

    beside: SHA-256 of these files, by what follows the recording's name (".vtt", ".en.vtt", ".rttm").
    figures: None where nobody meant to report them.
    """

    version: str
    settings: Mapping[str, Any]
    beside: Mapping[str, str]
    figures: Figures | None = None

    def key(self, content_hash: str) -> str:
        """The same text for the same recording, analysed with the same of all these. Hexadecimal digits."""
        made_of = [content_hash, self.version, dict(self.settings), dict(self.beside)]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


@cache
def own_version() -> str:
    """The version of Undertone that runs here."""
    return version("undertone")


def provenance_of(settings: ListenSettings, beside: Mapping[str, str]) -> Provenance:
    """Of an analysis that is made here and now. beside: as in Provenance.

    Names and terms for the transcriber are left out: a new one is no reason to analyse a whole library again, and they
    are for nobody else.
    """
    plain: dict[str, Any] = cattrs.unstructure(replace(settings, rttm=None, transcript=None))
    del plain["terms"]
    return Provenance(own_version(), plain, beside)


def files_beside(recording: Path) -> tuple[Path, ...]:
    """The files that lie beside a recording and are read with it, by name."""
    return tuple(sorted(path for path in recording.parent.iterdir() if recording.stem in may_belong_to(path.name)))


def may_belong_to(name: str) -> tuple[str, ...]:
    """The stems of recordings to which a file of this name would belong, as players look for subtitles.

    talk.en.vtt: that of talk.en.ogg and of talk.ogg. None where it is no file that is read with a recording.
    """
    if Path(name).suffix.lower() not in BESIDE:
        return ()
    stem = Path(name).stem
    return tuple({stem, Path(stem).stem})


def checksums(recording: Path, beside: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of the files beside a recording, by what follows its name."""
    return {path.name[len(recording.stem) :].lower(): checksum(path) for path in beside}


def write_provenance(provenance: Provenance, analysis: Path) -> None:
    """Write it into the folder of the analysis, whole or not at all."""
    write_json(asdict(provenance), analysis / FILE)


def read_provenance(analysis: Path) -> Provenance | None:
    """What is known of an analysis by its folder; None where nobody wrote it."""
    return read_record(analysis / FILE, Provenance)
