"""The embedded stack: everything one machine needs, started and ended as one tree of processes."""
