"""Files as people bring them: encoding, delimiter, columns, rows, limits."""
