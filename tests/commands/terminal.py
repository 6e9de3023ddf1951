"""Typed commands. In this process where it only looks or changes rows; else in one of its own."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli import app
from tests.support.services.listening import at

ROOT = Path(__file__).parents[2]


class Typed:
    """What a command said, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """A terminal in front of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def type(self, *words: str, **settings: str) -> Typed:
        own = {"INTROBROKER_DATA": str(self.data)} | settings
        done = CliRunner().invoke(app, words, env=own, prog_name="introbroker")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Typed(done.exit_code, done.stdout, done.stderr)

    def start(self, *words: str | socket.socket, **settings: str) -> "subprocess.Popen[str]":
        """A socket among the words is what it serves on: the test holds it, so nobody else takes the port meanwhile."""
        sockets = [each for each in words if isinstance(each, socket.socket)]
        typed = [word for each in words for word in ([each] if isinstance(each, str) else ["--fd", str(each.fileno())])]
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", *typed],
            cwd=self.data.parent,
            env=without_ours()
            | {"INTROBROKER_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
            | (at(sockets[0]) if sockets else {})
            | settings,
            pass_fds=[each.fileno() for each in sockets],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def without_ours() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(("INTROBROKER_", "TEMPORAL_"))}
