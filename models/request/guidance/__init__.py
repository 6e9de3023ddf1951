"""Guidance: what a requester is told while they write. Who reads it, what is usual, whom they could ask."""
