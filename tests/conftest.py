"""Which fixtures do all tests share? Each module below holds one kind; a new kind is one more line here."""

pytest_plugins = [
    "tests.temporal_env",
    "tests.browser",
    "tests.sink",
    "tests.docs_in_step",
    "tests.store.importing",
]
