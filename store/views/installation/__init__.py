"""Installation: what is wrong with it, and what only a person can decide of it."""
