"""The walk of a yes, traced: which files of ours a POST enters, from the door to the recorded step and the answer.

`.venv/bin/python -m tests.docs.pages.walk` prints it, file by file. The running workflow is played by the tests'
engine, which asks the same core and records with the same function, so that nothing but the walk is traced.
"""

import asyncio
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from models.asks import AskKind
from store.access import link_tokens
from tests import cast
from tests.cast import CARL, TOMOKO
from tests.docs.pages.identifiers import ROOT
from tests.support.news_phrases import approves, last_ask
from tests.web.house import nonce_on, visited

_ASIDE = ("tests", ".venv", "benchmarks")


class Walk:
    """The files in the order in which they were first entered, and how often a call led into another folder."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.crossings = self.transactions = 0
        self.is_on = False  # from the POST to its answer

    @property
    def folders(self) -> set[str]:
        return {Path(file).parent.as_posix() for file in self.files}

    def __str__(self) -> str:
        return f"{len(self.files)} files in {len(self.folders)} folders, {self.transactions} transactions"

    def enter(self, frame: FrameType, event: str, _: Any) -> None:
        if not self.is_on or event != "call" or (here := _file(frame)) is None:
            return
        self.files.setdefault(here)
        self.transactions += (here, frame.f_code.co_name) == ("store/engine/database.py", "_transact")
        before = _caller(frame)
        self.crossings += before is not None and Path(before).parent != Path(here).parent


def walk_of_a_yes(folder: Path) -> Walk:
    with _traced() as walk:
        asyncio.run(_yes(folder, walk))
    return walk


async def _yes(folder: Path, walk: Walk) -> None:
    """Tomoko presses Yes on the page behind her link."""
    async with visited(folder, cast.policy("demo")) as house:
        introduction = await house.engine.asked(cast.opening("demo"))
        await house.engine.hear(introduction, approves(CARL))
        state = house.engine.states[introduction]
        ask = next(each for each in state.open_asks() if each.kind == AskKind.OPT_IN and each.person == TOMOKO.id)
        raw = await house.database.write(
            lambda connection: link_tokens.mint(
                connection,
                "ask",
                TOMOKO.id,
                now=house.clock(),
                expires_at=ask.due_at,
                introduction=introduction,
                ask=last_ask(state, TOMOKO.id),
                version=state.version,
            )
        )
        tomoko = house.stranger()
        page = (await tomoko.get(f"/a/{raw}")).text
        form = {"nonce": nonce_on(page), "choice": "yes", "channels": "cha_tomoko_mail"}
        walk.is_on = True
        answer = await tomoko.post(f"/a/{raw}", data=form)
        walk.is_on = False
        assert answer.status_code == 303, "the yes is taken, and she is led back to her page"
        assert house.engine.states[introduction].has_opted_in_by(ask)


@contextmanager
def _traced() -> Iterator[Walk]:
    """In the threads that are begun meanwhile as well: those of the database."""
    walk = Walk()
    threading.setprofile(walk.enter)
    sys.setprofile(walk.enter)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def _file(frame: FrameType) -> str | None:
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT):
        return None
    inside = path.relative_to(ROOT)
    return None if inside.parts[0] in _ASIDE else inside.as_posix()


def _caller(frame: FrameType) -> str | None:
    """The nearest file of ours that led here."""
    before = frame.f_back
    while before is not None and _file(before) is None:
        before = before.f_back
    return _file(before) if before is not None else None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk = walk_of_a_yes(Path(folder))
    sys.stdout.writelines(f"{file}\n" for file in walk.files)
    sys.stdout.write(f"{walk}; {walk.crossings} calls from one folder into another\n")


if __name__ == "__main__":
    main()
