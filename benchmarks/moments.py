"""Run every recording of a folder laid out like ../shared/bench/conversations and score what was found.

    python benchmarks/moments.py [--bench DIR] [--speaker-engine built-in] [--true-turns] [--out DIR]

Words are given (NAME.vtt). Speakers are told apart by `--speaker-engine`; with --true-turns they are given
too (NAME.rttm). Prints what the scorer beside the bench prints, and the speed as times real time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.moments import DEFAULT_SENSITIVITY, read_conversation
from app.report import analysis_json
from audio.listen import ListenSettings, listen
from audio.storage import write_json, write_rttm

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench" / "conversations"
SCORER = "score.py"
GIVEN = "given"  # the engine that takes the true turns


def recordings_in(bench: Path) -> list[Path]:
    """The recordings of `bench` that have their ground truth beside them."""
    recordings = sorted(path for path in bench.glob("*.ogg") if path.with_suffix(".json").is_file())
    if not recordings:
        raise SystemExit(f"No recordings with ground truth in {bench}.")
    return recordings


def settings_for(recording: Path, engine: str) -> ListenSettings:
    """How to listen to one recording of a bench: its words are given, and its turns too if `engine` is GIVEN."""
    return ListenSettings(
        speaker_engine=engine,
        rttm=recording.with_suffix(".rttm") if engine == GIVEN else None,
        transcriber="given",
        transcript=recording.with_suffix(".vtt"),
        language="en",
    )


def analyse(recording: Path, out: Path, engine: str, sensitivity: float) -> float:
    """Analyse one recording into `out`; its length in seconds."""
    conversation = listen(recording, settings_for(recording, engine))
    reading = read_conversation(conversation)
    write_json(analysis_json(conversation, reading, sensitivity), out / f"{recording.stem}.json")
    write_rttm(conversation.turns, recording.stem, out / f"{recording.stem}.rttm")
    return conversation.duration


def score(bench: Path, engine: str, sensitivity: float, out: Path | None = None) -> None:
    """Analyse every recording of `bench` into `out` and print what the scorer says."""
    scorer = scorer_beside(bench)
    recordings = recordings_in(bench)
    out = out or Path(tempfile.mkdtemp(prefix="undertone-bench-"))
    began = time.perf_counter()
    seconds = sum(analyse(path, out, engine, sensitivity) for path in recordings)
    speed = seconds / (time.perf_counter() - began)
    speakers = "true turns" if engine == GIVEN else f"speakers: {engine}"
    print(f"{len(recordings)} recordings, {seconds / 60:.0f} min, words given, {speakers}, {speed:.0f}x real time")
    subprocess.run([sys.executable, str(scorer), str(bench), str(out)], check=True)


def scorer_beside(bench: Path) -> Path:
    """The score.py of the bench: in the folder or above it, else that of the shared bench."""
    for folder in (bench, *bench.resolve().parents[:2], BENCH.parent):
        if (folder / SCORER).is_file():
            return folder / SCORER
    raise SystemExit(f"No {SCORER} lies in {bench}, above it or in {BENCH.parent}.")


def main() -> None:
    """Parse the arguments, analyse, score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--speaker-engine", default="built-in")
    parser.add_argument("--true-turns", action="store_true")
    parser.add_argument("--sensitivity", type=float, default=DEFAULT_SENSITIVITY)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    score(args.bench, GIVEN if args.true_turns else args.speaker_engine, args.sensitivity, args.out)


if __name__ == "__main__":
    main()
