"""The house every page stands in: its store, its workflows, its keys, its clock, its templates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from fastapi import Request
from jinja2 import Environment

from models.ids import IntroductionId
from models.news import Envelope
from models.process.state.opening import Opening
from models.process.verdict import Refused, Taken
from store.engine.database import Database
from store.engine.secrets import Keys
from workflows.client import Away, NotRunning

MAILBOXES = "introbroker.mailboxes"  # in the scope of a request for which they are open
Clock = Callable[[], datetime]
Reception = Taken | Refused | Away | NotRunning


class Introductions(Protocol):
    """The running introductions, as pages reach them: begin one, or hand one its news."""

    async def start(self, opening: Opening) -> bool: ...

    async def deliver(self, introduction: IntroductionId, envelope: Envelope) -> Reception: ...


class SampleLetter(Protocol):
    """A letter to look at, written by the mailroom, which pages do not know."""

    def __call__(
        self,
        *,
        programme: str,
        language: str,
        sender: str | None,
        signature: str | None,
        opening: str,
        colour: str | None,
        picture: tuple[str, int, int] | None,
        now: datetime,
    ) -> str: ...


class RequestLetter(Protocol):
    """The letter of a request that is not sent yet, as whoever may introduce gets it."""

    def __call__(
        self,
        *,
        language: str,
        zone: str,
        programme: str,
        staff: str,
        elsewhere: str,
        face: tuple[str | None, str | None, str | None, tuple[str, int, int] | None],
        requester: tuple[str, str, str],
        target: str,
        texts: dict[str, str],
        answers: tuple[tuple[str, str], ...],
        now: datetime,
        due_at: datetime,
    ) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Made once by the composition root and never changed; `request.app.state.house` holds it."""

    database: Database
    introductions: Introductions
    keys: Keys
    clock: Clock  # aware UTC: pages are told the time, they never look
    public_url: str  # where links lead, without a slash at the end
    # For this request there are mailboxes, and one person may play every role: see web/shared/local_requests.py.
    embedded: bool
    templates: Environment
    sample_letter: SampleLetter
    request_letter: RequestLetter


def house_of(request: Request) -> House:
    """The house this request came to, as it is for this request: it shows mailboxes to nobody but who was looked at."""
    house = house_built(request)
    return house if request.scope.get(MAILBOXES, False) or not house.embedded else replace(house, embedded=False)


def house_built(request: Request) -> House:
    """As the composition root made it, whoever asks."""
    house = request.app.state.house
    assert isinstance(house, House)
    return house
