"""Which language is spoken, and what is said where it is not known."""

from __future__ import annotations

import pytest

from analysis.languages import languages, spoken_language
from analysis.moments import read_conversation
from analysis.suggested_replies import load_suggestions

LINES = {
    "en": "I was going to call you but then the meeting went on and on until it was too late for that.",
    "de": "Ich wollte dich noch anrufen, aber dann ging das mit der Sitzung so lange, dass es zu spät für alles war.",
    None: "Je voulais encore te téléphoner mais après la réunion il était déjà trop tard pour tout ce que tu voulais.",
}


def test_english_and_german_have_files() -> None:
    assert {"en", "de"} <= set(languages())


@pytest.mark.parametrize(("language", "line"), LINES.items())
def test_a_transcript_that_does_not_say_its_language_is_known_by_its_small_words(empty_talk, language, line) -> None:
    for speaker in ("Maya", "Jonas"):
        empty_talk.say(speaker, line)
    assert spoken_language(empty_talk.conversation(language=None)) == language


def test_a_few_words_tell_no_language(empty_talk) -> None:
    empty_talk.say("Maya", "I'm just tired.")
    assert spoken_language(empty_talk.conversation(language=None)) is None


@pytest.mark.parametrize(("named", "language"), [("en", "en"), ("EN-us", "en"), ("de_AT", "de"), ("fr", "fr")])
def test_a_language_that_is_named_counts(empty_talk, named, language) -> None:
    empty_talk.say("Maya", LINES["en"])
    assert spoken_language(empty_talk.conversation(language=named)) == language


def test_an_unknown_language_is_said_and_its_words_are_not_judged(empty_talk) -> None:
    for index in range(32):
        empty_talk.say("Maya" if index % 2 else "Jonas", str(LINES[None]))
    empty_talk.say("Maya", "Je suis juste fatiguée.", "heavy")
    empty_talk.say("Jonas", "Ah bon, on sort ce soir ?", "bright")
    reading = read_conversation(empty_talk.conversation(language=None))
    assert any(note.startswith("The language of the words is not known") for note in reading.notes)
    assert reading.candidates
    assert all(moment.reply.evidence.words is None for moment in reading.candidates if moment.reply)


def test_a_german_conversation_is_read_in_german_without_being_told(empty_talk) -> None:
    for index in range(32):
        empty_talk.say("Maya" if index % 2 else "Jonas", f"Ich habe die blaue Kiste auf das Regal {index} gestellt.")
    empty_talk.say("Maya", "Ich bin nur müde.", "heavy")
    empty_talk.say("Jonas", "Du solltest einfach früher ins Bett gehen.", after=0.2)
    empty_talk.say("Maya", "Die Kiste steht auf dem Regal.")
    (moment,) = read_conversation(empty_talk.conversation(language=None)).moments()
    assert moment.verdict == "missed"
    assert "advise" in [act.name for act in moment.reply.acts]
    german = load_suggestions("de")
    assert german is not None
    assert len(set(moment.suggestions) & {line.text for line in german.lines}) >= 2
