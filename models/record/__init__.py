"""The record: the ledger of one introduction and what is read from it: warmth, disclosure, invariants."""
