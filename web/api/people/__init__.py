"""People over the API: their rights, kinds, and conflict lists."""
