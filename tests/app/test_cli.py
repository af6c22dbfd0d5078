"""The command as a person uses it: moments in the terminal, files in a folder, one sentence for bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from app.cli import command
from audio.conversation import speaker_name
from audio.errors import UndertoneError

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


def undertone(*arguments: object):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """The shorter sample, analysed once: the folder of results and what was printed."""
    out = tmp_path_factory.mktemp("out")
    result = undertone("analyze", SAMPLES / "evening.ogg", "--out", out)
    assert result.exit_code == 0, result.output
    return out, result


def moments_of(path: Path) -> list[dict]:
    return json.loads(path.read_text())["moments"]


def test_the_classic_misses_are_missed_and_the_attuned_replies_are_met(evening) -> None:
    out, _ = evening
    truth = json.loads((SAMPLES / "evening.json").read_text())["moments"]
    found = moments_of(out / "evening.json")
    assert [(m["kind"], m["speaker"], m["verdict"]) for m in found] == [
        (m["kind"], m["speaker"], m["verdict"]) for m in truth
    ]
    for heard, true in zip(found, truth, strict=True):
        assert heard["start"] == pytest.approx(true["start"], abs=1.0)
        assert heard["replied_by"] == true["replied_by"]


def test_every_moment_carries_its_evidence(evening) -> None:
    out, _ = evening
    for moment in moments_of(out / "evening.json"):
        assert moment["measures"]
        assert 0 < moment["strength"] <= 1
        assert speaker_name(moment["speaker"]) in moment["sentence"]
        assert moment["reply"]["acts"]


def test_the_table_shows_the_words_and_the_verdict(evening) -> None:
    _, result = evening
    shown = " ".join(result.output.replace("│", " ").split())
    assert "just tired" in shown
    assert "missed" in shown
    assert "met" in shown


def test_three_files_a_recording_are_written(evening) -> None:
    out, _ = evening
    assert {path.name for path in out.iterdir()} == {"evening.json", "evening.rttm", "evening.npz"}


def test_the_speakers_of_json_and_rttm_have_the_same_names(tmp_path) -> None:
    undertone("analyze", SAMPLES / "evening.ogg", "--speaker-engine", "built-in", "--out", tmp_path)
    plain = json.loads((tmp_path / "evening.json").read_text())
    in_rttm = {line.split()[7] for line in (tmp_path / "evening.rttm").read_text().splitlines()}
    assert set(plain["speakers"]) == in_rttm
    assert {moment["speaker"] for moment in plain["moments"]} <= in_rttm


def test_without_words_the_moments_are_unclear_and_the_person_is_told(tmp_path) -> None:
    result = undertone("analyze", SAMPLES / "evening.ogg", "--transcriber", "none", "--out", tmp_path)
    assert result.exit_code == 0
    assert "There are no words" in " ".join(result.output.split())
    found = moments_of(tmp_path / "evening.json")
    assert found
    assert all(moment["reply"]["evidence"]["words"] is None for moment in found if moment["reply"])


def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("Not a recording.")
    for path in (tmp_path / "nowhere.wav", tmp_path, text):
        result = undertone("analyze", path)
        assert result.exit_code == 2
        assert result.exception is None or isinstance(result.exception, SystemExit)
        (sentence,) = result.output.strip().splitlines()
        assert sentence.endswith(".")
        assert path.name in sentence


def test_one_bad_recording_does_not_stop_the_others(tmp_path) -> None:
    shutil.copy(SAMPLES / "evening.ogg", tmp_path / "good.ogg")
    shutil.copy(SAMPLES / "evening.vtt", tmp_path / "good.vtt")
    (tmp_path / "bad.ogg").write_bytes(b"OggS" + bytes(100))
    out = tmp_path / "out"
    result = undertone("analyze", tmp_path / "bad.ogg", tmp_path / "good.ogg", "--out", out)
    assert result.exit_code == 2
    assert "bad.ogg" in result.output
    assert moments_of(out / "good.json")
    assert not (out / "bad.json").exists()


def test_recordings_of_one_name_do_not_overwrite_each_other(tmp_path) -> None:
    samples, rate = soundfile.read(SAMPLES / "evening.ogg", frames=16_000 * 30)
    soundfile.write(tmp_path / "talk.wav", samples, rate)
    soundfile.write(tmp_path / "talk.flac", samples, rate)
    out = tmp_path / "out"
    undertone("analyze", tmp_path / "talk.wav", tmp_path / "talk.flac", "--transcriber", "none", "--out", out)
    assert {path.name for path in out.glob("*.json")} == {"talk.wav.json", "talk.flac.json"}


def test_a_recording_without_speech_is_said(tmp_path) -> None:
    hiss = np.random.default_rng(0).normal(0, 0.003, 16_000 * 20).astype(np.float32)
    soundfile.write(tmp_path / "hiss.wav", hiss, 16_000)
    result = undertone("analyze", tmp_path / "hiss.wav")
    assert result.exit_code == 2
    assert "speech" in result.output


def test_a_transcript_belongs_to_one_recording() -> None:
    sample = SAMPLES / "evening.ogg"
    result = undertone("analyze", sample, sample, "--transcript", SAMPLES / "evening.vtt")
    assert result.exit_code == 2


@pytest.mark.parametrize("option", ["--speaker-engine", "--transcriber"])
def test_an_unknown_engine_is_one_sentence(option) -> None:
    result = undertone("analyze", SAMPLES / "evening.ogg", option, "crystal-ball")
    assert result.exit_code == 2
    assert "crystal-ball" in result.output


@pytest.mark.parametrize("given", ["Anna, Vojta", "Anna;Vojta,"])
def test_names_and_terms_are_handed_to_the_transcriber(given, monkeypatch) -> None:
    handed = []

    def listens(path, settings, progress):
        handed.append(settings.terms)
        raise UndertoneError("Enough.")

    monkeypatch.setattr("app.cli.listen", listens)
    undertone("analyze", SAMPLES / "evening.ogg", "--terms", given)
    undertone("analyze", SAMPLES / "evening.ogg")
    assert handed == [("Anna", "Vojta"), ()]


def test_doctor_lists_every_engine() -> None:
    result = undertone("doctor")
    assert result.exit_code == 0
    for name in ("channels", "given", "built-in", "faster-whisper", "none"):
        assert name in result.output
