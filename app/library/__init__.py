"""The library of a practice on the disk: what people wrote in a database, recordings and what was computed in files."""

from app.library.library import FILES_LOCK, PLACE, Library, default_folder

__all__ = ["FILES_LOCK", "PLACE", "Library", "default_folder"]
