"""What `undertone doctor` shows: what can run here, from which packages and weights, and on what it computes.

In: the models that a person means to use. Out: what Rich prints, ending with a verdict in one line. Nothing is fetched
and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from app.engines import Condition, conditions, engine_list, voices_by, words_by
from app.installation import INSTALL, PACKAGES, Breakage, Package, devices, first_breakage
from app.model_weights import weights_rows
from app.terminal import section


def doctor_report(whisper_model: str, speaker_model: str) -> RenderableType:
    """All that the doctor shows; takes seconds where torch is installed."""
    breakage = first_breakage()
    engines = conditions(whisper_model, speaker_model, breakage)
    return Group(
        engine_list(engines),
        section("Packages", _packages(breakage)),
        section("Device", list(devices(breakage)) or [("nothing that computes loads",)]),
        section("Weights", weights_rows(whisper_model, speaker_model)),
        Text(verdict(engines, breakage), style="bold"),
    )


def verdict(engines: Sequence[Condition], breakage: Breakage | None) -> str:
    """What `auto` would use now, or what is missing; fits into one line of 80 cells."""
    broken = f"{breakage.package.name} is broken. " if breakage else ""
    words = words_by(engines)
    if words is None:
        return f"{broken}Ready but for words: see Weights, or give a .vtt."
    if words.to_fetch:
        return f"{broken}Ready; words fetch their weights at first use."
    return f"{broken}Ready: voices by {voices_by(engines)}, words by {words.name}."


def _packages(breakage: Breakage | None) -> Iterator[tuple[str | Text, ...]]:
    for package in PACKAGES:
        yield _package(package, breakage)
    if not all(package.version() for package in PACKAGES):
        yield "", f"To install what is not: {INSTALL}"


def _package(package: Package, breakage: Breakage | None) -> tuple[str | Text, ...]:
    version = package.version()
    if version is None:
        return Text(package.name, style="dim"), Text("not installed", style="dim")
    if breakage is None or package != breakage.package:
        return package.name, version
    state = f"{version}, but it does not load: {breakage.reason}.\n{breakage.remedy()}"
    return Text(package.name, style="bold"), Text(state, style="bold")
