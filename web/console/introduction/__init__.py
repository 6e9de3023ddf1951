"""One introduction in the console: its page and what an operator may do to it."""
