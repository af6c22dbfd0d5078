"""How a Conversation lies on a disk: JSON, npz (the tracks, and what voices are compared by), RTTM (the turns).

Times are seconds. Numbers in JSON are rounded to 4 decimals; what could not be measured is null there.
A file is either wholly written or not at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any, NoReturn

import cattrs
import numpy as np

from audio.conversation import NAN, Conversation, ProsodyTrack, Turn, VoiceFrames, speaker_label
from audio.whole_files import write_whole

DECIMALS = 4
FORMAT = 1  # raised when a reader of older files would misunderstand newer ones


def _no_frames(value: object, _: type) -> NoReturn:
    raise TypeError("tracks and voices lie in npz, not in JSON")


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(ProsodyTrack, _no_frames)
    converter.register_structure_hook(VoiceFrames, _no_frames)
    converter.register_unstructure_hook(float, lambda x: round(x, DECIMALS) if math.isfinite(x) else None)
    converter.register_structure_hook(float, lambda x, _: NAN if x is None else float(x))
    return converter


_CONVERTER = _converter()


def to_json(value: Any) -> Any:
    """Any of the project's dataclasses as plain JSON values."""
    return _CONVERTER.unstructure(value)


def conversation_to_json(conversation: Conversation) -> dict[str, Any]:
    """The conversation without its tracks, its voices and a coach, as plain JSON values."""
    plain: dict[str, Any] = to_json(replace(conversation, tracks={}, voices=None, coach=()))
    del plain["tracks"], plain["voices"], plain["coach"]
    return {"format": FORMAT} | plain


def conversation_from_json(plain: Mapping[str, Any], tracks: Mapping[str, ProsodyTrack] | None = None) -> Conversation:
    """The inverse of conversation_to_json; further keys (such as "moments") are ignored."""
    conversation = _CONVERTER.structure({**plain, "tracks": {}}, Conversation)
    return replace(conversation, tracks=dict(tracks or {}))


def write_json(plain: Any, path: Path) -> None:
    """Write JSON values to `path`, whole or not at all."""
    text = json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)
    _write(path, lambda file: file.write(text.encode()))


def write_rttm(turns: tuple[Turn, ...], name: str, path: Path) -> None:
    """Write who speaks when as RTTM, the form that diarization tools exchange; `name` is its file id."""
    lines = [
        f"SPEAKER {speaker_label(name)} 1 {turn.start:.3f} {turn.duration:.3f} <NA> <NA> {turn.speaker} <NA> <NA>\n"
        for turn in turns
    ]
    _write(path, lambda file: file.write("".join(lines).encode()))


def write_tracks(tracks: Mapping[str, ProsodyTrack], path: Path) -> None:
    """Write the tracks as npz: `speakers`, then `<index>_<track name>` for each, float32."""
    arrays = {
        f"{index}_{item.name}": getattr(track, item.name)
        for index, track in enumerate(tracks.values())
        for item in fields(track)
    }
    speakers = np.array(list(tracks), dtype=np.str_)
    _write(path, lambda file: np.savez_compressed(file, speakers=speakers, **arrays))


def read_tracks(path: Path) -> dict[str, ProsodyTrack]:
    """The inverse of write_tracks."""
    with np.load(path, allow_pickle=False) as archive:
        return {
            str(speaker): ProsodyTrack(**{item.name: archive[f"{index}_{item.name}"] for item in fields(ProsodyTrack)})
            for index, speaker in enumerate(archive["speakers"])
        }


def write_voices(voices: VoiceFrames, path: Path) -> None:
    """Write what voices are compared by as npz, one array a field; less than 1.5 MB an hour."""
    arrays = {item.name: getattr(voices, item.name) for item in fields(voices)}
    _write(path, lambda file: np.savez_compressed(file, **arrays))


def read_voices(path: Path) -> VoiceFrames:
    """The inverse of write_voices."""
    with np.load(path, allow_pickle=False) as archive:
        return VoiceFrames(**{item.name: archive[item.name] for item in fields(VoiceFrames)})


def _write(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, fill)
