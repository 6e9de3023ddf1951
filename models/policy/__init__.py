"""Policies: how patient and strict a programme is, as versioned data. Imports the words and `models.time`."""
