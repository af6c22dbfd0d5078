"""The phrases behind the acts of a reply: one readable file a language, named by its ISO 639-1 code."""
