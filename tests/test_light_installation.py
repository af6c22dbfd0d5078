"""The default installation is light: no torch in it, and nothing heavy is imported before it is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
HEAVY = re.compile(r"(torch.*|openai-whisper|pyannote-.*|nvidia-.*|triton)")
HEAVY_MODULES = ("torch", "torchaudio", "whisper", "pyannote.audio")
BEFORE_ANYTHING_IS_ASKED = ("audio.listen", "analysis.moments", "app.cli")


def needed(requirement: str, extra: str = "") -> Requirement | None:
    """The requirement, if this machine has it with that extra."""
    parsed = Requirement(requirement)
    surroundings = {**default_environment(), "extra": extra}
    return parsed if parsed.marker is None or parsed.marker.evaluate(surroundings) else None


def installed_by(requirements: Iterable[str]) -> set[str]:
    """All packages that pip brings for these, and for what these need, by what is installed here."""
    found: set[str] = set()
    asked: set[tuple[str, str]] = set()
    left = [(requirement, "") for requirement in requirements]
    while left:
        wanted = needed(*left.pop())
        if wanted is None:
            continue
        name = canonicalize_name(wanted.name)
        found.add(name)
        for extra in {"", *wanted.extras} - {extra for known, extra in asked if known == name}:
            asked.add((name, extra))
            left += [(requirement, extra) for requirement in required_by(name)]
    return found


def required_by(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []  # brought only by a machine of another kind, or not checked out here


def heavy_modules_after(*imports: str) -> list[str]:
    """Which heavy modules a fresh Python holds once these are imported."""
    script = f"import sys, {', '.join(imports)}; print(*(name for name in {HEAVY_MODULES} if name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return told.stdout.split()


def of_the_project(section: str) -> list[str]:
    project = tomllib.loads(PROJECT.read_text())["project"]
    return project["dependencies"] if section == "default" else project["optional-dependencies"][section]


def test_the_default_installation_brings_no_torch_and_nothing_of_nvidia() -> None:
    light = installed_by(of_the_project("default"))
    assert {"faster-whisper", "ctranslate2", "numpy", "llvmlite"} <= light, "what is needed by what is needed is found"
    assert not {name for name in light if HEAVY.fullmatch(name)}


def test_the_extra_would_be_noticed() -> None:
    assert {"torch", "openai-whisper", "pyannote-audio"} <= {
        name for name in installed_by(of_the_project("models")) if HEAVY.fullmatch(name)
    }


def test_a_way_that_leads_back_to_its_begin_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {"a": ["b"], "b": ["a", 'c; extra == "more"'], "c": ["a[more]", "b[more]"]}
    monkeypatch.setitem(globals(), "required_by", lambda name: tree[name])
    assert installed_by(["a"]) == {"a", "b"}
    assert installed_by(["b[more]"]) == {"a", "b", "c"}


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    assert heavy_modules_after(*BEFORE_ANYTHING_IS_ASKED) == []
