"""Pages to print: a summary for the couple and a file for the coach."""
