"""Introductions already under way go on with today's code. Each recorded history is replayed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows.misbehaving.changed_workflow import Impostor
from tests.workflows.stories.other_laws import LAW, LAWS, lay_before
from tests.workflows.stories.record import HISTORIES, recorded
from tests.workflows.stories.replay import files_of, history_of
from tests.workflows.stories.stories import STORIES
from workflows.plugin import converter

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", STORIES)
def test_each_story_has_a_recorded_history(name: str) -> None:
    assert recorded(name), "run `python -m tests.workflows.stories.record`"


@pytest.mark.parametrize(
    "which", [pytest.param("its turn", id="each under one"), pytest.param("all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize(("seed", "law"), list(zip(range(3), LAWS, strict=True)))
def test_every_history_replays_whatever_the_hash_seed_and_the_law_of_clocks(
    seed: int, law: str, which: str, tmp_path: Path
) -> None:
    """Under three other zone databases, where nobody can be asked for holidays; the locked ones serve the stories.

    Each history under one of the three, in turn, and under all of them in the long run: what is in one of them is told
    in the next as well, as its next release has recorded it.
    """
    other = lay_before(tmp_path, LAWS[law])
    turn = (seed, len(LAWS)) if which == "its turn" else (0, 1)
    done = subprocess.run(
        [sys.executable, "-m", "tests.workflows.stories.replay", *map(str, turn)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(seed), **other},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.split() == [str(len(files_of(*turn))), LAW]


async def test_a_careless_change_is_noticed() -> None:
    """The replay above can fail: a workflow with other commands does not meet this history."""
    replayer = Replayer(workflows=[Impostor], data_converter=converter())
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history_of(recorded("happy")[0]))


def test_no_history_holds_a_persons_words_or_address() -> None:
    for file in sorted(HISTORIES.glob("*/*.json")):
        text = "".join(payload.decode() for event in history_of(file).events for payload in _payloads(event))
        assert "@" not in text, file
        assert "pumps" not in text, file


def _payloads(message: object) -> list[bytes]:
    from google.protobuf.message import Message

    assert isinstance(message, Message)
    found: list[bytes] = [message.data] if message.DESCRIPTOR.name == "Payload" else []  # type: ignore[attr-defined]
    for description, value in message.ListFields():
        if description.message_type is None:
            continue
        many = value.values() if hasattr(value, "values") else value if hasattr(value, "__len__") else [value]
        for each in many:
            found += _payloads(each) if isinstance(each, Message) else []
    return found
