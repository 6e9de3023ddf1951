"""Fixtures of the command's tests. A terminal in front of a data folder that is not there yet."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.terminal import Terminal, without_ours


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in set(os.environ) - set(without_ours()):
        monkeypatch.delenv(name)
    return Terminal(tmp_path / "data")


@pytest.fixture
def sample(terminal: Terminal) -> Terminal:
    """The same, with the sample programme in its database."""
    import asyncio

    from commands.installation.run import seed_sample

    assert terminal.type("migrate").code == 0
    asyncio.run(seed_sample(f"sqlite:///{terminal.data / 'introbroker.db'}"))
    return terminal


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[str]"]]:
    """Whatever a test starts and puts here has ended when it is over."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)
