"""The journal: the hash-chained ledger and the inbox of news not yet heard."""
