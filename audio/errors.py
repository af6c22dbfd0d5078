"""The one family of errors that a person can cause; each message is one sentence that says what to do."""


class UndertoneError(Exception):
    """Something a person can put right. `str(error)` is one sentence, fit to be shown as it is."""


class RecordingError(UndertoneError):
    """A recording that cannot be opened or analysed."""


class TranscriptError(UndertoneError):
    """A transcript that cannot be read."""


class SpeakersError(UndertoneError):
    """Who speaks when cannot be told with the engine, the file or the number of speakers asked for."""


class EngineError(UndertoneError):
    """An engine that was asked for by name cannot run here."""
