"""Audit: the ledger verified, and the proof behind each letter."""
