"""The examples of docs/replies.md are read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.cue_phrases import load_cues
from analysis.reply_words import read_reply
from analysis.wording import ACTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "replies.md"
EXAMPLES = re.findall(r'^\| (\w+) \| "(.+?)" \|', PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_page_has_an_example_for_every_act_that_words_show() -> None:
    assert {act for act, _ in EXAMPLES} == set(ACTS) - {"talk_over", "shared_silence", "takes_up"}


@pytest.mark.parametrize(("act", "reply"), EXAMPLES)
def test_an_example_is_read_as_the_page_says(act: str, reply: str) -> None:
    cues = load_cues("en")
    assert cues is not None
    read = read_reply(reply, "I'm just tired.", cues)
    assert act in [one.name for one in read.acts]
    assert (read.evidence > 0) == (act in cues.attuned_acts)
