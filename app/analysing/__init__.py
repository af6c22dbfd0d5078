"""From a recording to all that a session keeps: in a process of its own, and as files for the browser."""
