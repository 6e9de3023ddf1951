"""The mailroom: planned letters composed, asked once more whether they may go, handed to the relay, counted."""
