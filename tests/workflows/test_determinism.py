"""Nothing in workflows and models makes a replay differ. Rules read off the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL = ROOT / "workflows" / "introduction.py"
RECOVERY, RUNS = SHELL.with_name("recovery.py"), SHELL.with_name("runs.py")
PURE = [*sorted((ROOT / "models").rglob("*.py")), SHELL, RECOVERY, RUNS]
LOOKED_UP = {"zoneinfo", "tzdata", "holidays", "calendars", "pytz", "dateutil", "locale"}
FINGERPRINT = Path(__file__).with_name("fingerprint.txt")


def test_the_shells_commands_are_those_the_running_introductions_know() -> None:
    """The order of commands in the source. A change here meets histories that are months old.

    If you changed it on purpose: put the change behind `workflow.patched()`, record a history of the new kind beside
    the old ones (`python -m tests.workflows.stories.record`), see all of them replay, and only then write the new list
    down.
    """
    commands = [
        f"{function.name}: {call}"
        for function in _functions(_tree(SHELL))
        for call in _calls(function)
        if call.startswith("workflow.") and call.removeprefix("workflow.") not in ("now", "all_handlers_finished")
    ]
    assert "\n".join(commands) + "\n" == FINGERPRINT.read_text()


def test_state_that_handlers_use_is_there_before_run() -> None:
    functions = {function.name: function for function in _functions(_tree(SHELL))}
    prepared = _assigned_on_self(functions["__init__"])
    for name in ("run", "deliver", "_record"):
        assert _assigned_on_self(functions[name]) <= prepared, name


def test_a_validator_changes_nothing() -> None:
    functions = {each.name: each for each in _functions(_tree(SHELL))}
    functions |= {each.name: each for each in _functions(_tree(RECOVERY)) if each.name == "knows"}
    allowed = {"workflow.now", "self.recovery.knows"}
    for name in ("check", "knows"):
        assert not _assigned_on_self(functions[name])
        assert {call for call in _calls(functions[name]) if call.startswith(("workflow.", "self."))} <= allowed


@pytest.mark.parametrize("file", PURE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_set_is_iterated_and_no_clock_is_read(file: Path) -> None:
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.For | ast.comprehension):
            assert not isinstance(node.iter, ast.Set | ast.SetComp), file
            assert not (isinstance(node.iter, ast.Call) and _name(node.iter.func) in ("set", "frozenset")), file
        if isinstance(node, ast.Call):
            assert _name(node.func) not in ("datetime.now", "datetime.utcnow", "date.today", "time.time", "hash"), file
            assert not any(word.arg == "default_factory" for word in node.keywords), file


@pytest.mark.parametrize("file", PURE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_nobody_looks_up_the_law_of_clocks_or_a_holiday(file: Path) -> None:
    """They are told as data (docs/decisions/0140). The contracts of pyproject.toml hold it for what is imported."""
    for node in ast.walk(_tree(file)):
        names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {each.partition(".")[0] for each in (*names, *named)} & LOOKED_UP, file
        if isinstance(node, ast.Call):
            assert not (_name(node.func).endswith(".astimezone") and node.args and _name(node.args[0]) != "UTC"), file


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _calls(function: ast.AST) -> list[str]:
    return [_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]


def _assigned_on_self(function: ast.AST) -> set[str]:
    targets = [node.targets for node in ast.walk(function) if isinstance(node, ast.Assign)]
    targets += [[node.target] for node in ast.walk(function) if isinstance(node, ast.AnnAssign | ast.AugAssign)]
    return {
        each.attr
        for group in targets
        for each in group
        if isinstance(each, ast.Attribute) and _name(each.value) == "self"
    }


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
