"""The engine runs on a Whisper of random weights: it loads and times like a real one, and says nonsense."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

whisper = pytest.importorskip("whisper", reason="openai-whisper comes with the extra `models`")
torch = pytest.importorskip("torch", reason="torch comes with the extra `models`")

from audio import whisper_transcript as engine  # noqa: E402
from audio import whisper_weights  # noqa: E402
from audio.conversation import Span, Transcript, Word  # noqa: E402
from audio.errors import EngineError  # noqa: E402
from audio.recording import Recording  # noqa: E402
from audio.transcript import TranscriptRequest, transcribe  # noqa: E402

RATE = 16_000  # Hz
SPOKEN = [" I", " you", " we", " go", " to", " it", " so", " no"]  # short: long ones repeated make Whisper try again
LIKELY, POSSIBLE, NEVER = 10.0, 3.0, -30.0  # what a token's score is lifted by


def write_tiny_whisper(path: Path, layers: int = 2, heads: int = 2) -> Path:
    """A multilingual Whisper of few neurons that takes every language for Dutch and says eight words."""
    from whisper.model import ModelDimensions, Whisper
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(multilingual=True)
    shape = {"n_mels": 80, "n_audio_ctx": 1500, "n_vocab": 51865, "n_text_ctx": 16}
    size = {"state": 12 * heads, "head": heads, "layer": layers}
    parts = {f"n_{part}_{of}": number for part in ("audio", "text") for of, number in size.items()}
    parts["n_audio_layer"] = 1
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(5)
        tiny = Whisper(ModelDimensions(**shape, **parts))
        torch.nn.init.normal_(tiny.decoder.positional_embedding)
    lift = torch.full((51865,), NEVER)
    lift[[token for word in SPOKEN for token in tokenizer.encode(word)]] = LIKELY
    lift[tokenizer.eot] = LIKELY
    lift[tokenizer.timestamp_begin :] = POSSIBLE  # each; there are 1501 of them
    lift[tokenizer.to_language_token("nl")] = 0.0
    with torch.no_grad():
        # One neuron always fires the same: what hangs on it is a bias of the tokens.
        tiny.decoder.ln.weight[0], tiny.decoder.ln.bias[0] = 0.0, 1.0
        tiny.decoder.token_embedding.weight[:, 0] = lift
    torch.save({"dims": asdict(tiny.dims), "model_state_dict": tiny.state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_whisper(tmp_path_factory.mktemp("whisper") / "own.pt"))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Cut; every attempt to use it is written down."""
    attempts: list[object] = []

    def refuse(*asked: object, **_: object) -> NoReturn:
        attempts.append(asked)
        raise OSError("the network is cut")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


@pytest.fixture(autouse=True)
def nobody_uses_the_network(network: list[object]) -> Iterator[None]:
    yield
    assert network == []


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The models that were loaded."""
    models: list[Any] = []
    load = whisper.load_model

    def remembering(*asked: Any, **options: Any) -> Any:
        models.append(load(*asked, **options))
        return models[-1]

    monkeypatch.setattr(whisper, "load_model", remembering)
    return models


class FakeHearing:
    """Stands in for Whisper.transcribe: remembers what it was asked, and answers with the same words each time."""

    def __init__(self, *words: tuple[float, float, str]) -> None:
        said = [{"start": start, "end": end, "word": f" {word}", "probability": 0.5} for start, end, word in words]
        self.answer = {"segments": [{"words": said}], "language": "nl"}
        self.heard: list[Any] = []
        self.options: dict[str, Any] = {}
        self.told: list[str | None] = []

    def __call__(self, samples: Any, **options: Any) -> Any:
        self.heard.append(samples)
        self.options = options
        self.told.append(options["initial_prompt"])
        return self.answer


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> FakeHearing:
    fake = FakeHearing((0.5, 1.0, "rain"), (2.0, 6.0, "again"), (7.0, 8.0, "nowhere"))
    monkeypatch.setattr(whisper.model.Whisper, "transcribe", staticmethod(fake))
    return fake


def noise(seconds: float, channels: int = 1) -> Recording:
    samples = np.random.default_rng(1).normal(0, 0.1, (channels, int(seconds * RATE)))
    return Recording(Path("noise.wav"), samples.astype(np.float32), "noise")


def words(transcript: Transcript) -> list[Word]:
    return [word for caption in transcript.captions for word in caption.words]


def test_a_real_model_of_random_weights_loads_and_its_words_lie_in_the_speech(tiny: str) -> None:
    assert engine.why_not(tiny) is None
    told: list[float] = []
    found = transcribe(
        noise(12, channels=2),
        [Span(2.0, 5.0), Span(9.0, 10.0)],
        TranscriptRequest(model=tiny),
        engine="openai-whisper",
        progress=told.append,
    )
    said = words(found.transcript)
    assert found.transcript.language == "nl"  # detected
    assert {f" {word.text}" for word in said} <= set(SPOKEN)
    assert {1.8 <= word.start <= word.end <= 5.2 for word in said if word.start < 7} == {True}
    assert {8.8 <= word.start <= word.end <= 10.2 for word in said if word.start > 7} == {True}
    assert all(0.0 < (word.probability or 0.0) <= 1.0 for word in said)
    assert told == pytest.approx([3.4 / 4.8, 1.0])  # after each clip


def test_silence_is_never_sent_not_even_to_detect_the_language(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = noise(20).samples.copy()
    samples[0, 6 * RATE : 14 * RATE] = 99.0  # loud where nobody speaks
    heard: list[Any] = []
    transform = torch.stft  # everything that Whisper hears goes through it

    def remembering(sound: Any, *rest: Any, **options: Any) -> Any:
        heard.append(sound)
        return transform(sound, *rest, **options)

    monkeypatch.setattr(torch, "stft", remembering)
    loud = Recording(Path("loud.wav"), samples, "noise")
    engine.transcribe_speech(loud, [Span(3.0, 4.0), Span(15.0, 16.0)], tiny)
    assert len(heard) == 3
    assert all(float(sound.abs().max()) < 1.0 for sound in heard)


def test_all_channels_are_handed_over_in_memory_clip_by_clip(tiny: str, hearing: FakeHearing) -> None:
    recording = noise(100, channels=2)
    regions = [Span(0.1, 20.0), Span(20.5, 29.0), Span(29.5, 45.0), Span(80.0, 90.0)]
    engine.transcribe_speech(recording, regions, tiny)
    mix = recording.samples.mean(axis=0)
    for heard, (start, end) in zip(hearing.heard, [(0.0, 29.2), (29.3, 45.2), (79.8, 90.2)], strict=True):
        assert heard.dtype == np.float32
        np.testing.assert_allclose(heard, mix[round(start * RATE) : round(end * RATE)], atol=1e-6)
    assert hearing.options["word_timestamps"]
    assert hearing.options["fp16"] == torch.cuda.is_available()


def test_talk_without_a_pause_is_cut_into_clips_that_whisper_hears_at_once(tiny: str, hearing: FakeHearing) -> None:
    engine.transcribe_speech(noise(70), [Span(0.0, 70.0)], tiny)
    assert all(len(heard) <= 30 * RATE for heard in hearing.heard)
    assert sum(len(heard) for heard in hearing.heard) == 70 * RATE


def test_what_was_used_is_one_line_without_a_path(tiny: str) -> None:
    on = "float16 on a CUDA card" if torch.cuda.is_available() else "float32 on the processor"
    used = rf"own, openai-whisper \d+ \(torch \d[\w.+]*\), {on}"
    assert re.fullmatch(used, engine.used(tiny))


def test_words_are_put_back_to_their_time_and_cut_where_speech_ends(tiny: str, hearing: FakeHearing) -> None:
    (caption,) = engine.transcribe_speech(noise(30), [Span(10.2, 14.0)], tiny).captions
    assert [(w.start, w.end, w.text, w.probability) for w in caption.words] == [
        (10.5, 11.0, "rain", 0.5),
        (12.0, 14.2, "again", 0.5),
    ]


def test_whisper_is_told_of_names_before_each_clip(tiny: str, hearing: FakeHearing) -> None:
    regions = [Span(1.0, 9.0), Span(15.0, 20.0)]
    engine.transcribe_speech(noise(30), regions, tiny, terms=("Anna", "Vojta"))
    engine.transcribe_speech(noise(30), regions, tiny)
    assert hearing.told == ["Anna, Vojta", "Anna, Vojta", None, None]


def test_a_clip_that_echoes_the_names_is_heard_again_without_them(tiny: str, hearing: FakeHearing) -> None:
    engine.transcribe_speech(noise(30), [Span(1.0, 9.0)], tiny, terms=("Rain", "again"))
    assert hearing.told == ["Rain, again", None]


def test_a_real_model_copes_with_any_number_of_names(tiny: str) -> None:
    names = tuple(f"name{number}" for number in range(500))
    assert words(engine.transcribe_speech(noise(5), [Span(0.5, 4.5)], tiny, terms=names))


def test_a_language_that_is_given_is_not_detected(
    tiny: str, hearing: FakeHearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper.model.Whisper, "detect_language", lambda *_: pytest.fail("detected for nothing"))
    assert engine.transcribe_speech(noise(10), [Span(1, 2)], tiny, "de").language == "de"
    assert hearing.options["language"] == "de"


def test_a_language_that_whisper_does_not_know_is_one_sentence(tiny: str) -> None:
    with pytest.raises(EngineError, match=r"^openai-whisper failed with .*: Unsupported language: tlh\.$"):
        engine.transcribe_speech(noise(10), [Span(1, 2)], tiny, "tlh")


def test_without_speech_whisper_is_not_even_loaded(tiny: str, loaded: list[Any]) -> None:
    assert engine.transcribe_speech(noise(10), [], tiny) == Transcript()
    assert loaded == []


def test_the_settings_of_torch_are_left_alone(tiny: str, hearing: FakeHearing) -> None:
    def settings() -> tuple[Any, ...]:
        return torch.get_num_threads(), torch.are_deterministic_algorithms_enabled(), torch.initial_seed()

    before = settings()
    engine.transcribe_speech(noise(10), [Span(1, 2)], tiny)
    assert settings() == before


def test_word_times_come_from_the_heads_that_the_authors_found_best(
    tmp_path: Path, hearing: FakeHearing, loaded: list[Any]
) -> None:
    same_shape = write_tiny_whisper(tmp_path / "tiny.pt", layers=4, heads=6)
    other_shape = write_tiny_whisper(tmp_path / "base.pt")
    for path in (same_shape, other_shape):
        engine.transcribe_speech(noise(10), [Span(1, 2)], str(path))
    best, usual = (model.alignment_heads.to_dense() for model in loaded)
    assert best.sum() == 6  # of 24, as the authors list them for tiny
    assert usual.tolist() == [[False, False], [True, True]]


@pytest.mark.parametrize("damage", ["empty", "no checkpoint", "cut short", "a list", "no weights", "other weights"])
def test_a_damaged_file_is_one_sentence(tiny: str, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "damaged.pt"
    whole = Path(tiny).read_bytes()
    checkpoint = torch.load(tiny, weights_only=True)
    match damage:
        case "empty":
            path.touch()
        case "no checkpoint":
            path.write_text("not a model")
        case "cut short":
            path.write_bytes(whole[: len(whole) // 2])
        case "a list":
            torch.save([1, 2], path)
        case "no weights":
            torch.save({"dims": checkpoint["dims"]}, path)
        case "other weights":
            torch.save({"dims": checkpoint["dims"] | {"n_text_ctx": 12}, "model_state_dict": {}}, path)
    with pytest.raises(EngineError) as error:
        engine.transcribe_speech(noise(10), [Span(1, 2)], str(path))
    assert str(error.value) == f"{path} does not load: it is damaged, or no checkpoint of openai-whisper."


@pytest.mark.parametrize("step", ["load_model", "transcribe"])
@pytest.mark.parametrize(
    "failure",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nAnd more."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes."),
    ],
)
def test_too_little_memory_is_one_sentence(
    tiny: str, monkeypatch: pytest.MonkeyPatch, step: str, failure: Exception
) -> None:
    def fails(*_: Any, **__: Any) -> NoReturn:
        raise failure

    monkeypatch.setattr(whisper if step == "load_model" else whisper.model.Whisper, step, fails)
    with pytest.raises(EngineError, match=r"^Memory is too short for Whisper .*: choose a smaller model\.$"):
        engine.transcribe_speech(noise(10), [Span(1, 2)], tiny)


def test_without_weights_and_without_the_network_it_says_so(
    network: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name in ("UNDERTONE_MODELS", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    reason = engine.why_not("small") or ""
    assert reason.startswith('the weights "small" are not on this machine, and https://')
    assert reason.endswith("cannot be reached to fetch them")
    assert len(network) == 1  # it knocked, once
    network.clear()


def test_the_sizes_are_those_of_the_package() -> None:
    assert {size: address.split("/")[-1] for size, address in whisper._MODELS.items()} == whisper_weights.FILES
    assert all(address.startswith(f"{whisper_weights.HOST}/") for address in whisper._MODELS.values())
