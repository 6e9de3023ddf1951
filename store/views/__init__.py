"""Views for lists and pages: introductions, members, letters in trouble; and what is noted over a look at them."""
