"""Files that people bring: validated records of people and ties, or a report of every fault.

People and ties read from files: validated records, or a report of every fault.
"""
