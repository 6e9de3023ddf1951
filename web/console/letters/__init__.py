"""Letters in the console: those in trouble, and those of unknown fate."""
