"""Introductions over the API: requests, their acts, and what staff read and do."""
