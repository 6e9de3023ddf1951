"""Fixtures of all tests. Each module below holds one kind; a new kind is one more line here."""

import signal

from hypothesis import settings

# A busy machine is no fault of the code's: how long an example takes is measured elsewhere.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# Started in the background of a script, Ctrl-C would be ignored, by us and by every process that tests press it for.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = [
    "tests.support.services.temporal_env",
    "tests.support.services.postgres",
    "tests.support.services.databases",
    "tests.support.services.browser",
    "tests.support.services.sink",
    "tests.support.services.listening",
    "tests.support.run.docs_in_step",
    "tests.store.importing.fixtures",
    "tests.support.run.quick_set",
    "tests.support.run.in_turns",
    "tests.support.run.xdist_schedule",
    "tests.support.run.garbage_collection",
    "tests.support.run.compiled_statements",
]
