"""The database engine: units of work, errors, column types, ids, keyed hashes, migrations run. It stands on nothing."""
