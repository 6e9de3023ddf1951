"""The overview: what waits, what was asked for, what was agreed to. And what can be done about it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.base import Frozen
from models.ids import IntroductionId, PersonId
from models.letters import Role
from models.news import TookBack, Withdrew
from models.process.possible import Act
from models.process.verdict import Refused
from models.record.disclosure import Progress
from store.access import link_tokens
from store.asks import held_answers
from store.asks import private_notes as notes
from store.asks.private_notes import Note
from store.boundaries import resting_asks
from store.boundaries.resting_asks import Pause
from store.letters.start_letter import KEEPS_OPENING
from store.people.person import Profile
from store.views.own import history, participation, questions
from store.views.own.history import GivenContact, LentName
from store.views.own.participation import MyConsent, MyRequest
from store.views.own.questions import WaitingAsk
from web.me.confirmations import told
from web.shared.acts.own_acts import look_once_more, own_acts
from web.shared.acts.submit_news import hand_in
from web.shared.house import House, house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]


class Overview(Frozen):
    asks: tuple[WaitingAsk, ...]
    requests: tuple[MyRequest, ...]
    consents: tuple[MyConsent, ...]
    given: dict[IntroductionId, GivenContact]  # of each introduction that came about, how to reach the other
    lent: tuple[LentName, ...]  # what they said as a connector, and how it ended
    notes: tuple[Note, ...]
    resting: tuple[Pause, ...]  # where their asks rest
    editable: frozenset[IntroductionId]  # of the requests: the core would take new words of them
    withdrawable: frozenset[IntroductionId]  # of the requests: the core would take them back
    revocable: frozenset[IntroductionId]  # of the agreements: the core would take the yes back


async def show(request: Request, me: Profile) -> Response:
    house = house_of(request)
    now = house.clock()
    found = await house.database.read(lambda connection: overview(connection, me.person.id, now))
    return page(
        request,
        "me/overview.html",
        reader_like(request, me),
        me=me,
        found=found,
        can_ask=next((each.programme for each in me.belongings if each.requests), None),
        said=told(request),
        nonce=new_nonce(house.keys, bound_to(me)),
        embedded=house.embedded,
    )


def standing(given: Iterable[MyConsent]) -> Iterator[MyConsent]:
    """Of each introduction the newest yes: one to words that have changed since was not taken back by them."""
    seen: set[IntroductionId] = set()
    for each in given:
        if each.introduction not in seen:
            seen.add(each.introduction)
            yield each


def overview(connection: Connection, who: PersonId, now: datetime) -> Overview:
    mine = participation.requests(connection, who, now=now)
    agreed = tuple(standing(participation.consents(connection, who, now=now)))
    under_way = [each.introduction for each in mine if each.progress in (Progress.IN_PROGRESS, Progress.ASKED_AFRESH)]
    as_requester = own_acts(connection, under_way, Role.REQUESTER, now)
    as_target = own_acts(connection, [each.introduction for each in agreed if _lasts(each)], Role.TARGET, now)
    withdrawable = frozenset(key for key, acts in as_requester.items() if Act.WITHDRAW in acts)
    return Overview(
        asks=questions.open_asks(connection, who, now),
        requests=mine,
        consents=agreed,
        given={each.introduction: each for each in history.given_to(connection, who)},
        lent=history.lent_by(connection, who),
        notes=notes.of_person(connection, who),
        resting=resting_asks.of_person(connection, who, now),
        editable=frozenset(key for key, acts in as_requester.items() if Act.EDIT in acts),
        withdrawable=withdrawable,
        revocable=frozenset(
            each.introduction
            for each in agreed
            if _lasts(each)
            and (
                each.introduction in withdrawable
                if each.role == Role.REQUESTER
                else Act.TAKE_BACK in as_target[each.introduction]
            )
        ),
    )


def _lasts(agreed: MyConsent) -> bool:
    return agreed.shared_at is None and agreed.taken_back_at is None and not agreed.ended


@router.post("/me/asks/{introduction}/{kind}")
async def open_ask(request: Request, me: Me, introduction: str, kind: str) -> Response:
    """A fresh link to the same page the letter leads to: one place to answer, and one token for one question.

    Not by its number, which would tell how many were asked before (S9).
    """
    house = house_of(request)
    raw = await house.database.write(
        lambda connection: fresh_link(connection, house, me, IntroductionId(introduction), kind)
    )
    if raw is None:
        raise HTTPException(404)
    return RedirectResponse(f"/a/{raw}", 303)


def fresh_link(
    connection: Connection, house: House, me: Profile, introduction: IntroductionId, kind: str
) -> str | None:
    ask = questions.unsettled_ask(connection, me.person.id, introduction, kind)
    if ask is None:
        return None
    now = house.clock()
    return link_tokens.mint(
        connection,
        "ask",
        me.person.id,
        now=now,
        expires_at=max(ask.due_at, now) + KEEPS_OPENING,
        introduction=introduction,
        ask=ask.number,
        version=ask.version,
    )


@router.post("/me/asks/{introduction}/{kind}/undo")
async def undo(request: Request, me: Me, introduction: str, kind: str, nonce: Annotated[str, Form()] = "") -> Response:
    """What they have said of how it went, taken back before anybody has heard it."""
    house, mine = house_of(request), IntroductionId(introduction)
    kept_as = read_nonce(house.keys, bound_to(me), nonce)
    if kept_as is None:
        raise HTTPException(422)
    now, once = house.clock(), f"{kept_as}.undo.{kind}"

    def take_back(connection: Connection) -> str | None:
        ask = questions.unsettled_ask(connection, me.person.id, mine, kind)
        if ask is None:
            return None
        why = held_answers.take_back(connection, mine, ask.number, me.person.id, press=once, now=now)
        return why or "undone"

    said = await house.database.write(take_back)
    if said is None:
        raise HTTPException(404)
    return RedirectResponse(f"/me?said={said}", 303)


@router.post("/me/requests/{introduction}/withdrawal")
async def withdraw(request: Request, me: Me, introduction: str, nonce: Annotated[str, Form()] = "") -> Response:
    mine = await house_of(request).database.read(lambda connection: participation.requests(connection, me.person.id))
    if not any(each.introduction == introduction for each in mine):
        raise HTTPException(404)
    return await tell(request, me, IntroductionId(introduction), Withdrew(by=me.person.id), nonce, "withdrawn")


@router.post("/me/consents/{introduction}/withdrawal")
async def take_back(request: Request, me: Me, introduction: str, nonce: Annotated[str, Form()] = "") -> Response:
    """A requester's yes is the request itself: taking it back takes back the request."""
    now = house_of(request).clock()
    given = await house_of(request).database.read(
        lambda connection: participation.consents(connection, me.person.id, now=now)
    )
    mine = next((each for each in given if each.introduction == introduction), None)
    if mine is None:
        raise HTTPException(404)
    me_id = me.person.id
    news = Withdrew(by=me_id) if mine.role == Role.REQUESTER else TookBack(by=me_id)
    return await tell(request, me, mine.introduction, news, nonce, "taken_back")


async def tell(
    request: Request, me: Profile, introduction: IntroductionId, news: Withdrew | TookBack, nonce: str, done: str
) -> Response:
    """Hand it in, and show the page again with what came of it."""
    house = house_of(request)
    kept_as = read_nonce(house.keys, bound_to(me), nonce)
    if kept_as is None:
        raise HTTPException(422)
    once = f"{kept_as}.{news.kind}"  # one page has several buttons: each is sent once, whichever was pressed before
    check = partial(look_once_more, introduction=introduction, news=news, now=house.clock())
    verdict = await hand_in(house, introduction, news, via="own_page", nonce=once, check=check)
    return RedirectResponse(f"/me?said={verdict.reason if isinstance(verdict, Refused) else done}", 303)
