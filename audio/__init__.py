"""Sound in, conversation out: the lowest of the three storeys; imports nothing of the other two."""
