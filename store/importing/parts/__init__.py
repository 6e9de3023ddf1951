"""Parts every import shares: clean records, remarks, counts, origin, bulk writes."""
