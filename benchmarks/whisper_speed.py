"""Whisper by each engine on models of the same weights: times real time, the ratio, our own share, memory.

    python benchmarks/whisper_speed.py [--shape tiny] [--minutes 5] [--recording FILE] [--words 60]

Needs the extra `models`. One Whisper of random weights is written in the form of openai-whisper and in that of
CTranslate2. Its decoder is ruled by the position of a token, so it writes the same number of words about every
clip (--words), with all engines, and surely enough that none of them tries again. Each engine runs as it does
in `audio`, on one thread, in a process of its own that reports its peak memory. Seconds are the processor's, so
that other work on the machine counts less. The recording is repeated to --minutes.

What an accurate model would do with real talk, other threads or a CUDA card, this does not tell.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import soundfile

from audio import faster_whisper_transcript, whisper_transcript
from audio.channel_speakers import mixdown
from audio.conversation import Span, Transcript, Word
from audio.recording import SAMPLE_RATE, Recording, open_recording
from audio.separation import SpeakerRequest
from audio.speakers import separate_speakers
from audio.speech_clips import caption_within, cut_where_quiet, speech_clips
from audio.utterances import utterances
from audio.voice_activity import speech_regions

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data" / "evening.ogg"
SHAPES = {"tiny": (384, 6, 4), "base": (512, 8, 6), "small": (768, 12, 12)}  # width, heads, layers of each half
# With a second thread numba, in openai-whisper's word times, has torch wait busily from then on.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
LANGUAGE = "en"  # given, so that none is detected
VOCABULARY = 51_865  # tokens of the multilingual models up to large-v2
CHOICE = 200  # tokens that the model ever writes: words of letters, each of one token
NEVER = -60.0  # what the score of every other token is lifted by
PROMPT = 4  # tokens before the first word
DECIDED = 8.0  # standard deviation of the words' scores: the best of CHOICE then leaves the others far behind
CLOSING = 1400  # the time after the words, in steps of 0.02 s
LOUD = 4.0  # of the positions: they outweigh what the layers add to them
LANGUAGE_TOKENS = list(range(50_259, 50_358))

BATCHED = "faster-whisper, batched, int8"
PLAIN = "faster-whisper, clip by clip, int8"
OPENAI = "openai-whisper, float32"
OWN = ("decoding", "finding speech", "clips and words", "joining to speakers")  # what we do around Whisper

State = dict[str, "np.ndarray"]  # a checkpoint's arrays by name
Result = TypeVar("Result")


def write_checkpoint(path: Path, shape: str, words: int) -> None:
    """A Whisper of random weights that writes `words` words about whatever it hears, for openai-whisper."""
    import torch
    from whisper.model import ModelDimensions, Whisper
    from whisper.tokenizer import get_tokenizer

    width, heads, layers = SHAPES[shape]
    torch.manual_seed(7)
    model = Whisper(ModelDimensions(80, 1500, width, heads, layers, VOCABULARY, 448, width, heads, layers))
    tokenizer = get_tokenizer(multilingual=True)
    texts = {token: tokenizer.decode([token]) for token in range(tokenizer.eot)}
    spoken = [token for token, text in texts.items() if text[:1] == " " and text[1:].isalpha()]
    lift = torch.full((VOCABULARY,), NEVER)
    lift[[*spoken[:: len(spoken) // CHOICE], tokenizer.eot]] = 0.0
    lift[tokenizer.timestamp_begin :] = NEVER / 2  # only where Whisper's rules want one, and at the end
    scores = DECIDED * torch.randn(VOCABULARY, width) / width**0.5
    scores[:, 0] = lift
    decoder = model.decoder
    with torch.no_grad():
        torch.nn.init.normal_(decoder.positional_embedding, std=LOUD)
        # After the words one time, which says that nothing follows in this clip, and the end.
        closing = scores[tokenizer.timestamp_begin + CLOSING]
        decoder.positional_embedding[PROMPT + words] = LOUD * torch.sign(closing)
        decoder.positional_embedding[PROMPT + words + 1 :] = LOUD * torch.sign(scores[tokenizer.eot])
        # One neuron always fires the same: what hangs on it is a bias of the tokens.
        decoder.ln.weight[0], decoder.ln.bias[0] = 0.0, 1.0
        decoder.token_embedding.weight.copy_(scores)
    torch.save({"dims": asdict(model.dims), "model_state_dict": model.state_dict()}, path)


def write_converted(checkpoint: Path, folder: Path) -> None:
    """The same weights in CTranslate2's form, float32; it makes int8 of them when it loads them."""
    import torch
    from ctranslate2.specs import WhisperSpec

    saved = torch.load(checkpoint, weights_only=True)
    state = {name: value.numpy() for name, value in saved["model_state_dict"].items()}
    layers, heads = saved["dims"]["n_audio_layer"], saved["dims"]["n_audio_head"]
    spec = WhisperSpec(layers, heads, layers, heads)
    _fill_linear(spec.encoder.conv1, state, "encoder.conv1")
    _fill_linear(spec.encoder.conv2, state, "encoder.conv2")
    _fill_norm(spec.encoder.layer_norm, state, "encoder.ln_post")
    _fill_norm(spec.decoder.layer_norm, state, "decoder.ln")
    for half, name in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
        half.position_encodings.encodings = state[f"{name}.positional_embedding"]
        for number, layer in enumerate(half.layer):
            _fill_block(layer, state, f"{name}.blocks.{number}")
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = state["decoder.token_embedding.weight"]
    folder.mkdir()
    spec.register_vocabulary(write_tokenizer(folder))
    spec.config.alignment_heads = [(layer, head) for layer in range(layers // 2, layers) for head in range(heads)]
    spec.config.suppress_ids, spec.config.suppress_ids_begin, spec.config.lang_ids = [], [], LANGUAGE_TOKENS
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def _fill_block(layer: Any, state: State, block: str) -> None:
    _fill_linear(layer.self_attention.linear[0], state, *(f"{block}.attn.{part}" for part in ("query", "key", "value")))
    _fill_linear(layer.self_attention.linear[1], state, f"{block}.attn.out")
    _fill_norm(layer.self_attention.layer_norm, state, f"{block}.attn_ln")
    _fill_linear(layer.ffn.linear_0, state, f"{block}.mlp.0")
    _fill_linear(layer.ffn.linear_1, state, f"{block}.mlp.2")
    _fill_norm(layer.ffn.layer_norm, state, f"{block}.mlp_ln")
    if f"{block}.cross_attn.query.weight" not in state:
        return
    _fill_linear(layer.attention.linear[0], state, f"{block}.cross_attn.query")
    _fill_linear(layer.attention.linear[1], state, f"{block}.cross_attn.key", f"{block}.cross_attn.value")
    _fill_linear(layer.attention.linear[2], state, f"{block}.cross_attn.out")
    _fill_norm(layer.attention.layer_norm, state, f"{block}.cross_attn_ln")


def _fill_linear(part: Any, state: State, *names: str) -> None:
    """Several layers are put one below the other; those of keys have no bias."""
    weights = [state[f"{name}.weight"] for name in names]
    biases = [state.get(f"{name}.bias", np.zeros(len(state[f"{name}.weight"]), np.float32)) for name in names]
    part.weight, part.bias = np.concatenate(weights), np.concatenate(biases)


def _fill_norm(part: Any, state: State, name: str) -> None:
    part.gamma, part.beta = state[f"{name}.weight"], state[f"{name}.bias"]


def write_tokenizer(folder: Path) -> list[str]:
    """Whisper's tokens, in order. Written as byte-level BPE without merges: enough to read tokens, not to make them."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from whisper.tokenizer import get_tokenizer

    theirs = get_tokenizer(multilingual=True)
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]  # bytes that stand for themselves in GPT-2's BPE
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}
    pieces = [
        "".join(letters[byte] for byte in theirs.encoding.decode_single_token_bytes(token))
        for token in range(theirs.eot)
    ]
    special = [theirs.encoding.decode([token]) for token in range(theirs.eot, VOCABULARY)]
    tokenizer = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    begins = theirs.timestamp_begin - theirs.eot
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special[:begins]])
    tokenizer.add_tokens([AddedToken(token) for token in special[begins:]])
    tokenizer.save(str(folder / "tokenizer.json"))
    return pieces + special


def plain(recording: Recording, regions: Sequence[Span], model: str, language: str) -> Transcript:
    """What faster-whisper does clip by clip, in the numbers and with the clips of our engine."""
    from faster_whisper import WhisperModel

    clips = list(cut_where_quiet(speech_clips(regions, recording.duration), mixdown(recording)))
    whisper = WhisperModel(model, device="cpu", compute_type=faster_whisper_transcript.PROCESSOR.numbers)
    segments, _ = whisper.transcribe(
        mixdown(recording),
        language=language,
        beam_size=faster_whisper_transcript.BEAM,
        word_timestamps=True,
        clip_timestamps=[edge for clip in clips for edge in (clip.start, clip.end)],
        condition_on_previous_text=False,
    )
    said = [[Word(w.start, w.end, w.word.strip(), w.probability) for w in segment.words] for segment in segments]
    found = (caption_within(words, clips) for words in said)
    return Transcript(tuple(caption for caption in found if caption), language)


ENGINES = {
    BATCHED: faster_whisper_transcript.transcribe_speech,
    PLAIN: plain,
    OPENAI: whisper_transcript.transcribe_speech,
}


def measured(engine: str, recording_path: Path, model: str) -> dict[str, float]:
    """Processor seconds of each step around and in one engine, words heard, peak memory of this process in GB."""
    spent: dict[str, float] = {}
    recording = _timed(spent, "decoding", lambda: open_recording(recording_path))
    regions = _timed(spent, "finding speech", lambda: speech_regions(mixdown(recording)))
    _count_inner(spent)
    transcript = _timed(spent, "whole", lambda: ENGINES[engine](recording, regions, model, LANGUAGE))
    spent["clips and words"] = spent.pop("whole") - spent["loading"] - spent["transcribing"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    turns = separate_speakers(recording, regions, SpeakerRequest(2), engine="built-in").turns
    _timed(spent, "joining to speakers", lambda: utterances(transcript, turns))
    clips = list(cut_where_quiet(speech_clips(regions, recording.duration), mixdown(recording)))
    words = sum(len(caption.words) for caption in transcript.captions)
    sent = sum(clip.duration for clip in clips)
    return spent | {"recording": recording.duration, "peak": peak, "words": words, "clips": len(clips), "sent": sent}


def _timed(spent: dict[str, float], step: str, work: Callable[[], Result]) -> Result:
    began = time.process_time()
    result = work()
    spent[step] = spent.get(step, 0.0) + time.process_time() - began
    return result


def _count_inner(spent: dict[str, float]) -> None:
    """Have the packages' own loading and transcribing counted into `spent`."""
    import faster_whisper
    import whisper

    spent["loading"] = spent["transcribing"] = 0.0
    load, initialise, hear = whisper.load_model, faster_whisper.WhisperModel.__init__, whisper.Whisper.transcribe
    counted = {
        faster_whisper.BatchedInferencePipeline: faster_whisper.BatchedInferencePipeline.transcribe,
        faster_whisper.WhisperModel: faster_whisper.WhisperModel.transcribe,
    }

    def exhausted(transcribe: Callable[..., Any], *asked: Any, **options: Any) -> Any:
        """Both are lazy: the work is done while the segments are taken."""
        segments, info = transcribe(*asked, **options)
        return iter(list(segments)), info

    for owner, transcribe in counted.items():
        owner.transcribe = lambda *a, f=transcribe, **k: _timed(spent, "transcribing", lambda: exhausted(f, *a, **k))
    whisper.Whisper.transcribe = lambda *a, **k: _timed(spent, "transcribing", lambda: hear(*a, **k))
    whisper.load_model = lambda *a, **k: _timed(spent, "loading", lambda: load(*a, **k))
    faster_whisper.WhisperModel.__init__ = lambda *a, **k: _timed(spent, "loading", lambda: initialise(*a, **k))


def lengthened(recording: Path, minutes: float, path: Path) -> None:
    """The recording over and over, `minutes` long."""
    samples = open_recording(recording).samples[0]
    soundfile.write(path, np.resize(samples, round(minutes * 60 * SAMPLE_RATE)), SAMPLE_RATE)


def in_a_process_of_its_own(engine: str, recording: Path, model: Path) -> dict[str, float]:
    """What `measured` says there."""
    command = [sys.executable, __file__, "--engine", engine, "--recording", str(recording), "--model", str(model)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def report(found: dict[str, dict[str, float]]) -> None:
    """Print the table."""
    some = found[BATCHED]
    print(f"{some['recording']:.0f} s of recording, {some['sent']:.0f} s of it sent in {some['clips']:.0f} clips")
    for engine, figures in found.items():
        spent, ratio = figures["transcribing"], figures["transcribing"] / some["transcribing"]
        print(
            f"{engine:40s} {spent:7.2f} s {figures['recording'] / spent:6.1f}x real time, {ratio:5.2f} times batched;"
            f" {figures['words']:.0f} words, peak {figures['peak']:.2f} GB"
        )
    for engine in (BATCHED, OPENAI):
        shares = {step: found[engine][step] / found[engine]["transcribing"] for step in OWN}
        parts = ", ".join(f"{step} {share:.2%}" for step, share in shares.items())
        print(f"our own share around {engine}: {sum(shares.values()):.1%} ({parts})")


def main() -> None:
    """Parse the arguments, write the models, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, default=SAMPLE)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--shape", choices=SHAPES, default="tiny")
    parser.add_argument("--words", type=int, default=60, help="that the model writes about a clip")
    parser.add_argument("--engine", choices=ENGINES, help="measure this one alone, with --model, and print JSON")
    parser.add_argument("--model", help="of --engine: a .pt file or a folder")
    args = parser.parse_args()
    if args.engine:
        print(json.dumps(measured(args.engine, args.recording, args.model)))
        return
    with tempfile.TemporaryDirectory() as folder:
        recording, checkpoint, converted = (Path(folder, name) for name in ("long.flac", "random.pt", "random"))
        lengthened(args.recording, args.minutes, recording)
        write_checkpoint(checkpoint, args.shape, args.words)
        write_converted(checkpoint, converted)
        models = {BATCHED: converted, PLAIN: converted, OPENAI: checkpoint}
        report({engine: in_a_process_of_its_own(engine, recording, model) for engine, model in models.items()})


if __name__ == "__main__":
    main()
