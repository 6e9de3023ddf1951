"""Export: a copy of everything about one person. All that is theirs, and nothing of others'."""
