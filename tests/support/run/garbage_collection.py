"""Garbage collection while tests run. Seldom, and never again through what is there for good.

Whatever was made to collect the tests (thousands of them, and every module of ours) stays until the end; looking
through it again and again took an eighth of the time of all tests.
"""

import gc

SELDOM = (20_000, 20, 20)  # things made, and how often the young and the older are looked through before the next

gc.set_threshold(*SELDOM)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
