"""How long work tells how far it is: a function that is given the share that is done, 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], None]


def tell_nobody(share: float) -> None:
    """A Progress for when nobody asked."""
