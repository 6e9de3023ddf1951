"""Relay: how long one is waited for, and when a programme stops sending."""
