"""What an operator does in a working day: what needs me now, one introduction as a story, its letters, the people."""
