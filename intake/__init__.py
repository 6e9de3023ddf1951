"""Intake: files of people, ties and conflicts turned into records for the store, or a report of every fault.

People and ties read from files: validated records, or a report of every fault.
"""
