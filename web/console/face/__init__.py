"""The face of a programme in the console: looked at as a letter and as a page before it is kept."""
