"""Answer pages on a small phone: each ask played by a thumb."""
