"""Cells of a file: what one value means, or what is wrong with it."""
