"""What one introduction begins with, where it can stand, and its whole state."""
