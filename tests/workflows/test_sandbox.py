"""Is every introduction kept apart from the world, and from each other, though the workflow is compiled but once?"""

import sys
from importlib.util import module_from_spec
from types import ModuleType

import pytest
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from tests.workflows import looking_around
from tests.workflows.record import recorded
from tests.workflows.replay import history_of
from workflows.compiling import CompiledOnce
from workflows.plugin import RESTRICTIONS, converter

NAME = looking_around.__name__


async def test_no_clock_no_dice_no_file_and_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [CompiledOnce(NAME), *sys.meta_path])
    replayer = Replayer(
        workflows=[looking_around.LooksAround],
        data_converter=converter(),
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
    )
    history = history_of(recorded("happy")[0])
    for _ in range(2):
        await replayer.replay_workflow(history)


def test_each_gets_a_module_of_its_own_from_one_compiled_text() -> None:
    finder = CompiledOnce(NAME)
    first, second = fresh(finder), fresh(finder)
    assert first.LEFT_BEHIND is not second.LEFT_BEHIND
    assert first.refused.__globals__ is not second.refused.__globals__
    assert first.refused.__code__ is second.refused.__code__
    assert finder.find_spec("tests.workflows.looking", None) is None, "of nobody else's package"


def fresh(finder: CompiledOnce) -> ModuleType:
    spec = finder.find_spec(NAME, list(sys.modules["tests.workflows"].__path__))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
