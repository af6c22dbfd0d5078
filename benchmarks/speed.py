"""Times real time of each stage and of the whole, beside librosa.pyin and openSMILE; peak memory of an hour.

    OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/speed.py [--recording FILE] [--minutes 60]

The recording (by default the longer one in sample_data) is repeated to the length asked for, as 16-bit FLAC.
Each stage runs on one core (`taskset` sees to it) and is timed by the processor, so that other work on the
machine counts less; the peers run on the same two minutes in the same run. openSMILE runs if it is installed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import soundfile

from analysis.moments import read_conversation
from audio.listen import ListenSettings, listen
from audio.recording import SAMPLE_RATE, open_recording

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data" / "sunday.ogg"
PEER_SECONDS = 120
LEAST_SPENT = 0.01  # seconds; a stage that took less did nothing


def lengthened(recording: Path, minutes: float, folder: Path) -> Path:
    """The recording over and over, `minutes` long."""
    samples = open_recording(recording).samples[0]
    count = round(minutes * 60 * SAMPLE_RATE)
    path = folder / "long.flac"
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16") as file:
        written = 0
        while written < count:
            piece = samples[: count - written]
            file.write(piece)
            written += len(piece)
    return path


def stage_times(path: Path) -> tuple[dict[str, float], tuple[float, float], float]:
    """Processor seconds: a stage; reading the conversation, and again at another sensitivity. Its length (s)."""
    spent: dict[str, float] = defaultdict(float)
    last = time.process_time()

    def tell(stage: str, share: float) -> None:
        nonlocal last
        now = time.process_time()
        spent[stage] += now - last
        last = now

    conversation = listen(path, ListenSettings(speaker_engine="built-in", transcriber="none"), tell)
    spent["measuring prosody"] += time.process_time() - last
    began = time.process_time()
    reading = read_conversation(conversation)
    read = time.process_time() - began
    began = time.process_time()
    reading.moments(sensitivity=0.7)
    return spent, (read, time.process_time() - began), conversation.duration


def peers(samples: np.ndarray) -> dict[str, float | None]:
    """Processor seconds that each peer takes for `samples`; None where it is not installed."""
    import librosa

    librosa.pyin(samples[:SAMPLE_RATE], fmin=60, fmax=600, sr=SAMPLE_RATE, hop_length=160)  # compile first
    began = time.process_time()
    librosa.pyin(samples, fmin=60, fmax=600, sr=SAMPLE_RATE, hop_length=160)
    found: dict[str, float | None] = {"librosa.pyin alone": time.process_time() - began}
    found["openSMILE eGeMAPSv02 alone"] = _open_smile(samples)
    return found


def _open_smile(samples: np.ndarray) -> float | None:
    try:
        import opensmile
    except ImportError:
        return None
    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.LowLevelDescriptors)
    began = time.process_time()
    smile.process_signal(samples, SAMPLE_RATE)
    return time.process_time() - began


def peak_memory(path: Path) -> float:
    """Peak memory in GB of `undertone analyze` on `path`, in a process of its own; Linux only.

    VmHWM is of that process alone; getrusage would count what this one held when it started the other.
    """
    code = (
        "import atexit, pathlib, sys\n"
        "atexit.register(lambda: print(pathlib.Path('/proc/self/status').read_text(), file=sys.stderr))\n"
        "from app.cli import main\n"
        "sys.argv = sys.argv[1:]\n"
        "main()"
    )
    arguments = ["undertone", "analyze", str(path), "--transcriber", "none", "--speaker-engine", "built-in"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    (peak,) = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("VmHWM:")]
    return int(peak) / 1e6


def main() -> None:
    """Parse the arguments, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, default=SAMPLE)
    parser.add_argument("--minutes", type=float, default=60.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = lengthened(args.recording, args.minutes, Path(folder))
        stages, (reading, again), seconds = stage_times(path)
        print(f"{seconds / 60:.0f} min, words none, speakers built-in; processor time, times real time")
        for stage, spent in stages.items():
            if spent < LEAST_SPENT:
                continue
            print(f"  {stage:28s} {seconds / spent:8.0f}x")
        print(f"  {'reading the conversation':28s} {seconds / max(reading, 1e-3):8.0f}x ({reading * 1000:.0f} ms)")
        print(f"  {'again, another sensitivity':28s}          ({again * 1000:.2f} ms)")
        print(f"  {'whole':28s} {seconds / (sum(stages.values()) + reading):8.0f}x")
        samples = open_recording(args.recording).samples[0, : PEER_SECONDS * SAMPLE_RATE]
        for peer, spent in peers(samples).items():
            speed = f"{len(samples) / SAMPLE_RATE / spent:8.0f}x" if spent else "not installed"
            print(f"  {peer:28s} {speed}")
        print(f"  peak memory                  {peak_memory(path):8.2f} GB")


if __name__ == "__main__":
    main()
