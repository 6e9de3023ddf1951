"""Requests at the door: facts for it, drafts, likeness, outsiders, new requests and edits."""
