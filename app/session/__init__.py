"""One session as people put it right: what they wrote, the conversation after it, its moments and its figures."""
