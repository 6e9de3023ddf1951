"""Commands about an installation: run, processes, migrate, logs, received mail."""
