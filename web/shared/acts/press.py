"""Presses of a button: the same page with the same words is one act, however often it is sent.

A page has several buttons and one nonce: known by the nonce alone, a no pressed after a yes would be taken for the yes.
"""

import hashlib

from starlette.datastructures import FormData

NOT_SAID = ("nonce", "step", "version")  # the page's own, whatever is answered on it


def known_by(nonce: str, form: FormData) -> str:
    """The inbox's name for it."""
    said = sorted((name, str(value)) for name, value in form.multi_items() if name not in NOT_SAID)
    return hashlib.sha256(f"{nonce} {said}".encode()).hexdigest()
