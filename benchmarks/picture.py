"""Draw one moment of a sample conversation: docs/moment.png, the picture in the README.

    python benchmarks/picture.py [--recording sample_data/evening.ogg] [--moment 0] [--out docs/moment.png]

Two lanes, one a partner: pitch in semitones around each one's own normal, whose spread is the faint band; the
shift is shaded, the reply outlined, the words stand where they were said.
"""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from analysis.moments import Moment, Reading, read_conversation
from audio.conversation import FRAME, REFERENCE_PITCH, Conversation, speaker_name
from audio.listen import listen

ROOT = Path(__file__).resolve().parent.parent
COLOURS = ("#0072B2", "#D55E00")  # Okabe & Ito: told apart by colour-blind people too
BEFORE, AFTER = 7.0, 4.0  # seconds shown around the moment


def lane(axes: Axes, conversation: Conversation, reading: Reading, speaker: str, colour: str, start: float) -> None:
    """One speaker's pitch around their normal, with the words that begin from `start` on."""
    track = conversation.tracks[speaker]
    baseline = reading.baselines[speaker]
    time = np.arange(len(track)) * FRAME
    pitch = 12 * np.log2(track.pitch / REFERENCE_PITCH) - baseline.centre["pitch_median"]
    spread = baseline.spread["pitch_median"]
    axes.axhspan(-spread, spread, color=colour, alpha=0.12, lw=0)
    axes.axhline(0, color=colour, lw=0.6, alpha=0.6)
    axes.plot(time, pitch, ".", color=colour, ms=2.5)
    axes.set_ylim(-9, 13)
    axes.set_ylabel(f"{speaker_name(speaker)}\nsemitones", color=colour)
    for utterance in conversation.of(speaker):
        if utterance.start < start:
            continue
        axes.text(utterance.start, 12, textwrap.fill(utterance.text, 34), va="top", fontsize=9, clip_on=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw(conversation: Conversation, reading: Reading, moment: Moment, out: Path) -> None:
    """Write the picture of `moment` to `out`."""
    figure, lanes = plt.subplots(len(conversation.speakers), 1, sharex=True, figsize=(10, 4.6))
    for axes, speaker, colour in zip(lanes, conversation.speakers, COLOURS, strict=False):
        lane(axes, conversation, reading, speaker, colour, moment.start - BEFORE)
        if speaker == moment.speaker:
            axes.axvspan(moment.start, moment.end, color="#F0E442", alpha=0.45, lw=0, zorder=0)
        elif moment.reply:
            axes.axvspan(moment.reply.start, moment.reply.end, fill=False, ec="black", lw=1.2)
    end = moment.reply.end if moment.reply else moment.end
    lanes[-1].set_xlim(moment.start - BEFORE, end + AFTER)
    lanes[-1].set_xlabel("seconds")
    figure.suptitle(textwrap.fill(moment.sentence, 110), fontsize=10, x=0.01, ha="left")
    figure.tight_layout()
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=110)


def main() -> None:
    """Parse the arguments, listen, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, default=ROOT / "sample_data" / "evening.ogg")
    parser.add_argument("--moment", type=int, default=0)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "moment.png")
    args = parser.parse_args()
    conversation = listen(args.recording)
    reading = read_conversation(conversation)
    moments = reading.moments()
    if not 0 <= args.moment < len(moments):
        raise SystemExit(f"There are {len(moments)} moments in {args.recording.name}.")
    draw(conversation, reading, moments[args.moment], args.out)


if __name__ == "__main__":
    main()
