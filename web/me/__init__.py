"""A person's own pages: what waits for them, what they asked for and agreed to, and the boundaries they draw."""
