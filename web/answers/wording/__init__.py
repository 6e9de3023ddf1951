"""Words on answer pages: openings of a sentence, blind requests, and notes that stay with staff."""
