"""Words from a subtitle file that lies there already: WebVTT or SubRip, read by webvtt-py.

In: the path of a .vtt or .srt file. Out: a Transcript (times in seconds) and whole sentences for the person.
A cue becomes a Caption; one with several voices, or with a dash a line, becomes one Caption a voice.
Subtitles rarely say when a word is spoken, so a cue's time is spread over its words by their number of
characters; where the file does say (inline timestamps, as YouTube writes them), that is what counts.
Descriptions of sound ("[laughs]", "(sighs)", music) are no words.
"""

from __future__ import annotations

import html
import io
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from audio.conversation import Caption, Span, Transcript, Word, speaker_label
from audio.errors import TranscriptError

SUFFIXES = (".vtt", ".srt")
LARGEST = 20_000_000  # bytes; a day of subtitles is far below
LONGEST_WORD = 1.0  # seconds; the time to the next inline timestamp may hold a pause besides the word
MOST_NAMES = 4  # as many as may be in the room
NAMED_SHARE = 0.25  # of the cues begin "NAME:"; below that a colon is just a colon
TWICE = 2  # a name has to come back to be one

_BYTE_ORDER_MARKS = (  # the longer first: UTF-32's begins like UTF-16's
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SOUND = re.compile(r"\[[^\[\]<>]*\](?!\s*:)|\([^()<>]{1,40}\)|[♪♫♬][^♪♫♬<>]*[♪♫♬]|[♪♫♬]")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # SubRip's "{\an8}"
_NEW_VOICE = re.compile(r"^\s*(?:[-–—‐]+(?=\s*\w)|>>+|(?:&gt;)+)\s*")  # "- Yes.", ">> Yes."
_NAME = re.compile(r"^\[?(?P<name>[^\W\d_a-z][\w.'’-]*(?: [\w.'’-]+){0,3})\]?\s*:\s+(?=\S)")
_TAG = re.compile(
    r"<v(?:\.[^\s<>]*)?[ \t]+(?P<voice>[^<>\n]+)>"
    r"|<(?P<mark>(?:\d+:)?\d{1,2}:\d{2}\.\d{1,3})>"
    r"|<(?P<other>/?[A-Za-z][^<>\n]*)>"
)
_MARK = re.compile(r"<(?:\d+:)?\d{1,2}:\d{2}\.\d{1,3}>")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]+)*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class _Cue(Span):
    """One subtitle as it stands in the file, tags and all."""

    text: str


@dataclass(slots=True)
class _Reading:
    """A cue while it is being read: its plain text, and what begins at which character of it."""

    text: str = ""
    voices: list[tuple[int, str | None]] = field(default_factory=lambda: [(0, None)])
    marks: list[tuple[int, float]] = field(default_factory=list)

    def add(self, text: str) -> None:
        text = re.sub(r"\s+", " ", html.unescape(text))
        self.text += text.lstrip(" ") if self.text[-1:] in ("", " ") else text

    def begin(self, voice: str | None) -> None:
        """From here on `voice` is speaking; None: somebody else, who is not named."""
        self.add(" ")
        self.voices.append((len(self.text), voice))


def read_transcript(path: Path, language: str | None = None) -> tuple[Transcript, tuple[str, ...]]:
    """The words of a .vtt or .srt file in order of time, and sentences about what was odd in it.

    `language` (ISO 639-1) counts before what the file's header or its name (talk.en.vtt) says.
    Raises TranscriptError, with the line where there is one, when the file holds nothing to read.
    """
    text, notes = _decoded(path)
    cues, header, left_out = _cues(path, text)
    cues = _unrolled(cues) if any(_MARK.search(cue.text) for cue in cues) else cues
    names = frozenset() if any("<v" in cue.text for cue in cues) else _names(cues)
    captions = tuple(sorted(c for cue in cues for c in _captions(cue, names)))
    if not captions:
        notes.append(f"{path.name} holds no words.")
    return Transcript(captions, language or _language(path, header)), (*notes, *left_out)


def within(transcript: Transcript, duration: float) -> tuple[Transcript, tuple[str, ...]]:
    """The words that begin before the recording ends (seconds), and a sentence where there were others."""
    kept, lost = [], False
    for caption in transcript.captions:
        words = tuple(replace(w, end=min(w.end, duration)) for w in caption.words if w.start < duration)
        lost = lost or len(words) < len(caption.words)
        if words:
            kept.append(replace(caption, end=min(caption.end, duration), words=words))
    if not lost:
        return replace(transcript, captions=tuple(kept)), ()
    last = max(caption.end for caption in transcript.captions)
    note = f"The transcript runs to {last:.0f} s, the recording only to {duration:.0f} s: the rest was left out."
    return replace(transcript, captions=tuple(kept)), (note,)


def _decoded(path: Path) -> tuple[str, list[str]]:
    """The file's text, whatever its encoding, and a sentence where that had to be guessed."""
    try:
        if path.stat().st_size > LARGEST:
            raise TranscriptError(f"{path.name} is too large for a transcript.")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TranscriptError(f"There is no transcript {path}.") from None
    except OSError as error:
        raise TranscriptError(f"{path.name} cannot be read: {error.strerror or error}.") from None
    if not raw.strip():
        raise TranscriptError(f"{path.name} is empty.")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark)), None)
    notes: list[str] = []
    try:
        text = raw.decode(marked or _unmarked(raw))
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        notes.append(f"{path.name} is not in UTF-8; it was read as Western European (Windows-1252).")
    if "\0" in text:
        raise TranscriptError(f"{path.name} is not a text file.")
    return text.lstrip("\ufeff"), notes


def _unmarked(raw: bytes) -> str:
    """UTF-16 without its mark shows by the zero bytes of its Latin letters; all else is tried as UTF-8."""
    head = raw[:1000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 4 else "utf-8"


def _cues(path: Path, text: str) -> tuple[list[_Cue], list[str], list[str]]:
    """The cues in order of time, the lines of the header, and a sentence about cues that were left out."""
    import webvtt

    body = text.lstrip()
    kind = "vtt" if body.startswith("WEBVTT") else "srt"
    lines = list(enumerate(_LINE_END.split(text), 1))
    try:
        document = webvtt.WebVTT.from_buffer(io.StringIO(body, newline=""), format=kind)
    except webvtt.errors.MalformedFileError:
        first = next((n for n, line in lines if line.strip()), 1)
        raise TranscriptError(f"{path.name}, line {first}: this is no WebVTT or SubRip file.") from None
    cues = [
        _Cue(c.start_time.in_milliseconds() / 1000, c.end_time.in_milliseconds() / 1000, c.raw_text)
        for c in document.captions
    ]
    cues = sorted(cue for cue in cues if cue.end > cue.start)
    timings = [(n, line) for n, line in lines if "-->" in line]
    if len(timings) == len(cues):
        return cues, document.metadata, []
    broken = [n for n, line in timings if not _is_timing(line, kind)]
    if broken and not cues:
        raise TranscriptError(f"{path.name}, line {broken[0]}: the times of this caption cannot be read.")
    if not broken:
        return cues, document.metadata, []
    left_out = f"{len(broken)}, the first in line {broken[0]}"
    note = f"Captions of {path.name} whose times cannot be read were left out: {left_out}."
    return cues, document.metadata, [note]


def _is_timing(line: str, kind: str) -> bool:
    """Whether the reader makes a cue of this line, one that ends after it begins."""
    import webvtt

    alone = f"WEBVTT\n\n{line}\nx\n" if kind == "vtt" else f"1\n{line}\nx\n"
    cues = webvtt.WebVTT.from_buffer(io.StringIO(alone), format=kind).captions
    return bool(cues) and cues[0].end_time > cues[0].start_time


def _unrolled(cues: Iterable[_Cue]) -> list[_Cue]:
    """Cues that roll up (YouTube's): the line that a cue repeats from the one before is dropped from it."""
    unrolled, shown = [], ""
    for cue in cues:
        lines = [line for line in cue.text.split("\n") if line.strip()]
        if not lines:
            continue
        repeats = not _MARK.search(lines[0]) and _plain(lines[0]) == shown
        shown = _plain(lines[-1])
        if new := lines[repeats:]:
            unrolled.append(replace(cue, text="\n".join(new)))
    return unrolled


def _plain(line: str) -> str:
    return " ".join(_TAG.sub("", line).split())


def _names(cues: Sequence[_Cue]) -> frozenset[str]:
    """The few names that come back before a colon at the start of lines; empty where that is chance."""
    lines = (_NEW_VOICE.sub("", line) for cue in cues for line in cue.text.split("\n"))
    counted = Counter(match["name"] for line in lines if (match := _NAME.match(line)))
    names = {name: count for name, count in counted.items() if count >= TWICE}
    few = TWICE <= len(names) <= MOST_NAMES
    return frozenset(names) if few and sum(names.values()) >= NAMED_SHARE * len(cues) else frozenset()


def _captions(cue: _Cue, names: frozenset[str]) -> Iterator[Caption]:
    """What is said in a cue: one Caption a voice, none where nothing is said."""
    reading = _read(cue, names)
    starts = [start for start, _ in reading.voices]
    parts: list[tuple[str | None, list[Word]]] = [(voice, []) for _, voice in reading.voices]
    for at, word in _words(cue, reading):
        parts[bisect_right(starts, at) - 1][1].append(word)
    spoken = [(voice, tuple(said)) for voice, said in parts if said]
    if len(spoken) == 1:
        voice, said = spoken[0]
        yield Caption(cue.start, cue.end, said, voice and speaker_label(voice))
        return
    for voice, said in spoken:
        yield Caption(said[0].start, said[-1].end, said, voice and speaker_label(voice))


def _read(cue: _Cue, names: frozenset[str]) -> _Reading:
    reading = _Reading()
    for line in _OVERRIDE.sub("", _SOUND.sub(" ", cue.text)).split("\n"):
        reading.add(" ")
        said = _NEW_VOICE.sub("", line)
        if said != line:
            reading.begin(None)
        name = _NAME.match(said)
        if name and name["name"] in names:
            reading.begin(name["name"])
            said = said[name.end() :]
        _read_line(said, reading)
    return reading


def _read_line(line: str, reading: _Reading) -> None:
    done = 0
    for tag in _TAG.finditer(line):
        reading.add(line[done : tag.start()])
        done = tag.end()
        if tag["voice"]:
            reading.begin(" ".join(html.unescape(tag["voice"]).split()) or None)
        elif tag["mark"]:
            reading.marks.append((len(reading.text), _seconds(tag["mark"])))
        elif tag["other"] == "/v":
            reading.begin(None)
        elif tag["other"].lower().startswith("br"):
            reading.add(" ")
    reading.add(line[done:])


def _words(cue: _Cue, reading: _Reading) -> list[tuple[int, Word]]:
    """Each word with the character it begins at; signs that stand alone are no words."""
    text = reading.text.rstrip()
    at, times = [0], [cue.start]
    for character, time in reading.marks:
        if times[-1] <= time <= cue.end and at[-1] <= character < len(text):
            at.append(character + (text[character] == " "))
            times.append(time)
    at.append(max(len(text), 1))
    times.append(cue.end)
    longest = LONGEST_WORD if reading.marks else cue.duration
    words = []
    for match in re.finditer(r"\S+", text):
        if not any(character.isalnum() for character in match[0]):
            continue
        start, end = (float(t) for t in np.interp(match.span(), at, times))
        words.append((match.start(), Word(start, min(end, start + longest), match[0])))
    return words


def _seconds(mark: str) -> float:
    total = 0.0
    for part in mark.split(":"):
        total = total * 60 + float(part)
    return total


def _language(path: Path, header: Iterable[str]) -> str | None:
    """From a header line "Language: en" (YouTube's), else from a name like talk.en.vtt."""
    named = [line.partition(":")[2].strip() for line in header if line.lower().startswith("language:")]
    named += [suffix[1:] for suffix in path.suffixes[:-1]]
    found = next((name for name in named if _LANGUAGE.match(name)), None)
    return found.split("-")[0].lower() if found else None
