"""The record: the ledger of one introduction, what is read from it (warmth, disclosure, invariants), its plays."""
