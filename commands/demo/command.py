"""`introbroker demo`. It starts everything in a folder of its own, plays one introduction, proves it."""

import asyncio
import shutil
import tempfile
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.demo.story import Cast
    from embedded.child import Child
    from embedded.installation import Stack
    from settings import Settings

Folder = Annotated[Path | None, typer.Option(help="Play in this data folder and keep it; else a fresh one is removed.")]
WIDTH = 100
STOPPED = 130  # as shells say of whatever ended by Ctrl-C


def demo(data: Folder = None) -> None:
    """Watch one introduction play all its parts by itself, in under two minutes."""
    from commands.demo.pages import WentWrong
    from commands.errors import CommandRefusal

    folder = data or Path(tempfile.mkdtemp(prefix="introbroker-demo-"))
    try:
        played = asyncio.run(perform(folder.absolute()))
    except WentWrong as problem:
        raise CommandRefusal(f"The demo stopped: {problem}. What the processes said is in {folder}/logs.") from None
    if data is None:
        shutil.rmtree(folder)
    if not played:
        raise typer.Exit(STOPPED)


async def perform(folder: Path) -> bool:
    """False where somebody pressed Ctrl-C in the middle of it."""
    from commands.demo.story import play
    from commands.installation.run import prepare
    from embedded.installation import embedded_stack
    from embedded.ports import any_port
    from embedded.supervisor import StopAsked

    typer.echo(f"Starting a real Temporal server, worker, mailroom and web in {folder} …")
    listening = any_port()
    told = alone(folder, listening.getsockname()[1])
    try:
        async with embedded_stack(told, prepare, typer.echo, children_alone, listening) as stack:
            cast, narrator = await cast_of(told), Narrator()
            try:
                await stack.supervisor.unless_stopped(play(cast, narrator.tell))
            finally:
                await asyncio.gather(*(player.close() for player in cast.everybody()))
            await stack.supervisor.unless_stopped(prove(stack))
    except StopAsked:
        return False
    return True


def alone(folder: Path, port: int) -> "Settings":
    """A stack of its own, whatever this machine's settings say: no letter leaves it."""
    import settings
    from embedded.folder import prepare

    prepare(folder)
    return settings.load(surroundings(folder, f"127.0.0.1:{port}"))


def children_alone(told: "Settings", environment: dict[str, str], listening: int) -> "Sequence[Child]":
    from embedded.installation import our_children

    ours = ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE")
    others = {name: text for name, text in environment.items() if not name.startswith(("INTROBROKER_", "TEMPORAL_"))}
    found = {name: environment[name] for name in ours}
    return our_children(told, others | found | surroundings(told.data, f"{told.host}:{told.port}"), listening)


def surroundings(folder: Path, http: str) -> dict[str, str]:
    nothing = folder / "temporal.toml"
    nothing.touch()  # so that no profile of this account's names a cluster
    return {"INTROBROKER_DATA": str(folder), "INTROBROKER_HTTP": http, "TEMPORAL_CONFIG_FILE": str(nothing)}


async def cast_of(told: "Settings") -> "Cast":
    """The people of the sample world, found on the mail page."""
    from commands.demo.player import Player
    from commands.demo.story import Cast

    somebody = Player("somebody", "/", told.public_url)
    start = await somebody.open("/")
    await somebody.close()

    def called(name: str) -> Player:
        return Player(name, start.link("/mail/", name), told.public_url)

    cast = Cast(rosa=called("Rosa"), carl=called("Carl"), tomoko=called("Tomoko"), olive=called("Olive"))
    for player in cast.everybody():
        await player.leave_old_letters()
    return cast


async def prove(stack: "Stack") -> None:
    """What `introbroker verify` does, over what has just been played."""
    from commands.databases import opened
    from commands.demo.pages import WentWrong
    from commands.introductions.verify import VerifyResult

    async with opened(stack.settings) as database:
        found = await VerifyResult().of(database)
    found.tell()
    if found.faults:
        raise WentWrong("not everything held")


class Narrator:
    """One line for each thing that happens: when, to whom, and what they see."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def tell(self, who: str, what: str) -> None:
        begin = f"{time.monotonic() - self._began:6.1f} s  {who:<7} "
        typer.echo(textwrap.fill(what, WIDTH, initial_indent=begin, subsequent_indent=" " * len(begin)))
