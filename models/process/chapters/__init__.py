"""The chapters of the story: what follows from each kind of news. Only the rooms of the process import them."""
