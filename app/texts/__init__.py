"""Every text of the review app, one TOML file a language, for whoever translates it.

In: an ISO 639-1 code. Out: the texts as they stand in the file; `{n}` and the like are filled in where they are shown.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_texts(language: str = "en") -> dict[str, Any]:
    """The texts of a language, by section. Raises FileNotFoundError where there are none in it."""
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def said_date(day: date) -> str:
    """A day as people write it."""
    texts = load_texts()["months"]
    return str(texts["date"].format(day=day.day, month=texts["names"][day.month - 1], year=day.year))
