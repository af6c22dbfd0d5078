"""What could be said instead: one file a language."""
