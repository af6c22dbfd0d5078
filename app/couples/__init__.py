"""A couple over their sessions: known again by their voices, and what changed."""
