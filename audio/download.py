"""A file from the network that goes on where it broke off, also in another process on another day.

In: an address and the path of what is here of the file so far. Out: all of it there. Sizes are bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx2

STALLED = 30.0  # seconds without a byte, after which a connection is given up
TRIES = 5  # in a row that bring nothing new, before a download has failed
PAUSE = 1.0  # seconds between two tries
NOTHING_MORE = 416  # HTTP's "range not satisfiable": the whole file is here already
FROM_THE_MIDDLE = 206  # HTTP's "partial content"

Tell = Callable[[int, int], None]


def download(address: str, part: Path, tell: Tell, headers: Mapping[str, str] | None = None) -> None:
    """Bring what is missing of `part`; `tell` is given how much is here and how much it will be.

    Raises OSError when the server refuses or the network fails again and again; what came is kept. `headers` with a
    token go to the host of `address` and to no other that it points to.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    tries = TRIES
    while True:
        before = _size(part)
        try:
            return _go_on(address, part, tell, headers or {})
        except httpx2.HTTPStatusError as error:
            raise ConnectionError(f"{error.response.status_code} {error.response.reason_phrase}") from None
        except httpx2.HTTPError as error:
            tries = TRIES if _size(part) > before else tries - 1
            if tries <= 0:
                raise ConnectionError(str(error) or type(error).__name__) from None
        time.sleep(PAUSE)


def _go_on(address: str, part: Path, tell: Tell, headers: Mapping[str, str]) -> None:
    """One try. A server that cannot go on in the middle sends all of it again."""
    have = _size(part)
    asked = {**headers, "Range": f"bytes={have}-", "Accept-Encoding": "identity"}  # or its bytes were not the file's
    with httpx2.stream("GET", address, headers=asked, follow_redirects=True, timeout=STALLED) as answer:
        if answer.status_code == NOTHING_MORE and have:
            return
        answer.raise_for_status()
        goes_on = answer.status_code == FROM_THE_MIDDLE
        whole = int(answer.headers.get("Content-Length", 0)) + (have if goes_on else 0)
        with part.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
                tell(file.tell(), max(whole, file.tell()))


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
