"""Read views for lists and pages: introductions, participation, members, letters in trouble."""
