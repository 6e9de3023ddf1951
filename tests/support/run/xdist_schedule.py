"""The distribution of tests over the processes of `pytest -n`. File by file, the longest first.

What is costly is then made once: a file's database in its newest shape, its pages, its browser. The files that explore
every state of the core go to one process together, and so do those that read the sources.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

EVERY_STATE = (
    "tests/models/process/test_every_state.py",
    "tests/models/process/test_possible.py",
    "tests/models/test_words_on_the_wire.py",
    "tests/docs/test_process.py",
)
DOCS = "tests/docs/"  # each file is read apart once for all of them; the process page explores, and stands above
# What takes longest begins first, so that nobody waits for it in the end: test by test, since most of it is waiting.
TEST_BY_TEST = (
    "tests/killing/",
    "tests/commands/demo/test_demo.py",
    "tests/commands/installation/test_run.py",
    "tests/commands/installation/test_cluster.py",
    "tests/web/answers/test_in_a_browser.py",
    "tests/web/test_twin_acts.py",
    "tests/web/test_twins.py",
)
# Then what waits long, or computes long, file by file; the many small files fill what is left in the end.
LONG = (
    "tests/web/test_twin_windows.py",
    "tests/store/letters/test_gate.py",
    "tests/workflows/test_stories.py",
    "tests/store/test_releases.py",
    "tests/store/engine/test_each_migration.py",
    "tests/web/me/",
    "tests/docs/test_privacy.py",
    "tests/policies/test_every_field_matters.py",
    "tests/mailroom/loops/test_races.py",
    "tests/workflows/",
    "tests/commands/",
    "tests/embedded/",
    "tests/web/answers/",
    "tests/web/console/",
    "tests/web/ask/",
    "tests/web/api/test_openapi.py",
    "tests/web/mailboxes/",
    "tests/letters/",
    "tests/store/letters/",
    "tests/store/privacy/",
    "tests/store/steps/test_every_history.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return SharedOut(config, log)


class SharedOut(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells nothing of its types
    """A file at a time, whichever process is free."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # as collected, not by how many tests a file has
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TEST_BY_TEST):
            return nodeid
        together = "every state" if nodeid.startswith(EVERY_STATE) else "documents" if nodeid.startswith(DOCS) else ""
        return together or nodeid.partition("::")[0]


def _turn(nodeid: str) -> int:
    if nodeid.startswith(TEST_BY_TEST):
        return 0
    if nodeid.startswith(EVERY_STATE):
        return 1
    long = (turn for turn, where in enumerate(LONG, start=2) if nodeid.startswith(where))
    return next(long, len(LONG) + 2)
