"""Measurements of speed. Run by `make bench`, and the material to measure with."""
