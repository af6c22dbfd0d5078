"""The one family of errors that a person can cause; each message is one sentence that says what to do."""


class UndertoneError(Exception):
    """Something a person can put right. `str(error)` is one sentence, fit to be shown as it is."""


def first_line(error: Exception) -> str:
    """What went wrong, to stand within a sentence of ours: an error's first line, or its kind where it says nothing."""
    return (str(error).strip() or type(error).__name__).partition("\n")[0].rstrip(".")


class RecordingError(UndertoneError):
    """A recording that cannot be opened or analysed."""


class TranscriptError(UndertoneError):
    """A transcript that cannot be read."""


class SpeakersError(UndertoneError):
    """Who speaks when cannot be told with the engine, the file or the number of speakers asked for."""


class EngineError(UndertoneError):
    """An engine that was asked for by name cannot run here."""
