"""Nothing waits for ever. Every call that waits for something outside says in the code for how long (L14)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages.identifiers import ROOT, parsed

FOLDERS = ("activities", "commands", "embedded", "intake", "mailroom", "store", "telling", "web", "workflows")
# What waits for others, and the words by which it says how long.
BOUNDED = {
    "AsyncClient": {"timeout"},
    "SMTP": {"timeout"},
    "create_async_engine": {"connect_args"},
    "create_engine": {"connect_args"},
    "execute_activity": {"start_to_close_timeout"},
    "execute_local_activity": {"start_to_close_timeout", "schedule_to_close_timeout"},
    "execute_update": {"rpc_timeout"},
    "start_workflow": {"rpc_timeout"},
    "wait_condition": {"timeout"},  # None, said on purpose: a workflow waits beside the alarm it has set itself
}
SMTP_COMMANDS = {name: {"timeout"} for name in ("rset", "mail", "rcpt", "execute_command", "quit")}


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    """What waits for others, of all that is called in a file."""
    return tuple((name, call) for name, call in _calls(path) if name in BOUNDED or name in SMTP_COMMANDS)


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield str(getattr(node.func, "attr", None) or getattr(node.func, "id", "")), node


def files() -> list[Path]:
    return [ROOT / each for each in ("server.py", "worker.py", "mailer.py")] + [
        path for each in FOLDERS for path in (ROOT / each).rglob("*.py")
    ]


def test_every_call_that_waits_for_others_says_how_long() -> None:
    seen, endless = set(), []
    for path in files():
        bounded = BOUNDED | (SMTP_COMMANDS if path == ROOT / "mailroom" / "transport" / "smtp.py" else {})
        for name, call in calls(path):
            if name in bounded:
                seen.add(name)
                if not bounded[name] <= {keyword.arg for keyword in call.keywords}:
                    endless.append(f"{path.relative_to(ROOT)}:{call.lineno} {name}")
    assert endless == []
    assert seen >= {"create_async_engine", "create_engine", "execute_update", "execute_local_activity", "SMTP", "rcpt"}


@pytest.mark.parametrize("name", ["create_engine", "create_async_engine"])
def test_engines_are_made_in_one_place(name: str) -> None:
    """Where their patience is written; a second place would forget it."""
    made = {path.relative_to(ROOT).as_posix() for path in files() for called, _ in calls(path) if called == name}
    assert made == {"store/engine/database.py"}
