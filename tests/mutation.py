"""Mutation runs: whether each small fault is noticed.

`make mutation ARGS=models/record/warmth.py`; without ARGS, every file of NOTICED_BY.

mutmut puts the faults in; for each, a fork of this process looks whether what the file is noticed by still holds. A
golden page of the core is compared line by line, as far as the first that differs, and only in those lives that come
through the fault: that takes a tenth of a second, where a run of pytest would take half a second to begin. What the
page does not notice, and files that need a database, are shown to pytest.
"""

import argparse
import ast
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.run.compiled_statements import compiling_once

Check = Callable[[str], None]  # raises where something is not as it was; of one function, or of all

DECISIONS, LETTERS = "models/golden/decisions.txt", "models/golden/letters_allowed.txt"
STARTED, SHOWN = "mailroom/golden/letters_started.txt", "store/golden/pages_shown.txt"
CORE: dict[str, tuple[str, ...]] = {  # below models/process, and what is told of a file under tests/models
    "story": ("process/test_conflict_of_interest",),
    "chapters/consent": (
        "process/test_consent_validity",
        "process/test_delivery_hours",
        "process/chapters/test_screening",
        "process/test_story",
    ),
    "chapters/endings": (),
    "objections": (
        "process/chapters/test_screening",
        "process/test_story",
    ),
    "chapters/undo": (
        "process/test_timetable",
        "process/test_story",
    ),
    "timetable": (
        "process/test_timetable",
        "process/test_story",
    ),
    "chapters/departures": (),
    "chapters/follow_up": (
        "process/test_reports",
        "process/test_story",
        "process/test_timetable",
    ),
    "reports": ("process/test_reports",),
    "turn": (
        "process/test_consent_validity",
        "process/test_story",
    ),
    "chapters/second_address": (),
    "chapters/screening": ("process/chapters/test_screening",),
    "chapters/edits": ("process/chapters/test_edits",),
    "chapters/holds": ("process/chapters/test_holds",),
    "chapters/resent_letters": ("process/chapters/test_resent_letters",),
}
NARROW = ("tests/models/process/test_small_faults.py", "tests/models/process/test_answer_limits.py")
DISCLOSURE = (
    "store/letters/gate.py", "store/steps/effects/letters.py", "store/letters/letter_facts.py",
    "store/letters/approved_texts.py",
    "mailroom/compose/filling/__init__.py", "mailroom/compose/filling/common.py", "mailroom/compose/filling/asks.py",
    "mailroom/compose/filling/introductions.py", "mailroom/compose/filling/after_introduction.py",
    "mailroom/compose/names.py",
    "store/letters/receiving_address.py", "store/people/presentation.py",
)  # fmt: skip
PAGES = (
    "store/asks/asks.py", "store/asks/facts.py", "store/views/own/participation.py", "store/views/progress.py",
    "models/record/disclosure.py",
    "web/api/introductions/requester_view.py",
)  # fmt: skip
NOTICED_BY: dict[str, tuple[str, ...]] = {
    "models/record/warmth.py": (LETTERS, "tests/models/record/test_warmth.py"),
    **dict.fromkeys(DISCLOSURE, (STARTED,)),
    **dict.fromkeys(PAGES, (SHOWN,)),
    "models/process/conflict_of_interest.py": ("tests/models/process/test_conflict_of_interest.py",),
    "models/request/blindness.py": ("tests/models/request/test_blindness.py",),
    "store/access/link_tokens.py": ("tests/store/access/test_link_tokens.py",),
    **{
        f"models/process/{name}.py": (DECISIONS, *NARROW, *(f"tests/models/{each}.py" for each in beside))
        for name, beside in CORE.items()
    },
}
ARGUMENTS = (
    "-x",
    "-q",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-k",
    "not postgresql and not guess and not as_it_was",
)
AT_MOST = 20  # seconds of processor for one fault: it may have made something endless


class Mutated(MetaPathFinder, Loader):
    """One file of ours, imported with all its faults in it; which of them acts, if any, is chosen later."""

    def __init__(self, file: str) -> None:
        # Not above: each process of the tests reads the tables of this file, and mutmut takes a second to import.
        from mutmut.mutation.file_mutation import mutate_file_contents

        self.file, self.name = file, file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        found = mutate_file_contents(file, Path(file).read_text(encoding="utf-8"))
        self.code, self.faults = found.code, [f"{self.name}.{fault}" for fault in found.mutant_names]

    def change(self, fault: str) -> str:
        """What this fault changes, in one line."""
        name = fault.removeprefix(f"{self.name}.")
        was, now = (self._function(each) for each in (f"{name.rpartition('__mutmut_')[0]}__mutmut_orig", name))
        lost, new = (" ".join(line for line in one[1:] if line not in other) for one, other in ((was, now), (now, was)))
        return f"{name}: {lost} => {new}"

    def _function(self, name: str) -> list[str]:
        found = next(node for node in ast.walk(ast.parse(self.code)) if getattr(node, "name", "") == name)
        return [line.strip() for line in ast.unparse(found).splitlines()]

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        spec = spec_from_loader(name, self, origin=self.file, is_package=self.file.endswith("__init__.py"))
        if spec and spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(Path(self.file).parent.resolve()))
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.code, self.file, "exec"), module.__dict__)


def survivors(file: str, every: int) -> tuple[int, list[str]]:
    """How many faults were put into this file, and which of them nothing noticed. `every`: the third, the sixth …"""
    mutated = Mutated(file)
    put_in = mutated.faults[every - 1 :: every]
    sys.meta_path.insert(0, mutated)
    checks = _checks(NOTICED_BY[file])
    tests = [each for each in NOTICED_BY[file] if each.startswith("tests/")]
    if _look("", checks, tests):
        sys.exit(f"{file}: something fails without any fault")
    checks = _quicker(file) or checks
    gc.freeze()
    survived: list[str] = []  # whatever that look has imported is now ready for all forks
    for number, fault in enumerate(put_in, 1):
        if not _is_noticed(fault, checks, tests):
            survived.append(mutated.change(fault))
            print(f"  {survived[-1]}", flush=True)
        print(f"\r{number} of {len(put_in)}", end="", file=sys.stderr, flush=True)
    return len(put_in), survived


def _checks(names: Iterable[str]) -> list[Check]:
    from tests.models.exploration import decisions, golden_pages, letters_allowed
    from tests.store.asks.pages_shown import pages_shown
    from tests.store.letters.letters_started import letters_started  # after the faults are in

    written = {
        DECISIONS: decisions.decisions,
        LETTERS: letters_allowed.letters_allowed,
        STARTED: letters_started,
        SHOWN: pages_shown,
    }
    return [lambda _, name=name: golden_pages.compare(name, written[name]) for name in names if name in written]  # type: ignore[misc]


def _quicker(file: str) -> list[Check]:
    """Where only what comes through a fault is told, or looked at, again."""
    from tests.mailroom import noticed_faults  # after the faults are in
    from tests.models.exploration.affected_lives import Reached

    again: dict[str, Callable[[str], Reached | noticed_faults.Looked]] = {
        DECISIONS: Reached,
        STARTED: noticed_faults.of_letters,
        SHOWN: noticed_faults.of_pages,
    }
    return [again[name](file).compare for name in NOTICED_BY[file] if name in again]


def _is_noticed(fault: str, checks: Sequence[Check], tests: Sequence[str]) -> bool:
    child = os.fork()
    if child == 0:
        gc.disable()  # the fork is gone before it would matter
        signal.setitimer(signal.ITIMER_PROF, AT_MOST)
        os._exit(_look(fault, checks, tests))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _look(fault: str, checks: Sequence[Check], tests: Sequence[str]) -> int:
    from mutmut.mutation.trampoline import set_mutant_under_test

    set_mutant_under_test(fault)
    try:
        for check in checks:
            check(fault)
    except BaseException:
        return 1
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return int(pytest.main([*ARGUMENTS, *tests])) if tests else 0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="*", default=list(NOTICED_BY))
    asked.add_argument("--every", type=int, default=1, metavar="N", help="each Nth fault only, where a file takes long")
    told = asked.parse_args()
    for file in told.files:
        child = os.fork()  # each file in a process of its own: the others are as they are
        if child == 0:
            with compiling_once():
                put_in, survived = survivors(file, told.every)
            print(f"{file}: {put_in} put in, {put_in - len(survived)} noticed, {len(survived)} survived", flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
