"""What needs an operator now."""
