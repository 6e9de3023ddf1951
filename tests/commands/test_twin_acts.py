"""Acts at the terminal in twin histories: what a command answers tells no earlier than the console would (S8, S41)."""

import asyncio
from pathlib import Path

import pytest

from models.news import Barred, OptedOut
from tests import cast
from tests.cast import CARL, ROSA, TOMOKO
from tests.commands.terminal import Terminal
from tests.support.news_phrases import approves, declines
from tests.web.test_twins import AT_REQUEST, HOUR, Cause, after, rules, say
from tests.web.twins import Twin, plain, twins

ENDS: dict[str, tuple[Cause, Cause]] = {
    "the connector declined": ((), (declines(CARL),)),
    "the target declined": ((approves(CARL),), (declines(TOMOKO),)),
    "the target opted out": ((approves(CARL),), (OptedOut(by=TOMOKO.id),)),
    "kept apart": ((approves(CARL),), (Barred(),)),
}
TYPED: dict[str, tuple[str, ...]] = {
    "keep apart": ("conflict", "add", ROSA.id, TOMOKO.id),
    "keep apart, for programs": ("conflict", "add", ROSA.id, TOMOKO.id, "--json"),
    "keep organisations apart": ("conflict", "add", TOMOKO.id, "Anything"),
    "merge her record": ("people", "merge", CARL.id, ROSA.id, "--yes"),
    "merge their record": ("people", "merge", CARL.id, TOMOKO.id, "--yes"),
    "give her a kind": ("people", "kind", ROSA.id, "none"),
    "foresee her erasure": ("erase", ROSA.id, "--dry-run"),
}


def at(twin: Twin, folder: Path) -> Terminal:
    (folder / "data").mkdir(exist_ok=True)
    return Terminal(folder / "data")


async def typed(twin: Twin, folder: Path, words: tuple[str, ...]) -> str:
    """What it says, where nothing has been typed before."""
    url = f"sqlite:///{folder / 'pages.db'}"
    done = await asyncio.to_thread(at(twin, folder).type, *words, INTROBROKER_DATABASE_URL=url)
    return plain(f"{done.code} {done.out} {done.err}")


@pytest.mark.parametrize("cause", ENDS.values(), ids=ENDS)
async def test_a_command_is_answered_alike_whatever_has_ended_it(tmp_path: Path, cause: tuple[Cause, Cause]) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    before, ending = cause
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, *before)
        await after(both, HOUR)
        await say(both[0], *ending)
        for name, words in TYPED.items():
            folders = (tmp_path / "one", tmp_path / "other")
            answers = [await typed(twin, folder, words) for twin, folder in zip(both, folders, strict=True)]
            assert answers[0] == answers[1], name
