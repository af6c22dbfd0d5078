"""The engine runs on a Whisper of random weights: it loads and times like a real one, and says nonsense."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio import faster_whisper_transcript as engine
from audio import model_weights
from audio.conversation import Span, Transcript, Word
from audio.errors import EngineError
from audio.progress import Progress
from audio.recording import Recording

SPECIAL = ["endoftext", "startoftranscript", "en", "translate", "transcribe"]
SPECIAL += ["startoflm", "startofprev", "nospeech", "notimestamps"]
SMALL = "abcdefghijklmnopqrstuvwxyz"
FIRST = [f"Ġ{letter}" for letter in SMALL]  # of a word: Ġ is byte-level BPE's space, which is never said alone
WIDTH = 64
DECIDED = 3.0  # so that one letter is mostly far likelier than all others, as it is with real weights


def write_tiny_whisper(folder: Path) -> Path:
    """An English-only Whisper of one layer with letters as tokens, in CTranslate2's form."""
    from ctranslate2.specs import WhisperSpec
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet()) + FIRST
    special = [f"<|{name}|>" for name in SPECIAL]
    times = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    merges = [("Ġ", letter) for letter in SMALL]
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(letters)}, merges=merges))
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
    decoder.projection.weight *= DECIDED
    unsaid = [not (token in SMALL or token in FIRST) for token in tokens]
    decoder.projection.bias[unsaid] = -100.0  # only small letters are ever said, then the end,
    decoder.projection.bias[-len(times) :] = -50.0  # and times where Whisper's rules want one
    decoder.projection.bias[tokens.index("<|endoftext|>")] = 0.0
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
    """Stands in for WhisperModel and its batches: remembers what it was asked, answers with what it was given."""

    def __init__(self, *segments: SimpleNamespace, second: tuple[SimpleNamespace, ...] = ()) -> None:
        self.segments = segments
        self.second = second
        self.audio = np.zeros(0, np.float32)
        self.batches: list[dict[str, Any]] = []
        self.alone: list[Any] = []
        self.options_alone: dict[str, Any] = {}

    def transcribe_batch(self, audio: Any, **options: Any) -> tuple[Any, SimpleNamespace]:
        self.audio = audio
        self.batches.append(options)
        begins = [int(clip["start"] * 100) for clip in options["clip_timestamps"]]
        heard = [segment for segment in self.segments if segment.seek in begins]
        return iter(heard), SimpleNamespace(language=options["language"] or "nl")

    def transcribe(self, audio: Any, **options: Any) -> tuple[Any, SimpleNamespace]:
        self.alone.append(audio)
        self.options_alone = options
        return iter(self.second), SimpleNamespace(language=options["language"])


def segment(*words: tuple[float, float, str], clip: float, squeezed: float = 1.5, sure: float = -0.3) -> Any:
    said = [SimpleNamespace(start=s, end=e, word=f" {w}", probability=0.5) for s, e, w in words]
    return SimpleNamespace(words=said, seek=int(clip * 100), compression_ratio=squeezed, avg_logprob=sure)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "faster_whisper.BatchedInferencePipeline",
        lambda whisper: SimpleNamespace(transcribe=whisper.transcribe_batch),
    )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, batches: None) -> FakeWhisper:
    whisper = FakeWhisper()
    monkeypatch.setattr(engine, "_load", lambda folder, model: whisper)
    monkeypatch.setattr(engine, "weights_here", lambda model: tmp_path)
    return whisper


@pytest.fixture
def in_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clips make a batch."""
    monkeypatch.setattr(engine, "PROCESSOR", replace(engine.PROCESSOR, batch=2))


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, str]]:
    """CTranslate2 sees a card, but a library of CUDA is not found; where models were loaded is written down."""
    loaded: list[tuple[str, str]] = []

    class Loaded(FakeWhisper):
        model = SimpleNamespace(n_mels=80)
        feature_extractor = SimpleNamespace(nb_max_frames=3000)

        def __init__(self, folder: str, device: str, compute_type: str, local_files_only: bool) -> None:
            super().__init__(segment((1.0, 1.5, "well"), clip=0.8))
            loaded.append((device, compute_type))

        def encode(self, features: Any) -> None:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr("faster_whisper.WhisperModel", Loaded)
    monkeypatch.setattr(engine, "_failed", set())
    monkeypatch.setattr(engine, "weights_here", lambda model: tmp_path)
    return loaded


@pytest.fixture
def no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path / "empty"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_whisper(tmp_path_factory.mktemp("whisper") / "tiny"))


def words_of(transcript: Transcript) -> list[Word]:
    return [word for caption in transcript.captions for word in caption.words]


def test_a_real_model_of_random_weights_loads_and_its_words_lie_in_the_speech(tiny: str, in_pairs: None) -> None:
    assert engine.why_not(tiny) is None
    told: list[float] = []
    regions = [Span(2.0, 5.0), Span(9.0, 10.0), Span(15.0, 16.0)]
    transcript = engine.transcribe_speech(noise(20), regions, tiny, progress=told.append)
    words = words_of(transcript)
    assert transcript.language == "en"
    for clip in [Span(1.8, 5.2), Span(8.8, 10.2), Span(14.8, 16.2)]:
        inside = [word for word in words if clip.start <= word.start <= word.end <= clip.end]
        assert inside
        words = [word for word in words if word not in inside]
    assert words == []
    assert told == pytest.approx([4.8 / 6.2, 1.0])  # after each pair of clips


def test_probabilities_are_probabilities(tiny: str) -> None:
    words = words_of(engine.transcribe_speech(noise(5), [Span(1.0, 4.0)], tiny))
    assert all(word.probability is not None and 0.0 <= word.probability <= 1.0 for word in words)


def test_of_talk_without_a_pause_nothing_is_lost_behind_the_first_half_minute(tiny: str) -> None:
    words = words_of(engine.transcribe_speech(noise(70), [Span(0.0, 70.0)], tiny))
    assert any(word.start < 20.0 for word in words)
    assert any(word.start > 40.0 for word in words)
    assert words[-1].end <= 70.0


def test_a_clip_that_went_wrong_gets_the_same_words_every_time(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "UNSURE", 0.0)  # nothing is ever surer: all go wrong at every temperature
    first, second = (engine.transcribe_speech(noise(3), [Span(0.5, 2.5)], tiny) for _ in range(2))
    assert first.captions
    assert first == second


def test_whisper_hears_all_channels_and_only_where_there_is_speech(fake: FakeWhisper) -> None:
    regions = [Span(0.1, 2.0), Span(3.0, 4.0), Span(9.0, 10.0)]
    engine.transcribe_speech(noise(10, channels=2), regions)
    (options,) = fake.batches
    assert fake.audio.shape == (160_000,)
    assert fake.audio.dtype == np.float32
    assert [(clip["start"], clip["end"]) for clip in options["clip_timestamps"]] == [(0.0, 4.2), (8.8, 10.0)]
    assert options["word_timestamps"]


def test_no_clip_is_longer_than_whisper_hears_at_once(fake: FakeWhisper, in_pairs: None) -> None:
    engine.transcribe_speech(noise(100), [Span(0.0, 100.0)])
    clips = [clip for options in fake.batches for clip in options["clip_timestamps"]]
    assert [options["batch_size"] for options in fake.batches] == [2] * (len(clips) // 2) + [1] * (len(clips) % 2)
    assert all(clip["end"] - clip["start"] <= 30.0 for clip in clips)
    assert (clips[0]["start"], clips[-1]["end"]) == (0.0, 100.0)


def test_without_speech_whisper_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_load", lambda *_: pytest.fail("loaded for nothing"))
    assert engine.transcribe_speech(noise(10), []).captions == ()


def test_words_outside_their_clip_are_dropped_and_those_that_reach_out_are_cut(fake: FakeWhisper) -> None:
    fake.segments = (
        segment((1.5, 2.6, "Oh"), (2.6, 3.0, "well."), (6.0, 6.5, "Thanks"), (6.5, 7.0, "again!"), clip=2.0),
    )
    (caption,) = engine.transcribe_speech(noise(10), [Span(2.2, 3.2), Span(8.5, 9.0)]).captions
    assert [(w.start, w.end, w.text) for w in caption.words] == [(2.0, 2.6, "Oh"), (2.6, 3.0, "well.")]
    assert (caption.start, caption.end) == (2.0, 3.0)
    assert caption.words[0].probability == 0.5


def test_the_sentences_of_a_clip_become_captions_of_their_own(fake: FakeWhisper) -> None:
    fake.segments = (segment((1.0, 1.4, "No."), (1.5, 2.0, "Why"), (2.0, 2.3, "not?"), (3.1, 3.4, "So"), clip=0.8),)
    captions = engine.transcribe_speech(noise(10), [Span(1.0, 4.0)]).captions
    assert [[word.text for word in caption.words] for caption in captions] == [["No."], ["Why", "not?"], ["So"]]


@pytest.mark.parametrize("sign", [{"squeezed": 2.5}, {"sure": -1.1}])
def test_a_clip_that_went_wrong_is_heard_again_alone(fake: FakeWhisper, sign: dict[str, float]) -> None:
    fake.segments = (
        segment((1.0, 1.5, "Fine."), clip=0.8),
        segment((6.0, 6.5, "no"), (6.5, 7.0, "no"), clip=5.8, **sign),
    )
    fake.second = (segment((0.5, 1.0, "Never."), clip=0.0),)
    recording = noise(10)
    captions = engine.transcribe_speech(recording, [Span(1.0, 2.0), Span(6.0, 7.5)]).captions
    assert [[(w.start, w.text) for w in c.words] for c in captions] == [[(1.0, "Fine.")], [(6.3, "Never.")]]
    (again,) = fake.alone
    np.testing.assert_array_equal(again, recording.samples[0, round(5.8 * 16_000) : round(7.7 * 16_000)])


def test_whisper_is_told_of_names_before_each_clip(fake: FakeWhisper, in_pairs: None) -> None:
    regions = [Span(10.0 * i, 10.0 * i + 1) for i in range(3)]
    engine.transcribe_speech(noise(60), regions, terms=("Anna", "Vojta"))
    engine.transcribe_speech(noise(60), regions)
    assert [options["hotwords"] for options in fake.batches] == ["Anna, Vojta", "Anna, Vojta", None, None]


def test_a_clip_that_echoes_the_names_is_heard_again_without_them(fake: FakeWhisper) -> None:
    fake.segments = (
        segment((1.0, 1.5, "Anna"), (1.5, 1.8, "left."), clip=0.8),
        segment((6.0, 6.5, "Anna,"), (6.5, 7.0, "Vojta."), clip=5.8),
    )
    fake.second = (segment((0.5, 1.0, "Hm."), clip=0.0),)
    regions = [Span(1.0, 2.0), Span(6.0, 7.5)]
    heard = engine.transcribe_speech(noise(10), regions, terms=("Anna", "Vojta"))
    assert [word.text for word in words_of(heard)] == ["Anna", "left.", "Hm."]
    assert len(fake.alone) == 1
    assert "hotwords" not in fake.options_alone


def test_a_real_model_hears_otherwise_with_names_and_copes_with_any_number_of_them(tiny: str) -> None:
    regions = [Span(0.5, 4.5)]
    without = engine.transcribe_speech(noise(5), regions, tiny)
    for terms in [("anna", "vojta"), tuple(f"name{number}" for number in range(500))]:
        heard = engine.transcribe_speech(noise(5), regions, tiny, terms=terms)
        assert words_of(heard)
        assert heard != without


def test_the_language_is_detected_once_unless_it_is_given(fake: FakeWhisper, in_pairs: None) -> None:
    regions = [Span(10.0 * i, 10.0 * i + 1) for i in range(5)]
    assert engine.transcribe_speech(noise(60), regions).language == "nl"
    assert [options["language"] for options in fake.batches] == [None, "nl", "nl"]
    assert engine.transcribe_speech(noise(60), regions, language="de").language == "de"


def test_a_card_whose_libraries_are_missing_is_given_up_for_the_processor(
    card: list[tuple[str, str]], batches: None
) -> None:
    for _ in range(2):
        assert words_of(engine.transcribe_speech(noise(10), [Span(1, 2)]))
    assert card == [("cuda", "float16"), ("cpu", "int8"), ("cpu", "int8")]  # the card is tried once
    assert engine.used().endswith("int8 on the processor")


def test_a_card_that_works_computes_in_float16(
    card: list[tuple[str, str]], batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import faster_whisper

    monkeypatch.setattr(faster_whisper.WhisperModel, "encode", lambda self, features: None)
    engine.transcribe_speech(noise(10), [Span(1, 2)])
    assert card == [("cuda", "float16")]
    assert engine.used().endswith("float16 on a CUDA card")


def test_what_was_used_is_one_line_without_a_path(tiny: str) -> None:
    assert re.fullmatch(
        r"tiny, faster-whisper [\d.]+ \(CTranslate2 [\d.]+\), (int8 on the processor|float16 on a CUDA card)",
        engine.used(tiny),
    )


def test_a_failure_on_the_way_is_one_sentence(fake: FakeWhisper, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError("CUDA failed with error out of memory\nand more")

    monkeypatch.setattr(fake, "transcribe_batch", fails)
    with pytest.raises(EngineError, match=r'^faster-whisper failed with "small": CUDA .* out of memory\.$'):
        engine.transcribe_speech(noise(10), [Span(1, 2)])


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
    monkeypatch: pytest.MonkeyPatch, no_weights: None, batches: None, tmp_path: Path
) -> None:
    def fetch(repository: str, files: list[str], progress: Progress) -> Path:
        assert repository == "Systran/faster-whisper-small"
        progress(0.5)
        progress(1.0)
        return tmp_path

    monkeypatch.setattr(model_weights, "host_answers", lambda address: True)
    monkeypatch.setattr(engine, "fetch_repository", fetch)
    monkeypatch.setattr(engine, "_load", lambda *_: FakeWhisper(segment((1.0, 2.0, "word"), clip=0.8)))
    told: list[float] = []
    engine.transcribe_speech(noise(10), [Span(1, 2)], progress=told.append)
    assert told == pytest.approx([0.15, 0.3, 1.0])


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    assert "no model.bin" in (engine.why_not(str(tmp_path)) or "")
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(EngineError, match="do not load"):
        engine.transcribe_speech(noise(10), [Span(1, 2)], str(tmp_path))


def test_asking_whether_it_can_run_imports_no_torch(no_weights: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    engine.why_not("small")
    assert "torch" not in sys.modules
