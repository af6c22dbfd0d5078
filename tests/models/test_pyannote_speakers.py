"""The engine runs on a pipeline of random weights in the real format: it loads and runs like a real one."""

from __future__ import annotations

import socket
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyannote.audio", reason='needs the extra "models": make test-models')

import torch
from dialogues import ADAM, EVE, dialogue, recording, spans
from pyannote.audio.models.embedding import WeSpeakerResNet34
from pyannote.audio.models.segmentation import PyanNet
from pyannote.core import Annotation, Segment
from random_pipeline import configuration, write_configuration, write_pipeline

from audio import pyannote_speakers as engine
from audio import speakers
from audio.conversation import Span, Turn
from audio.errors import EngineError, SpeakersError
from audio.separation import Separation, SpeakerRequest
from audio.speakers import separate_speakers

TURNS = [("Adam", 3.0), ("Eve", 3.0), ("Adam", 2.0), ("Eve", 4.0), ("Adam", 3.0)]
OWN, TRUTH = dialogue(TURNS, {"Adam": ADAM, "Eve": EVE})
TALK, REGIONS = recording(OWN["Adam"] + OWN["Eve"]), spans(TRUTH)
STEP = 0.5  # of a window
CLOUD = "pyannote.audio.pipelines.pyannoteai.sdk.SDK"
pytestmark = pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered")

PAGE = "https://hf.co/pyannote/speaker-diarization-community-1"


def write_tiny_pipeline(folder: Path) -> Path:
    """PyanNet and WeSpeaker far smaller than pyannote's, heard in steps five times as long as usual."""
    torch.manual_seed(0)
    small = {"hidden_size": 16, "num_layers": 1}
    segmentation = PyanNet(sincnet={"stride": 10}, lstm=small, linear=small)
    write_pipeline(folder, 5.0, segmentation, WeSpeakerResNet34(num_mel_bins=16))
    write_configuration(folder, configuration(segmentation_step=STEP))
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pipeline(tmp_path_factory.mktemp("pipeline"))


@pytest.fixture(autouse=True)
def attempts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """No network, no weights but those of the test, pyannote's reports wished for; what was tried to reach."""
    tried: list[Any] = []

    def refuse(*address: Any, **_: Any) -> None:
        tried.append(address)
        raise OSError("the network is cut")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "true")
    monkeypatch.setenv("UNDERTONE_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tried


def separate(folder: Path, count: int = 2, told: list[float] | None = None) -> Separation:
    progress = told.append if told is not None else (lambda share: None)
    return engine.pyannote_speakers(TALK, REGIONS, SpeakerRequest(count, model=str(folder)), progress)


def annotation(*turns: tuple[float, float, str]) -> Annotation:
    """Turns as the pipeline gives them: (start, end, its own name for the speaker)."""
    found = Annotation()
    for number, (start, end, label) in enumerate(turns):
        found[Segment(start, end), number] = label
    return found


def heard(monkeypatch: pytest.MonkeyPatch, *turns: tuple[float, float, str], bare: bool = False) -> None:
    """Let the pipeline hear just this."""
    found = annotation(*turns)

    class Pipeline:
        speaker_diarization = found

    monkeypatch.setattr(engine, "_load", lambda folder: lambda *_, **__: found if bare else Pipeline())


def test_a_real_pipeline_of_random_weights_runs_within_the_recording(tiny: Path) -> None:
    told: list[float] = []
    found = separate(tiny, told=told)
    assert found.engine == "pyannote"
    assert found.turns == tuple(sorted(found.turns))
    assert all(0.0 <= turn.start < turn.end <= TALK.duration for turn in found.turns)
    assert found.speakers == ("Speaker_1", "Speaker_2")
    assert {turn.speaker for turn in found.turns} == set(found.speakers)
    assert told == sorted(told)
    assert len(set(told)) > 10
    assert told[-1] == 1.0


def test_turns_of_one_speaker_at_a_time_come_along_under_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    class Output:
        speaker_diarization = annotation((1.0, 4.0, "B"), (3.0, 6.0, "A"))
        exclusive_speaker_diarization = annotation((1.0, 3.5, "B"), (3.5, 6.0, "A"))

    monkeypatch.setattr(engine, "_load", lambda folder: lambda *_, **__: Output())
    monkeypatch.setattr(engine, "unavailable", lambda model: None)
    monkeypatch.setattr(engine, "weights_here", lambda model: Path())
    found = separate(Path())
    assert found.turns == (Turn(1.0, 4.0, "Speaker_1"), Turn(3.0, 6.0, "Speaker_2"))
    assert found.exclusive == (Turn(1.0, 3.5, "Speaker_1"), Turn(3.5, 6.0, "Speaker_2"))


def test_a_real_pipeline_gives_exclusive_turns_and_says_what_it_computed_with(tiny: Path) -> None:
    found = separate(tiny)
    assert {turn.speaker for turn in found.exclusive} <= set(found.speakers)
    assert all(one.end <= two.start for one, two in pairwise(found.exclusive))
    assert found.model is not None
    assert f"{tiny}, pyannote.audio 4" in found.model
    assert "torch" in found.model


@pytest.mark.parametrize("count", [1, 3])
def test_no_more_voices_are_found_than_asked_for(tiny: Path, count: int) -> None:
    found = separate(tiny, count)
    assert 1 <= len(found.speakers) <= count
    assert bool(found.notes) == (len(found.speakers) < count)


def test_the_same_recording_gives_the_same_turns_again(tiny: Path) -> None:
    assert separate(tiny) == separate(tiny)


def test_nothing_is_sent_though_pyannote_reports_its_use_by_default(tiny: Path, attempts: list[Any]) -> None:
    from pyannote.audio.telemetry import metrics

    separate(tiny)
    metrics.provider.force_flush()
    assert attempts == []


def test_the_hub_may_be_asked_again_afterwards(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    separate(tiny)
    assert constants.HF_HUB_OFFLINE is False


def test_overlaps_are_kept_and_speakers_numbered_as_they_appear(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    heard(monkeypatch, (4.0, 6.0, "SPEAKER_00"), (1.0, 2.0, "SPEAKER_01"), (2.5, 5.0, "SPEAKER_01"))
    found = separate(tiny)
    assert found.turns == (Turn(1.0, 5.0, "Speaker_1"), Turn(4.0, 6.0, "Speaker_2"))
    assert found.notes == ()


def test_turns_end_with_the_recording(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    heard(monkeypatch, (-0.1, 1.0, "a"), (TALK.duration - 1, TALK.duration + 1, "b"), (99.0, 100.0, "c"))
    found = separate(tiny)
    assert found.turns == (Turn(0.0, 1.0, "Speaker_1"), Turn(TALK.duration - 1, TALK.duration, "Speaker_2"))


def test_a_voice_too_few_is_told(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    heard(monkeypatch, (1.0, 2.0, "a"), bare=True)
    assert separate(tiny).notes == ("Only one voice was found, where 2 were expected.",)


def test_a_pipeline_that_hears_nobody_says_so(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    heard(monkeypatch)
    with pytest.raises(SpeakersError, match=r"heard nobody speak in talk\.wav"):
        separate(tiny)


def test_without_speech_it_does_not_fit() -> None:
    assert engine.unfit(TALK, (), SpeakerRequest()) == "No speech was found in talk.wav."
    assert engine.unfit(TALK, (Span(0.0, 1.0),), SpeakerRequest()) is None


def test_without_weights_it_says_where_the_terms_are_and_how_to_give_the_token(attempts: list[Any]) -> None:
    reason = engine.unavailable()
    assert reason is not None
    assert "\n" not in reason
    for part in (PAGE, "HF_TOKEN", "hf auth login"):
        assert part in reason
    assert attempts == []


def test_weights_are_found_in_the_folder_that_the_environment_names(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "speaker-diarization-community-1").symlink_to(tiny)
    assert engine.unavailable() is None


@pytest.mark.parametrize("cache", ["hub", "models"])
def test_weights_are_found_in_the_hub_s_cache(tiny: Path, tmp_path: Path, cache: str) -> None:
    kept = tmp_path / cache / "models--pyannote--speaker-diarization-community-1"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc")
    (kept / "snapshots").mkdir()
    (kept / "snapshots" / "abc").symlink_to(tiny)
    assert engine.unavailable() is None


def test_a_folder_that_is_none_of_a_pipeline_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert engine.unavailable(str(folder)) == f"There is no config.yaml in {folder}, so it is no pipeline's folder."


@pytest.mark.parametrize("text", ["", "- a list", "pipeline: speech", "{", "pipeline: {name: 1, params: 2}"])
def test_a_configuration_that_describes_no_pipeline_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(EngineError, match=r"config\.yaml does not describe a pipeline of pyannote\.$"):
        separate(tmp_path)


def test_a_pipeline_that_sends_the_recording_away_is_refused(tmp_path: Path, attempts: list[Any]) -> None:
    write_configuration(tmp_path, {"pipeline": {"name": CLOUD, "params": {"token": "secret"}}})
    with pytest.raises(EngineError, match="refused: it does not tell speakers apart on this machine"):
        separate(tmp_path)
    assert attempts == []


def test_half_a_download_is_told_by_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "segmentation").mkdir()
    write_configuration(tmp_path, configuration())
    assert (engine.unavailable(str(tmp_path)) or "").endswith("are not whole: embedding, plda is missing.")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"clustering": "Guessing"}, "clustering must be one of"),
        ({"segmentation": "someone/segmentation"}, "someone/segmentation|locate|connection|cached|cache"),
    ],
    ids=["unknown clustering", "weights on the hub"],
)
def test_a_pipeline_that_does_not_load_is_one_sentence(
    tiny: Path, tmp_path: Path, attempts: list[Any], change: dict[str, str], reason: str
) -> None:
    for part in ("segmentation", "embedding", "plda"):
        (tmp_path / part).symlink_to(tiny / part)
    write_configuration(tmp_path, configuration(**change))
    with pytest.raises(EngineError, match=reason) as error:
        separate(tmp_path)
    assert str(error.value).startswith(f"The pipeline in {tmp_path} does not load: ")
    assert "\n" not in str(error.value)
    assert attempts == []


def test_damaged_weights_are_one_sentence(tiny: Path, tmp_path: Path) -> None:
    for part in ("segmentation", "embedding"):
        (tmp_path / part).symlink_to(tiny / part)
    (tmp_path / "plda").mkdir()
    for name in ("xvec_transform.npz", "plda.npz"):
        (tmp_path / "plda" / name).write_bytes(b"half a download")
    write_configuration(tmp_path, configuration())
    with pytest.raises(EngineError, match="does not load") as error:
        separate(tmp_path)
    assert "\n" not in str(error.value)


def test_a_pipeline_that_runs_out_of_memory_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    def runs_out(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate more")

    monkeypatch.setattr(engine, "_load", lambda folder: runs_out)
    with pytest.raises(EngineError, match=r"^pyannote failed on talk\.wav: CUDA out of memory\.$"):
        separate(tiny)


def test_auto_takes_it_before_the_built_in_engine_when_its_weights_are_here(tiny: Path) -> None:
    assert separate_speakers(TALK, REGIONS, SpeakerRequest(model=str(tiny))).engine == "pyannote"


def test_auto_without_its_weights_goes_on_and_tells_when_they_were_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    next_best = replace(speakers.ENGINES["built-in"], separate=lambda *_: Separation((), (), "built-in"))
    monkeypatch.setattr(speakers, "ENGINES", {**speakers.ENGINES, "built-in": next_best})
    asked = separate_speakers(TALK, REGIONS, SpeakerRequest(model=str(tmp_path)))
    assert asked.engine == "built-in"
    assert any("no pipeline's folder" in note for note in asked.notes)
    unasked = separate_speakers(TALK, REGIONS, SpeakerRequest())
    assert unasked.engine == "built-in"
    assert not any("pyannote" in note for note in unasked.notes)
