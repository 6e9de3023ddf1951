"""People: their records, addresses, locale, and who they are to each other as records."""
