"""A version after ours, made of a copy of our packages: it knows one more kind of news, and writes fields we do not.

So that going forward, going back and working side by side are tried with two programs, without another commit at hand.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    *("models", "workflows", "activities", "mailroom", "store", "letters", "telling", "web", "intake", "embedded"),
    *("policies", "commands", "calendars", "images", "settings"),
)
FILES = ("worker.py", "server.py", "mailer.py", "cli.py", "loopback.py")
# A program of the later version: news that only it knows, kept and handed over; its step changes nothing else.
GREETING = """
import asyncio, sys
from datetime import UTC, datetime
import settings
from models.news import Greeted
from store.engine.database import database
from store.journal import inbox
from workflows.client import IntroductionClient
from workflows.connection import connect
from workflows.plugin import plugin

async def greet(which):
    told, now = settings.load(), datetime.now(UTC)
    async with database(told.database_url) as opened:
        kept = await opened.write(lambda connection: inbox.put(
            connection, introduction_id=which, news=Greeted(by="per_rosa"), via="link", nonce="greet", now=now))
        print(await IntroductionClient(await connect(told.temporal, [plugin()])).deliver(which, kept.envelope))

asyncio.run(greet(sys.argv[1]))
"""

# What is changed, in which file: the text that stands there, and what stands there then.
CHANGES = (
    (
        "models/news.py",
        "News = Annotated[\n    RequestConfirmed",
        'class Greeted(Frozen):\n    kind: Literal["greeted"] = "greeted"\n    by: str\n\n\n'
        "News = Annotated[\n    Greeted\n    | RequestConfirmed",
    ),
    ("models/news.py", "import Annotated, get_args", "import Annotated, Literal, get_args"),
    ("models/asks.py", "    agreed: bool = False", '    wished: str = "a later version\'s"\n    agreed: bool = False'),
    (
        "models/process/story.py",
        "def decide(introduction: Introduction, news: News, now: datetime) -> Step | Refused:\n",
        "def decide(introduction: Introduction, news: News, now: datetime) -> Step | Refused:\n"
        '    if news.kind == "greeted":\n'
        '        return Step(after=introduction.model_copy(update={"step": introduction.step + 1}), news=news)\n',
    ),
)


def make_later(folder: Path) -> Path:
    """Where it lies."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    for name, stands, then in CHANGES:
        text = (folder / name).read_text()
        assert text.count(stands) == 1, f"{name} has changed: say anew what a later version does there"
        (folder / name).write_text(text.replace(stands, then))
    return folder


def program(*words: str) -> list[str]:
    """A command of ours, or of the later version, by what surrounds it."""
    return [sys.executable, "-P", "-m", "cli", *words]


def surroundings(version: Path, **settings: str) -> dict[str, str]:
    """Its code comes before any other."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("INTROBROKER_", "TEMPORAL_"))}
    return ours | {"PYTHONPATH": str(version), "PYTHONUNBUFFERED": "1"} | settings
