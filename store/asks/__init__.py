"""Asks as their page shows them, and what is kept beside an answer."""
