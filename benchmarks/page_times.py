"""What a page takes, measured in the page itself: from a key or a click to what it drew; and the bytes it was sent.

In: pages of Playwright. Out: Redrawn, in milliseconds; Traffic, in bytes.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Locator, Page

BETWEEN = 150  # milliseconds from one step to the next press: what a step set off (a seek, a scroll) is at rest
BINARY = 2  # the kind of a WebSocket frame whose payload comes in base64

# Both leave [event to drawn, event to the next animation frame] in window.times, milliseconds a step: the first drawing
# after each event.
NOTE_EVENTS = """
  const times = (window.times = []);
  let begun;
  for (const kind of ["keydown", "click"]) window.addEventListener(kind, (event) => { begun = event.timeStamp; }, true);
  const drawn = () => {
    if (begun === undefined) return;
    const [from, now] = [begun, performance.now()];
    begun = undefined;
    requestAnimationFrame(() => times.push([now - from, performance.now() - from]));
  };
"""
# An attribute or text that the page changes once all is drawn; it is noticed before anything else runs.
WATCH_CHANGES = f"""(shown) => {{ {NOTE_EVENTS}
  new MutationObserver(drawn).observe(shown, {{ attributeFilter: ["data-moment"], childList: true }});
}}"""
# Streamlit makes a new plot at every step, which has drawn before anyone could listen to it: so the teller of events
# that Plotly gives to each of its plots is wrapped.
WATCH_PLOTLY = f"""() => {{ {NOTE_EVENTS}
  Object.defineProperty(HTMLDivElement.prototype, "emit", {{
    set(tell) {{
      const value = (kind, data) => {{
        tell(kind, data);
        if (kind === "plotly_afterplot") drawn();
      }};
      Object.defineProperty(this, "emit", {{ value, writable: true, configurable: true }});
    }},
  }});
}}"""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Milliseconds of each step, from the event to what was drawn, and to the animation frame that shows it."""

    drawn: tuple[float, ...]
    frame: tuple[float, ...]

    def __str__(self) -> str:
        return f"drawn {_spread(self.drawn)}; next animation frame {_spread(self.frame)}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that a page was sent, by what they are."""

    sent: Mapping[str, int]

    @property
    def whole(self) -> int:
        """All of it."""
        return sum(self.sent.values())


class Listener:
    """Counts what a page is sent: of requests the bytes on the wire, of WebSockets the payload."""

    def __init__(self, page: Page, kind_of: Callable[[str], str]) -> None:
        self._kind_of = kind_of
        self._addresses: dict[str, str] = {}
        self._requests: dict[str, int] = defaultdict(int)
        self._frames = 0
        devtools: CDPSession = page.context.new_cdp_session(page)
        devtools.on("Network.requestWillBeSent", self._asked)
        devtools.on("Network.dataReceived", self._arrives)
        devtools.on("Network.loadingFinished", self._is_whole)
        devtools.on("Network.webSocketFrameReceived", self._frame)
        devtools.send("Network.enable")

    def traffic(self) -> Traffic:
        """What was sent until now."""
        sent: dict[str, int] = defaultdict(int)
        for request, size in self._requests.items():
            sent[self._kind_of(self._addresses[request])] += size
        return Traffic({**sent, "websocket": self._frames})

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _arrives(self, event: dict[str, Any]) -> None:
        self._requests[event["requestId"]] += event["encodedDataLength"]

    def _is_whole(self, event: dict[str, Any]) -> None:
        self._requests[event["requestId"]] = event["encodedDataLength"]  # with the headers

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        payload = frame["payloadData"]
        self._frames += len(base64.b64decode(payload) if frame["opcode"] == BINARY else payload.encode())


def redrawn(page: Page, shown: Locator, watch: str, presses: list[Callable[[], None]]) -> Redrawn:
    """Press one after the other, and take the time until `shown` has changed, as `watch` notes it."""
    shown.evaluate(watch)
    for place, press in enumerate(presses, 1):
        press()
        page.wait_for_function("(count) => window.times.length >= count", arg=place)
        page.wait_for_timeout(BETWEEN)
    times = page.evaluate("window.times")
    return Redrawn(*(tuple(column) for column in zip(*times, strict=True)))


def _spread(times: tuple[float, ...]) -> str:
    return f"median {np.median(times):.0f}, 95 % {np.percentile(times, 95):.0f}, most {max(times):.0f} ms"
