"""pyannote's pipeline at its full shape, with random weights: times real time, and memory.

    python benchmarks/pyannote_speed.py [--minutes 1] [--recording FILE]

Needs the extra `models`. Segmentation (PyanNet), embedding (WeSpeaker's ResNet34) and PLDA have the shapes and the
steps of community-1, so they compute as much as it does; what they hear is nonsense. The recording is repeated to
--minutes. Runs as in `audio`, on a CUDA card where there is one.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from pyannote.audio.models.embedding import WeSpeakerResNet34
from pyannote.audio.models.segmentation import PyanNet

from audio.channel_speakers import mixdown
from audio.pyannote_speakers import pyannote_speakers
from audio.recording import SAMPLE_RATE, Recording, open_recording
from audio.separation import SpeakerRequest
from audio.voice_activity import speech_regions

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "models"))
from random_pipeline import write_pipeline  # noqa: E402

SAMPLE = ROOT / "sample_data" / "evening.ogg"
WINDOW = 10.0  # seconds that the segmentation hears at once


def repeated(recording: Recording, minutes: float) -> Recording:
    """The recording in one channel, over and over until it is so long."""
    count = round(minutes * 60 * SAMPLE_RATE)
    samples = np.resize(mixdown(recording), (1, count)).astype(np.float32)
    return Recording(recording.path, samples, recording.source)


def peak_gigabytes() -> float:
    """The most memory that this process had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def main() -> None:
    """Write the pipeline, run it, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--recording", type=Path, default=SAMPLE)
    asked = parser.parse_args()
    recording = repeated(open_recording(asked.recording), asked.minutes)
    regions = speech_regions(mixdown(recording))
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        write_pipeline(Path(folder), WINDOW, PyanNet(), WeSpeakerResNet34())
        before, processor = time.perf_counter(), time.process_time()
        found = pyannote_speakers(recording, regions, SpeakerRequest(2, model=folder))
        seconds, processor = time.perf_counter() - before, time.process_time() - processor
    print(f"{recording.duration:.0f} s of recording, {found.model.partition(', ')[2] if found.model else ''}")
    print(f"{seconds:.1f} s, {recording.duration / seconds:.2f} times real time ({processor:.1f} s of the processor)")
    print(f"peak memory {peak_gigabytes():.2f} GB")
    if torch.cuda.is_available():
        print(f"peak memory of the card {torch.cuda.max_memory_allocated() / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
