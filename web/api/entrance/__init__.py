"""The entrance of the API: keys, rates, bodies, cursors, idempotency."""
