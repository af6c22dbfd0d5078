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


def recordings_in(bench: Path) -> list[Path]:
    """The recordings of `bench` that have their ground truth beside them."""
    recordings = sorted(path for path in bench.glob("*.ogg") if path.with_suffix(".json").is_file())
    if not recordings:
        raise SystemExit(f"No recordings with ground truth in {bench}.")
    return recordings


def analyse(recording: Path, out: Path, engine: str, true_turns: bool, sensitivity: float) -> float:
    """Analyse one recording into `out`; its length in seconds."""
    settings = ListenSettings(
        speaker_engine="given" if true_turns else engine,
        rttm=recording.with_suffix(".rttm") if true_turns else None,
        transcriber="given",
        transcript=recording.with_suffix(".vtt"),
        language="en",
    )
    conversation = listen(recording, settings)
    reading = read_conversation(conversation)
    write_json(analysis_json(conversation, reading, sensitivity), out / f"{recording.stem}.json")
    write_rttm(conversation.turns, recording.stem, out / f"{recording.stem}.rttm")
    return conversation.duration


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
    recordings = recordings_in(args.bench)
    out = args.out or Path(tempfile.mkdtemp(prefix="undertone-bench-"))
    began = time.perf_counter()
    seconds = sum(analyse(path, out, args.speaker_engine, args.true_turns, args.sensitivity) for path in recordings)
    speed = seconds / (time.perf_counter() - began)
    speakers = "true turns" if args.true_turns else f"speakers: {args.speaker_engine}"
    print(f"{len(recordings)} recordings, {seconds / 60:.0f} min, words given, {speakers}, {speed:.0f}x real time")
    subprocess.run([sys.executable, str(scorer_beside(args.bench)), str(args.bench), str(out)], check=True)


if __name__ == "__main__":
    main()
