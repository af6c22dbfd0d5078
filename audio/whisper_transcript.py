"""Words from Whisper by way of its authors' own package (openai-whisper): torch, on the processor or a CUDA card.

In: a Recording, the regions where there is speech (seconds), the size of a model or the path of a .pt file.
Out: a Transcript with the time and probability of every word. Weights: see whisper_weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from audio.channel_speakers import mixdown
from audio.conversation import Caption, Span, Transcript, Word
from audio.errors import EngineError, first_line
from audio.progress import Progress, tell_nobody
from audio.recording import SAMPLE_RATE, Recording
from audio.speech_clips import WINDOW, caption_within, cut_where_quiet, samples_of, share_done, speech_clips
from audio.terms import is_echo, said_before
from audio.whisper_weights import SUFFIX, fetch_weights, package, weights_here, why_missing

if TYPE_CHECKING:
    from whisper import Whisper

FETCHING = 0.3  # of the progress bar, where weights have to be fetched first
BEAM = 5  # hypotheses; the default of Whisper's command
NUMBERS = {"cpu": "float32", "cuda": "float16"}  # by device; float16 is slower, or unknown, on a processor
NAMES = {"cpu": "the processor", "cuda": "a CUDA card"}  # as a person reads them
ENGLISH = "en"  # what models that know one language know
# What loading may raise where the file is cut short, or something else than a checkpoint.
NOT_WEIGHTS = (RuntimeError, OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, UnpicklingError)
NO_MEMORY = ("out of memory", "can't allocate memory")  # how torch says so, on a card and on the processor

Samples = npt.NDArray[np.float32]


def why_not(model: str = "small") -> str | None:
    """One line why this engine cannot run here with `model`, None when it can. Imports no torch."""
    try:
        distribution("openai-whisper")  # a module "whisper" alone may be something else
    except PackageNotFoundError:
        return "the package openai-whisper is not installed"
    return why_missing(model)


def used(model: str = "small") -> str:
    """What transcribe_speech computes with: model, packages with their versions, where and in what. Imports torch."""
    device = _device()
    packages = f"openai-whisper {version('openai-whisper')} (torch {version('torch')})"
    name = Path(model).stem if model.endswith(SUFFIX) else model
    return f"{name}, {packages}, {NUMBERS[device]} on {NAMES[device]}"


def transcribe_speech(
    recording: Recording,
    regions: Sequence[Span],
    model: str = "small",
    language: str | None = None,
    progress: Progress | None = None,
    terms: Sequence[str] = (),
) -> Transcript:
    """Transcribe what is said in `regions`, all channels together; what lies in between is never handed over.

    `language` (ISO 639-1) is detected in the first WINDOW seconds of speech where it is None; `progress` is told
    after each clip; `terms` are likely to be said, see audio.terms. Raises EngineError when the weights cannot be had
    or do not load, or memory is short.
    """
    if not regions:
        return Transcript((), language)
    tell = progress or tell_nobody
    weights = weights_here(model)
    begin = 0.0 if weights else FETCHING
    whisper = _load(weights or fetch_weights(model, lambda share: tell(FETCHING * share)))
    mix = mixdown(recording)
    clips = list(cut_where_quiet(speech_clips(regions, recording.duration), mix))
    captions: list[Caption] = []
    try:
        spoken = _language(whisper, _opening(mix, clips), language)
        for clip in clips:
            captions += _captions(whisper, samples_of(clip, mix), clip, spoken, terms)
            tell(begin + (1 - begin) * share_done(clips, clip.end))
    except (RuntimeError, ValueError, MemoryError) as error:
        raise _failure(error, model) from None
    return Transcript(tuple(sorted(captions, key=lambda c: (c.start, c.end))), spoken)


def _device() -> str:
    """The graphics card where there is one of CUDA, else the processor.

    Apple's MPS is left out: Whisper finds word times in float64, which MPS does not know.
    """
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _load(weights: Path) -> Whisper:
    whisper = package()
    try:
        model = whisper.load_model(str(weights), device=_device())
    except (MemoryError, *NOT_WEIGHTS) as error:
        if _is_short_of_memory(error):
            raise _failure(error, weights.stem) from None
        raise EngineError(f"{weights} does not load: it is damaged, or no checkpoint of openai-whisper.") from None
    _align(model, whisper._ALIGNMENT_HEADS.get(weights.stem))
    return model


def _align(model: Whisper, heads: bytes | None) -> None:
    """Take word times from the attention heads that the authors found best: a file loaded by path lacks them."""
    if heads is None:
        return
    try:
        model.set_alignment_heads(heads)
    except RuntimeError:
        return  # another model under a known name: it keeps Whisper's default, the later half of all heads


def _language(whisper: Whisper, opening: Samples, language: str | None) -> str:
    """The language to transcribe in: the model's only one, the one given, or the likeliest of the opening."""
    if not whisper.is_multilingual:
        return ENGLISH
    if language:
        return language
    from whisper import log_mel_spectrogram, pad_or_trim

    heard = log_mel_spectrogram(pad_or_trim(opening), whisper.dims.n_mels)
    likelihood: Mapping[str, float] = whisper.detect_language(heard.to(whisper.device))[1]
    return max(likelihood, key=likelihood.__getitem__)


def _captions(whisper: Whisper, samples: Samples, clip: Span, language: str, terms: Sequence[str]) -> Iterator[Caption]:
    """What is said in a clip, sentence by sentence; an echo of the terms is heard again without them."""
    segments = _segments(whisper, samples, clip, language, said_before(terms))
    if is_echo((word.text for words in segments for word in words), terms):
        segments = _segments(whisper, samples, clip, language, None)
    for words in segments:
        if caption := caption_within(words, [clip]):
            yield caption


def _segments(whisper: Whisper, samples: Samples, clip: Span, language: str, before: str | None) -> list[list[Word]]:
    heard = whisper.transcribe(
        samples,
        language=language,
        beam_size=BEAM,
        word_timestamps=True,
        condition_on_previous_text=False,  # a mistake repeats itself to the end of the hour otherwise
        initial_prompt=before,  # counts for the first window, and a clip is no longer than one
        fp16=NUMBERS[whisper.device.type] == "float16",
    )
    return [[_word(word, clip.start) for word in segment["words"]] for segment in heard["segments"]]


def _word(word: Mapping[str, Any], offset: float) -> Word:
    start, end = float(word["start"]), float(word["end"])
    return Word(offset + start, offset + max(start, end), word["word"].strip(), float(word["probability"]))


def _opening(mix: Samples, clips: Sequence[Span]) -> Samples:
    """The first WINDOW seconds of speech, or a clip more, without the silences between clips."""
    opening = np.zeros(0, np.float32)
    for clip in clips:
        if len(opening) >= WINDOW * SAMPLE_RATE:
            break
        opening = np.concatenate([opening, samples_of(clip, mix)])
    return opening


def _failure(error: Exception, model: str) -> EngineError:
    if _is_short_of_memory(error):
        return EngineError(f'Memory is too short for Whisper "{model}": choose a smaller model.')
    return EngineError(f'openai-whisper failed with "{model}": {first_line(error)}.')


def _is_short_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(sign in str(error) for sign in NO_MEMORY)
