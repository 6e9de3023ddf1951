"""Access: API keys, sessions, link tokens, idempotency keys. Who may come in."""
