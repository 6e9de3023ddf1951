"""New ids. From the operating system's randomness, with a prefix that says what is named."""

import secrets


def new_id(prefix: str) -> str:
    """An opaque id such as `int_3f…`: 96 random bits. For links use a token: an id opens nothing."""
    return f"{prefix}_{secrets.token_hex(12)}"
