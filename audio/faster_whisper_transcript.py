"""Words from Whisper by way of CTranslate2 (faster-whisper): no torch, int8 on the processor.

In: a Recording, the regions where there is speech (seconds), the name of a model or a folder that holds one.
Out: a Transcript with the time and probability of every word. Weights are looked for in the folder that
UNDERTONE_MODELS names and in the hub's cache, and fetched from the hub at first use.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audio.channel_speakers import mixdown
from audio.conversation import Span, Transcript, Word
from audio.errors import EngineError
from audio.model_weights import cached_repository, fetch_repository, hub, models_folder, why_not_fetched
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.speech_clips import JOIN, caption_within, share_done, speech_clips

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]
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
    return why_not_fetched(model, hub())


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
    whisper = _load(folder or fetch_weights(model, lambda share: tell(FETCHING * share)), model)
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
    return found or cached_repository(_repository(model), "model.bin")


def _repository(model: str) -> str:
    """The hub's repository of a model: some sizes are kept by others than Systran."""
    from faster_whisper import utils

    if "/" in model:
        return model
    known: dict[str, str] = getattr(utils, "_MODELS", {})
    return known.get(model, f"Systran/faster-whisper-{model}")


def fetch_weights(model: str, progress: Progress) -> Path:
    """Fetch the weights of `model` from the hub. Raises EngineError when they cannot be had."""
    if reason := why_not(model):
        raise EngineError(f"faster-whisper cannot run: {reason}.")
    return fetch_repository(_repository(model), FILES, progress)


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
