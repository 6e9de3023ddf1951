"""Which fixtures do all tests share? Each module below holds one kind; a new kind is one more line here."""

from hypothesis import settings

# A busy machine is no fault of the code's: how long an example takes is measured elsewhere.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

pytest_plugins = [
    "tests.temporal_env",
    "tests.postgres",
    "tests.databases",
    "tests.browser",
    "tests.sink",
    "tests.docs_in_step",
    "tests.store.importing",
    "tests.sharing_out",
]
