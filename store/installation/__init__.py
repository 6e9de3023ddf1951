"""Facts about the installation itself: which Temporal namespace is its own, and whether its database was restored."""
