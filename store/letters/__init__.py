"""Letters: outbox, gate, start, delivery results, and what came back."""
