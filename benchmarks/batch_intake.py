"""How long the machine that runs a batch takes over each finished hour: what a large cluster waits for first.

    python benchmarks/batch_intake.py [--sessions 20] [--recording-mb 30] [--library FOLDER]

Results of the size that an hour has, with arbitrary bytes in them, are put into a storage on this machine and taken
into a library, each with its recording. `--library` is where both are made, to measure another disk.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from app.analysing.provenance import Figures, provenance_of, write_provenance
from app.batch.finished_results import open_storage, put_result
from app.batch.found_recordings import FoundRecording
from app.batch.intake import Intake
from app.library import Library
from app.library.session_files import COMPUTED
from audio.listen import ListenSettings
from audio.whole_files import checksum

HOUR = 3600.0
# Megabytes of an hour of two people in one channel: what a batch of sample_data/sunday.ogg left, times 15.
SIZES = {"audio.webm": 16.8, "conversation.json": 4.1, "tracks.npz": 19.4, "tracks.bin": 2.9, "words.json": 0.3}
FIGURES = Figures(HOUR, ("Nora", "Ben"), {"heavy": {"missed": 9}}, {"speakers": "built-in", "words": "given"}, (), 60.0)


def main() -> None:
    """Parse the arguments, make results, take them in, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--recording-mb", type=float, default=30.0)
    parser.add_argument("--library", type=Path, default=None)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.library) as place:
        folder, storage = Path(place), str(Path(place) / "results")
        open_storage(storage)
        known = provenance_of(ListenSettings(), {})
        orders = []
        for number in range(args.sessions):
            recording = folder / f"{number}.m4a"
            recording.write_bytes(os.urandom(round(args.recording_mb * 1e6)))
            prepared = folder / f"prepared {number}"
            analysis = prepared / f"{COMPUTED}{number}"
            analysis.mkdir(parents=True)
            for name, megabytes in SIZES.items():
                (prepared if name == "audio.webm" else analysis).joinpath(name).write_bytes(
                    os.urandom(round(megabytes * 1e6))
                )
            write_provenance(replace(known, figures=FIGURES), analysis)
            content = checksum(recording)
            put_result(storage, known.key(content), prepared)
            orders.append((FoundRecording(str(recording), recording.name, 0), content, known.key(content)))
        library = Library(folder / "library")
        intake = Intake(library, storage)
        began, used = time.monotonic(), time.process_time()
        for order in orders:
            assert intake.take_in(*order) is not None
        took, processor = time.monotonic() - began, time.process_time() - used
        assert len(library.sessions()) == args.sessions
        print(f"{args.sessions} sessions of an hour ({args.recording_mb:.0f} MB and {sum(SIZES.values()):.0f} MB): "
              f"{took / args.sessions:.2f} s each by the clock, {processor / args.sessions:.2f} s of the processor; "
              f"load {os.getloadavg()[0]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
