"""Introductions under way in the sample world: a few requests at the real door, and what some of its people answer.

Requests are kept as any other, and the sweep begins them. The answers lie in the inbox until their questions have been
asked, and are heard like anybody's. Rosa, Carl and Tomoko are left to whoever plays.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.ids import AskNumber, ChannelId, IntroductionId, PersonId
from models.news import ConnectorApproved, News, OptedIn
from models.request.request import Listed, Need, Request, Whom
from store.engine.ids import new_id
from store.journal import inbox
from store.people import person
from store.requests.new_requests import RequestKept, keep_request
from store.sample.world import PROGRAMME, person_called

CONNECTORS, TARGETS, REQUESTERS = AskNumber(1), AskNumber(2), AskNumber(3)
ASKED_BY_THEN = timedelta(seconds=20)  # the workflow has begun, and the question stands
WORDING = "the sample world"


def bring_to_life(connection: Connection, now: datetime) -> None:
    """One at each stage: an operator's turn, a connector's, a party's, and one about to be introduced."""
    credit = "Somebody who has lent to farm cooperatives before they had books."
    _ask(connection, "lucia", Need(words=credit), "soil maps of two provinces", now)
    _ask(connection, "joao", Listed(person=_called(connection, "emeka")), "berth times of eleven ports", now)
    one = _ask(connection, "lucia", Listed(person=_called(connection, "amara")), "two seasons of harvests", now)
    _approve(connection, one, "mateo", now)
    other = _ask(connection, "nadia", Listed(person=_called(connection, "hanna")), "what insurers told us", now)
    _approve(connection, other, "priya", now)
    _agree(connection, other, "hanna", TARGETS, now)
    _agree(connection, other, "nadia", REQUESTERS, now)


def _ask(connection: Connection, who: str, whom: Whom, offer: str, now: datetime) -> IntroductionId:
    asked = Request(
        programme=PROGRAMME,
        requester=_called(connection, who),
        whom=whom,
        wanted="twenty_minutes",
        why="You have done what we are about to try, and you write about what went wrong.",
        offer=f"Whatever is of use to you of this: {offer}.",
        note=f"We have {offer}, and would like to hear in twenty minutes what you would do with that.",
        channels=_channels(connection, who),
    )
    kept = keep_request(connection, asked, now)
    assert isinstance(kept, RequestKept), kept
    return kept.opening.id


def _approve(connection: Connection, introduction: IntroductionId, who: str, now: datetime) -> None:
    _answer(
        connection,
        introduction,
        ConnectorApproved(ask=CONNECTORS, by=_called(connection, who), vouch="introduce", wording=WORDING),
        now + ASKED_BY_THEN,
    )


def _agree(connection: Connection, introduction: IntroductionId, who: str, ask: AskNumber, now: datetime) -> None:
    yes = OptedIn(ask=ask, by=_called(connection, who), channels=_channels(connection, who), wording=WORDING)
    _answer(connection, introduction, yes, now + 2 * ASKED_BY_THEN)


def _answer(connection: Connection, introduction: IntroductionId, news: News, at: datetime) -> None:
    inbox.put(connection, introduction_id=introduction, news=news, via="link", nonce=new_id("non"), now=at)


def _called(connection: Connection, key: str) -> PersonId:
    found = person_called(connection, key)
    assert found, key
    return found


def _channels(connection: Connection, who: str) -> tuple[ChannelId, ...]:
    mine = person.profile(connection, _called(connection, who))
    return tuple(each.id for each in mine.channels[:1]) if mine else ()
