"""Loading of the modules of a process that is here to stay, without a search for garbage among them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What modules make stays for good: to look through it again and again was a seventh of every start.

    Afterwards it is set aside, so that no letter and no page waits while all of it is looked through.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
