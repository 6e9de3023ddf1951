"""The HTTP API. JSON under /api/v1, with keys, once per Idempotency-Key."""
