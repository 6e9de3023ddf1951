"""Hearing of operators in the console: what reaches each of them by letter, and when."""
