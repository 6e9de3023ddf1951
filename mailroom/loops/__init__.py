"""The loops of a mailroom: drain, sweep, workflow monitor, retention, erasure."""
