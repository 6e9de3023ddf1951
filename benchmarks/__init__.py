"""How fast is it, measured? Run by `make bench`, and the material to measure with."""
