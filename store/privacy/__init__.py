"""Privacy: retention, erasure, export, and merging two records of one person."""
