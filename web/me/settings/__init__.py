"""Settings in small steps: one page for each subject, each kept on its own."""
