"""Words from Whisper by way of CTranslate2 (faster-whisper): no torch, int8 on the processor.

In: a Recording, the regions where there is speech (seconds), the name of a model or a folder that holds one.
Out: a Transcript with the time and probability of every word. Weights are looked for in the folder that
UNDERTONE_MODELS names and in the hub's cache, and fetched from the hub at first use.
"""

from __future__ import annotations

import importlib.util
import io
import os
import queue
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.channel_speakers import mixdown
from audio.conversation import Span, Transcript, Word
from audio.errors import EngineError
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.speech_clips import JOIN, caption_within, share_done, speech_clips

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment


MODELS_FOLDER = "UNDERTONE_MODELS"  # environment: a folder with a folder a model, and the hub's cache
FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]
KNOCK = 3.0  # seconds to wait for the hub to answer at all, before a download is tried
FETCHING = 0.3  # of the progress bar, where weights have to be fetched first
BEAM = 5  # hypotheses; the default of Whisper


def why_not(model: str = "small") -> str | None:
    """One line why this engine cannot run here with `model`, None when it can. Imports no torch."""
    if importlib.util.find_spec("faster_whisper") is None:
        return "the package faster-whisper is not installed"
    if Path(model).is_dir():
        return None if (Path(model) / "model.bin").is_file() else f"there is no model.bin in {model}"
    if weights_here(model):
        return None
    if offline_by_wish():
        return f'the weights "{model}" are not on this machine, and HF_HUB_OFFLINE forbids to fetch them'
    if not _hub_answers():
        return f'the weights "{model}" are not on this machine, and {_hub()} cannot be reached to fetch them'
    return None


def transcribe_speech(
    recording: Recording,
    regions: Sequence[Span],
    model: str = "small",
    language: str | None = None,
    progress: Progress | None = None,
) -> Transcript:
    """Transcribe what is said in `regions`, all channels together; no words are looked for in between.

    `language` (ISO 639-1) is detected where it is None. Raises EngineError when the weights cannot be had
    or do not load.
    """
    if not regions:
        return Transcript((), language)
    tell = progress or tell_nobody
    folder = weights_here(model)
    begin = 0.0 if folder else FETCHING
    whisper = _load(folder or _fetch(model, lambda share: tell(FETCHING * share)), model)
    clips = speech_clips(regions, recording.duration)
    try:
        segments, info = whisper.transcribe(
            mixdown(recording),
            language=language,
            beam_size=BEAM,
            word_timestamps=True,
            clip_timestamps=[edge for clip in clips for edge in (clip.start, clip.end)],
            condition_on_previous_text=False,  # a mistake repeats itself to the end of the hour otherwise
            hallucination_silence_threshold=JOIN,
        )
    except ValueError as error:
        raise EngineError(f"faster-whisper refuses: {error}.") from None
    captions, done = [], 0.0
    for segment in segments:
        if caption := caption_within(_words(segment), clips):
            captions.append(caption)
        done = max(done, share_done(clips, float(segment.end)))
        tell(begin + (1 - begin) * done)
    tell(1.0)
    return Transcript(tuple(sorted(captions, key=lambda c: (c.start, c.end))), info.language)


def weights_here(model: str) -> Path | None:
    """The folder with the weights of `model` on this machine: itself, UNDERTONE_MODELS, the hub's cache."""
    own = models_folder()
    places = [Path(model)] + ([own / model, own / f"faster-whisper-{model}"] if own else [])
    found = next((place for place in places if (place / "model.bin").is_file()), None)
    return found or _cached(model)


def models_folder() -> Path | None:
    """The folder that UNDERTONE_MODELS names."""
    named = os.environ.get(MODELS_FOLDER)
    return Path(named).expanduser() if named else None


def offline_by_wish() -> bool:
    """Whether HF_HUB_OFFLINE forbids to fetch anything."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def _repository(model: str) -> str:
    """The hub's repository of a model: some sizes are kept by others than Systran."""
    from faster_whisper import utils

    if "/" in model:
        return model
    known: dict[str, str] = getattr(utils, "_MODELS", {})
    return known.get(model, f"Systran/faster-whisper-{model}")


def _cached(model: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(_repository(model), "model.bin", cache_dir=models_folder())
    except HFValidationError:
        return None
    return Path(found).parent if isinstance(found, str) else None


def _hub() -> str:
    from huggingface_hub.constants import ENDPOINT

    return os.environ.get("HF_ENDPOINT", ENDPOINT).rstrip("/")


def host_answers(address: str) -> bool:
    """Whether anything answers at `address`; known within KNOCK + 1 seconds.

    To be asked before a client that may wait and try again for minutes.
    """
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    # A name server that does not answer holds a request for longer than its timeout, but not us.
    threading.Thread(target=lambda: answers.put(_knock(address)), daemon=True).start()
    try:
        return answers.get(timeout=KNOCK + 1.0)
    except queue.Empty:
        return False


def _hub_answers() -> bool:
    return host_answers(_hub())


def _knock(address: str) -> bool:
    try:
        urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=KNOCK).close()
    except urllib.error.HTTPError:
        return True  # an answer nevertheless
    except urllib.error.URLError as error:
        # The hub's client may know certificates that are not known here.
        return isinstance(error.reason, ssl.SSLError)
    except (OSError, ValueError):
        return False
    return True


def _fetch(model: str, progress: Progress) -> Path:
    """Fetch the weights from the hub into its cache, or where UNDERTONE_MODELS says."""
    if reason := why_not(model):
        raise EngineError(f"faster-whisper cannot run: {reason}.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        folder = snapshot_download(
            _repository(model),
            allow_patterns=FILES,
            cache_dir=models_folder(),
            tqdm_class=_bar(progress),
        )
    except (HfHubHTTPError, OSError, ValueError) as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        raise EngineError(f'The weights "{model}" could not be fetched from {_hub()}: {first}.') from None
    return Path(folder)


def _bar(progress: Progress) -> Any:
    """A tqdm that draws nothing and tells `progress` the share of the bytes that are here."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "file": io.StringIO(), "disable": False})

        def update(self, n: float | None = 1) -> bool | None:
            drawn: bool | None = super().update(n)
            if self.unit == "B" and self.total:
                progress(min(1.0, self.n / self.total))
            return drawn

    return Bar


def _load(folder: Path, model: str) -> WhisperModel:
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        raise EngineError(f'The weights "{model}" in {folder} do not load: {first}.') from None


def _words(segment: Segment) -> Iterator[Word]:
    for word in segment.words or ():
        start, end = float(word.start), float(max(word.start, word.end))
        yield Word(start, end, word.word.strip(), float(word.probability))
