"""What does this file say? People and ties read from files: validated records, or a report of every fault."""
