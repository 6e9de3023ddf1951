"""Patience and open hours: durations and days of the receiver, told as data, never looked up."""
