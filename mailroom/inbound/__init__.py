"""Inbound mail: mailboxes read, bounce reports understood; never an answer."""
