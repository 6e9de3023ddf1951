"""The mailboxes of the embedded default: every letter as its reader gets it, so that one person can play every part."""
