"""Conversation in, moments out: pure functions, no samples, no files, no screen."""
