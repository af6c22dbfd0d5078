"""Imports run one way: app -> analysis -> audio."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "audio": {"audio"},
    "analysis": {"analysis", "audio"},
    "app": {"app", "analysis", "audio"},
}
HEAVY = {"torch", "whisper", "pyannote", "faster_whisper", "onnxruntime"}
SOUND_AND_SCREEN = {"av", "soundfile", "soxr", "parselmouth", "librosa", "typer", "rich", "streamlit"}


def imported_by(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import hides its storey"
            names.add((node.module or "").split(".")[0])
    return names


def files(storey: str) -> list[Path]:
    return sorted((ROOT / storey).rglob("*.py"))


@pytest.mark.parametrize("storey", MAY_IMPORT)
def test_imports_run_one_way(storey: str) -> None:
    assert files(storey)
    for path in files(storey):
        upwards = (imported_by(path) & set(MAY_IMPORT)) - MAY_IMPORT[storey]
        assert not upwards, f"{path.relative_to(ROOT)} imports {upwards}"


def test_analysis_touches_no_sound_and_no_screen() -> None:
    for path in files("analysis"):
        assert not imported_by(path) & SOUND_AND_SCREEN, path


@pytest.mark.parametrize("room", ["library", "session", "analysing", "couples", "batch"])
def test_what_is_kept_and_computed_knows_nothing_of_the_pages(room: str) -> None:
    for path in sorted((ROOT / "app" / room).rglob("*.py")):
        named = {
            node.module or "" for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)
        }
        assert not {name for name in named if name.startswith("app.review")}, path


def test_no_file_pays_for_heavy_packages_on_import() -> None:
    for storey in MAY_IMPORT:
        for path in files(storey):
            assert not imported_by(path, top_level_only=True) & HEAVY, path


def test_no_module_of_the_app_hides_a_storey_or_a_standard_module() -> None:
    import sys

    taken = set(sys.stdlib_module_names) | set(MAY_IMPORT)
    assert not {p.stem for p in files("app") if p.stem != "__init__"} & taken
