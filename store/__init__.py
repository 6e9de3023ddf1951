"""The database: tables, sessions and queries; the one place that speaks SQL."""
