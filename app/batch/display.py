"""A batch as a person sees it: a bar for the whole, one for each recording under way, a line for each that failed.

In: all that is told (app.batch.outcomes). Out: Rich on standard error. Where that is no terminal, a line a recording.
"""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from app.analysing.session_analysis import STAGES
from app.batch.estimates import spoken_time
from app.batch.outcomes import SAID, Begun, Looked, Planned, Row, Standing, Told, Underway, Warned, reason
from app.report import clock

MOST_BARS = 12  # recordings shown at once; a large cluster has hundreds under way
LONGEST_NAME = 44  # cells; of a longer name the end is shown, which tells one from another


class BatchDisplay:
    """Draws what it is told. Use it as a context, so that the bars go when all is over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[said]}", markup=False),
            console=console,
            transient=True,
            redirect_stdout=False,  # workers inherit both, as files
            redirect_stderr=False,
        )
        self._whole = self._bars.add_task("Starting", total=None, said="")
        self._of: dict[str, TaskID] = {}

    def __enter__(self) -> BatchDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def tell(self, told: Told) -> None:
        """Draw one piece of news."""
        match told:
            case Begun(dashboard=str() as dashboard):
                self._say(Text(f"Dask's dashboard: {dashboard}", style="dim"))
            case Looked(recordings=seen, of=of):
                self._bars.update(self._whole, description="Looking at recordings", completed=seen, total=of,
                                  said=f"{seen} of {of}")  # fmt: skip
            case Planned(recordings=count, length=length):
                self._bars.update(self._whole, description="Analysing", completed=0, total=max(length, 1.0),
                                  said=f"{count} recording{'s' * (count != 1)}")  # fmt: skip
            case Underway():
                self._show(told)
            case Standing():
                self._bars.update(self._whole, completed=told.length_done, said=_standing(told))
            case Row():
                self._end(told)
            case Warned(sentence=sentence):
                self._say(Text(sentence, style="bold"))

    def _show(self, told: Underway) -> None:
        share = (STAGES.index(told.stage) + told.share) / len(STAGES)
        if told.shown not in self._of:
            if len(self._of) >= MOST_BARS:
                return
            name = told.shown if len(told.shown) <= LONGEST_NAME else f"…{told.shown[1 - LONGEST_NAME :]}"
            self._of[told.shown] = self._bars.add_task(f"  {name}", total=1.0, said="")
        self._bars.update(self._of[told.shown], completed=share, said=told.stage)

    def _end(self, row: Row) -> None:
        bar = self._of.pop(row.shown, None)
        if bar is not None:
            self._bars.remove_task(bar)
        if row.outcome == "failed":
            self._say(Text(reason(row)))
        elif not self._console.is_terminal and row.outcome == "analysed" and row.figures:
            self._say(Text(f"{row.shown}: {SAID[row.outcome]}, {clock(row.figures.length)}"))

    def _say(self, line: Text) -> None:
        self._bars.console.print(line, soft_wrap=True)


def _standing(told: Standing) -> str:
    done = f"{told.done} of {told.recordings}"
    if not told.workers:
        return f"{done}; waiting for workers"
    if told.done == told.recordings:
        return done
    return f"{done}; {spoken_time(told.left)} left" if told.left is not None else f"{done}; no estimate yet"
