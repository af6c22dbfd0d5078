"""The engine runs on a Whisper of random weights: it loads and times like a real one, and says nonsense."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio import faster_whisper_transcript as engine
from audio import model_weights
from audio.conversation import Span
from audio.errors import EngineError
from audio.recording import Recording

SPECIAL = ["endoftext", "startoftranscript", "en", "translate", "transcribe"]
SPECIAL += ["startoflm", "startofprev", "nospeech", "notimestamps"]
SPELLING = "abcdefghijklmnopqrstuvwxyzĠ"  # the last is byte-level BPE's space
WIDTH = 64


def write_tiny_whisper(folder: Path) -> Path:
    """An English-only Whisper of one layer with letters as tokens, in CTranslate2's form."""
    from ctranslate2.specs import WhisperSpec
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = [f"<|{name}|>" for name in SPECIAL]
    times = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    tokenizer.add_tokens([AddedToken(token) for token in times])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))

    spec = WhisperSpec(1, 2, 1, 2)
    encoder, decoder = spec.encoder, spec.decoder
    tokens = letters + special + times
    rng = np.random.default_rng(0)

    def fill(layer: Any, *shape: int) -> None:
        layer.weight = rng.normal(0, 0.3, shape).astype(np.float32)
        layer.bias = np.zeros(shape[0], np.float32)

    fill(encoder.conv1, WIDTH, 80, 3)
    fill(encoder.conv2, WIDTH, WIDTH, 3)
    encoder.position_encodings.encodings = rng.normal(0, 0.3, (1500, WIDTH)).astype(np.float32)
    decoder.position_encodings.encodings = rng.normal(0, 0.3, (448, WIDTH)).astype(np.float32)
    decoder.embeddings.weight = rng.normal(0, 0.3, (len(tokens), WIDTH)).astype(np.float32)
    fill(decoder.projection, len(tokens), WIDTH)
    unsaid = [not (token in SPELLING or token in times) for token in tokens]
    decoder.projection.bias[unsaid] = -100.0  # only small letters, spaces and times are ever said
    own = [(layer.self_attention, (3, 1)) for layer in (*encoder.layer, *decoder.layer)]
    for attention, parts in [*own, (decoder.layer[0].attention, (1, 2, 1))]:
        for linear, part in zip(attention.linear, parts, strict=True):
            fill(linear, part * WIDTH, WIDTH)
    for layer in (*encoder.layer, *decoder.layer):
        fill(layer.ffn.linear_0, 4 * WIDTH, WIDTH)
        fill(layer.ffn.linear_1, WIDTH, 4 * WIDTH)
    layers = (*encoder.layer, *decoder.layer)
    norms = [encoder.layer_norm, decoder.layer_norm, decoder.layer[0].attention.layer_norm]
    for norm in [*norms, *(part.layer_norm for x in layers for part in (x.self_attention, x.ffn))]:
        norm.gamma, norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    spec.config.alignment_heads = [(0, 0)]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    return folder


def noise(seconds: float, channels: int = 1) -> Recording:
    samples = np.random.default_rng(1).normal(0, 0.1, (channels, int(seconds * 16_000)))
    return Recording(Path("noise.wav"), samples.astype(np.float32), "noise")


class FakeWhisper:
    """Stands in for WhisperModel: remembers what it was asked, answers with the segments it was given."""

    def __init__(self, *segments: SimpleNamespace) -> None:
        self.segments = segments
        self.audio = np.zeros(0, np.float32)
        self.options: dict[str, Any] = {}

    def transcribe(self, audio: Any, **options: Any) -> tuple[Any, SimpleNamespace]:
        self.audio, self.options = audio, options
        return iter(self.segments), SimpleNamespace(language=options["language"] or "nl")


def segment(*words: tuple[float, float, str]) -> SimpleNamespace:
    said = [SimpleNamespace(start=s, end=e, word=f" {w}", probability=0.5) for s, e, w in words]
    return SimpleNamespace(words=said, start=words[0][0], end=words[-1][1])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeWhisper:
    whisper = FakeWhisper()
    (tmp_path / "model.bin").touch()
    monkeypatch.setattr(engine, "_load", lambda folder, model: whisper)
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path.parent))
    monkeypatch.setattr(engine, "weights_here", lambda model: tmp_path)
    return whisper


@pytest.fixture
def no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path / "empty"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def test_a_real_model_of_random_weights_loads_and_its_words_lie_in_the_speech(tmp_path: Path) -> None:
    folder = write_tiny_whisper(tmp_path / "tiny")
    assert engine.why_not(str(folder)) is None
    told: list[float] = []
    transcript = engine.transcribe_speech(
        noise(9), [Span(2.0, 5.0)], str(folder), progress=lambda share: told.append(share)
    )
    words = [word for caption in transcript.captions for word in caption.words]
    assert transcript.language == "en"
    assert words
    assert all(1.8 <= word.start <= word.end <= 5.2 for word in words)
    assert all(0.0 <= (word.probability or 0.0) <= 1.0 for word in words)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_whisper_hears_all_channels_and_only_where_there_is_speech(fake: FakeWhisper) -> None:
    regions = [Span(0.1, 2.0), Span(3.0, 4.0), Span(9.0, 10.0)]
    engine.transcribe_speech(noise(10, channels=2), regions)
    assert fake.audio.shape == (160_000,)
    assert fake.audio.dtype == np.float32
    assert fake.options["clip_timestamps"] == pytest.approx([0.0, 4.2, 8.8, 10.0])
    assert fake.options["word_timestamps"]


def test_without_speech_whisper_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_load", lambda *_: pytest.fail("loaded for nothing"))
    assert engine.transcribe_speech(noise(10), []).captions == ()


def test_words_invented_in_silence_are_dropped_and_long_ones_cut(fake: FakeWhisper) -> None:
    fake.segments = (
        segment((0.5, 2.6, "Oh"), (2.6, 3.0, "well.")),
        segment((6.0, 6.5, "Thanks"), (6.5, 7.0, "for"), (7.0, 7.5, "watching!")),
    )
    (caption,) = engine.transcribe_speech(noise(10), [Span(2.2, 3.2), Span(8.5, 9.0)]).captions
    assert [(w.start, w.end, w.text) for w in caption.words] == [(2.0, 2.6, "Oh"), (2.6, 3.0, "well.")]
    assert (caption.start, caption.end) == (2.0, 3.0)
    assert caption.words[0].probability == 0.5


def test_the_language_is_detected_unless_it_is_given(fake: FakeWhisper) -> None:
    assert engine.transcribe_speech(noise(10), [Span(1, 2)]).language == "nl"
    assert engine.transcribe_speech(noise(10), [Span(1, 2)], language="de").language == "de"


def test_weights_are_found_in_the_folder_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path))
    assert engine.weights_here("small") is None
    (tmp_path / "faster-whisper-small").mkdir()
    (tmp_path / "faster-whisper-small" / "model.bin").touch()
    assert engine.weights_here("small") == tmp_path / "faster-whisper-small"
    assert engine.why_not("small") is None


def test_weights_are_found_in_the_hub_s_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path))
    kept = tmp_path / "models--Systran--faster-whisper-small"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc")
    (kept / "snapshots" / "abc").mkdir(parents=True)
    (kept / "snapshots" / "abc" / "model.bin").touch()
    assert engine.weights_here("small") == kept / "snapshots" / "abc"


def test_without_weights_and_without_the_hub_it_says_so_at_once(
    monkeypatch: pytest.MonkeyPatch, no_weights: None
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(EngineError, match='weights "small" are not on this machine') as error:
        engine.transcribe_speech(noise(10), [Span(1, 2)])
    assert "127.0.0.1:9 cannot be reached" in str(error.value)


def test_a_hub_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, no_weights: None) -> None:
    monkeypatch.setattr(model_weights, "KNOCK", -0.9)  # seconds; the wait is one more
    answered = threading.Event()  # never
    monkeypatch.setattr(model_weights, "_knock", lambda address: answered.wait())
    assert "cannot be reached" in (engine.why_not("small") or "")


def test_offline_by_wish_is_respected(monkeypatch: pytest.MonkeyPatch, no_weights: None) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "HF_HUB_OFFLINE" in (engine.why_not("small") or "")


def test_weights_are_fetched_with_progress_where_the_hub_answers(
    monkeypatch: pytest.MonkeyPatch, no_weights: None, tmp_path: Path
) -> None:
    def snapshot(repository: str, **options: Any) -> str:
        assert repository == "Systran/faster-whisper-small"
        bar = options["tqdm_class"](total=100, unit="B", unit_scale=True)
        bar.update(50)
        bar.update(50)
        return str(tmp_path)

    monkeypatch.setattr(model_weights, "host_answers", lambda address: True)
    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    monkeypatch.setattr(engine, "_load", lambda *_: FakeWhisper(segment((1.0, 2.0, "word"))))
    told: list[float] = []
    engine.transcribe_speech(noise(10), [Span(1, 2)], progress=told.append)
    assert told[:2] == pytest.approx([0.15, 0.3])
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_download_that_breaks_is_one_sentence(monkeypatch: pytest.MonkeyPatch, no_weights: None) -> None:
    def breaks(*_: Any, **__: Any) -> str:
        raise OSError("the line broke\nand much more")

    monkeypatch.setattr(model_weights, "host_answers", lambda address: True)
    monkeypatch.setattr("huggingface_hub.snapshot_download", breaks)
    with pytest.raises(EngineError, match=r"could not be fetched from .*: the line broke\.$"):
        engine.transcribe_speech(noise(10), [Span(1, 2)])


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    assert "no model.bin" in (engine.why_not(str(tmp_path)) or "")
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(EngineError, match="do not load"):
        engine.transcribe_speech(noise(10), [Span(1, 2)], str(tmp_path))


def test_asking_whether_it_can_run_imports_no_torch(no_weights: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    engine.why_not("small")
    assert "torch" not in sys.modules
