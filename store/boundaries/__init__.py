"""Boundaries people draw: opt-outs, blocks, conflicts, resting asks, suppressions."""
