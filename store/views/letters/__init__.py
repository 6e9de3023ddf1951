"""What staff read of letters: how each stands, which are held, and what is the matter with some."""
