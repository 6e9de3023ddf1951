"""What does somebody get who asks for a copy of everything about them? All that is theirs, and nothing of others'."""
