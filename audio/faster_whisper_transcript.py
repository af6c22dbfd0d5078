"""Words from Whisper by way of CTranslate2 (faster-whisper), without torch: several clips at once.

In: a Recording, the regions where there is speech (seconds), the name of a model or a folder that holds one.
Out: a Transcript with the time and probability of every word. Weights are looked for in the folder that
UNDERTONE_MODELS names and in the hub's cache, and fetched from the hub at first use.

A batch is decoded once, without the second chances that Whisper gives to a window that went wrong; a clip that
did is heard again alone, with them, and without the names and terms that Whisper was told of: it may echo them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from audio.channel_speakers import mixdown
from audio.conversation import Caption, Span, Transcript, Word
from audio.errors import EngineError, first_line
from audio.model_weights import cached_repository, fetch_repository, hub, models_folder, why_not_fetched
from audio.progress import Progress, tell_nobody
from audio.recording import Recording
from audio.speech_clips import caption_within, cut_where_quiet, samples_of, sentences, share_done, speech_clips
from audio.terms import is_echo, said_before

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment


@dataclass(frozen=True, slots=True)
class Place:
    """Where the model computes. `device` and `numbers` are CTranslate2's words; `batch` is clips at once."""

    name: str
    device: str
    numbers: str
    batch: int


PROCESSOR = Place("the processor", "cpu", "int8", batch=4)  # no faster with more, and more memory
CARD = Place("a CUDA card", "cuda", "float16", batch=16)
FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]
FETCHING = 0.3  # of the progress bar, where weights have to be fetched first
BEAM = 5  # hypotheses; the default of Whisper
SEED = 1  # of the second chances, which are drawn by lot: the same recording gets the same words
FRAMES = 100  # a second; in these the batch says where a clip begins
# Beyond these Whisper's authors take a window for gone wrong (Radford et al. 2022, section 4.5).
REPETITIVE = 2.4  # size of the text over its size when compressed
UNSURE = -1.0  # mean log probability of a token

_failed: set[Place] = set()  # in this process, so that a card whose libraries are missing is tried once

Samples = npt.NDArray[np.float32]


def why_not(model: str = "small") -> str | None:
    """One line why this engine cannot run here with `model`, None when it can. Imports no torch."""
    if importlib.util.find_spec("faster_whisper") is None:
        return "the package faster-whisper is not installed"
    if Path(model).is_dir():
        return None if (Path(model) / "model.bin").is_file() else f"there is no model.bin in {model}"
    if weights_here(model):
        return None
    return why_not_fetched(model, hub())


def used(model: str = "small") -> str:
    """What transcribe_speech computes with, once it has run: model, packages with their versions, where and in what."""
    place = _place()
    packages = f"faster-whisper {version('faster-whisper')} (CTranslate2 {version('ctranslate2')})"
    name = Path(model).name if Path(model).is_dir() else model
    return f"{name}, {packages}, {place.numbers} on {place.name}"


def transcribe_speech(
    recording: Recording,
    regions: Sequence[Span],
    model: str = "small",
    language: str | None = None,
    progress: Progress | None = None,
    terms: Sequence[str] = (),
) -> Transcript:
    """Transcribe what is said in `regions`, all channels together; what lies in between is never handed over.

    `language` (ISO 639-1) is detected in the first seconds of speech where it is None; `progress` is told after
    each batch; `terms` are likely to be said, see audio.terms. Raises EngineError when the weights cannot be had or do
    not load, or CTranslate2 fails.
    """
    if not regions:
        return Transcript((), language)
    tell = progress or tell_nobody
    folder = weights_here(model)
    begin = 0.0 if folder else FETCHING
    whisper = _load(folder or fetch_weights(model, lambda share: tell(FETCHING * share)), model)
    mix = mixdown(recording)
    clips = list(cut_where_quiet(speech_clips(regions, recording.duration), mix))
    captions: list[Caption] = []
    try:
        for batch in _batches(clips, _place().batch):
            heard, language = _transcribe_batch(whisper, mix, batch, language, terms)
            captions += heard
            tell(begin + (1 - begin) * share_done(clips, batch[-1].end))
    except (RuntimeError, ValueError, MemoryError) as error:
        raise EngineError(f'faster-whisper failed with "{model}": {first_line(error)}.') from None
    return Transcript(tuple(sorted(captions, key=lambda c: (c.start, c.end))), language)


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


def _place() -> Place:
    """The card where there is one that has not failed, else the processor."""
    from ctranslate2 import get_cuda_device_count

    return CARD if CARD not in _failed and get_cuda_device_count() else PROCESSOR


def _load(folder: Path, model: str) -> WhisperModel:
    """The model in its place, ready to work; a card on which it does not is given up for the processor."""
    place = _place()
    try:
        return _ready(folder, place)
    except (RuntimeError, ValueError, OSError) as error:
        if place == PROCESSOR:
            raise EngineError(f'The weights "{model}" in {folder} do not load: {first_line(error)}.') from None
    _failed.add(place)
    return _load(folder, model)


def _ready(folder: Path, place: Place) -> WhisperModel:
    """Raises RuntimeError or ValueError where the model cannot work, missing libraries of CUDA among the reasons."""
    from ctranslate2 import set_random_seed
    from faster_whisper import WhisperModel

    set_random_seed(SEED)
    whisper = WhisperModel(str(folder), device=place.device, compute_type=place.numbers, local_files_only=True)
    if place == CARD:  # its libraries are looked for at first use, not when it loads
        mels, frames = whisper.model.n_mels, whisper.feature_extractor.nb_max_frames
        whisper.encode(np.zeros((place.batch, mels, frames), np.float32))
    return whisper


def _batches(clips: Sequence[Span], size: int) -> Iterator[Sequence[Span]]:
    """Runs of clips; one call each keeps the features of an hour, 1 to 1.5 MB a clip, out of memory."""
    for first in range(0, len(clips), size):
        yield clips[first : first + size]


def _transcribe_batch(
    whisper: WhisperModel, mix: Samples, batch: Sequence[Span], language: str | None, terms: Sequence[str]
) -> tuple[list[Caption], str]:
    """What is said in the clips, and in which language."""
    from faster_whisper import BatchedInferencePipeline

    segments, info = BatchedInferencePipeline(whisper).transcribe(
        mix,
        language=language,
        beam_size=BEAM,
        word_timestamps=True,
        without_timestamps=True,  # with them Whisper may stop early, and in a batch nobody asks for what follows
        clip_timestamps=[{"start": clip.start, "end": clip.end} for clip in batch],
        batch_size=len(batch),
        hotwords=said_before(terms),  # before each clip of the batch
    )
    by_clip: dict[Span, list[Segment]] = {clip: [] for clip in batch}
    for segment in segments:
        by_clip[min(batch, key=lambda clip: abs(clip.start - segment.seek / FRAMES))].append(segment)
    captions: list[Caption] = []
    for clip, heard in by_clip.items():
        words = list(_words(heard))
        went_wrong = any(s.compression_ratio > REPETITIVE or s.avg_logprob < UNSURE for s in heard)
        if went_wrong or is_echo((word.text for word in words), terms):
            words = list(_words_alone(whisper, mix, clip, info.language))
        found = (caption_within(sentence, [clip]) for sentence in sentences(words))
        captions += [caption for caption in found if caption]
    return captions, info.language


def _words_alone(whisper: WhisperModel, mix: Samples, clip: Span, language: str) -> Iterator[Word]:
    """The words of one clip, which is tried at rising temperatures until the result looks right."""
    segments, _ = whisper.transcribe(
        samples_of(clip, mix),
        language=language,
        beam_size=BEAM,
        word_timestamps=True,
        condition_on_previous_text=False,  # a mistake repeats itself to the end of the clip otherwise
        compression_ratio_threshold=REPETITIVE,
        log_prob_threshold=UNSURE,
    )
    return _words(segments, clip.start)


def _words(segments: Iterable[Segment], offset: float = 0.0) -> Iterator[Word]:
    for segment in segments:
        for word in segment.words or ():
            start, end = float(word.start), float(max(word.start, word.end))
            yield Word(offset + start, offset + end, word.word.strip(), float(word.probability))
