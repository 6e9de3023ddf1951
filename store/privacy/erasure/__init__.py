"""Erasure that holds. Asked for, carried through step by step, and proven."""
