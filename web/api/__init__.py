"""How do other programs start and follow introductions? JSON under /api/v1, with keys, once per Idempotency-Key."""
