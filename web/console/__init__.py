"""The operators' console: what needs me now, one introduction as a story, its letters, the people."""
