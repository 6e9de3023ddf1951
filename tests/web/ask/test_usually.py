"""Whoever asks reads what is usual and whom they could ask: nothing of it moves with a no or a tie of others."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from models.ids import IntroductionId
from models.outcomes import Ending
from models.request.guidance.usual_time import LEAST
from store.requests.usual_time import usual_days_of
from store.tables import ask, introduction, membership, person, tie
from tests import cast
from tests.cast import CARL, MONDAY, PROGRAMME, ROSA, TOMOKO
from tests.support import rows
from tests.support.services.databases import Place
from tests.web.ask.test_request_pages import ASK, look
from tests.web.house import Visited, visited

LAST_MONTH = datetime(2026, 2, 20, tzinfo=MONDAY.tzinfo)
SAID = "Introductions that come about here usually do within about 10 days of the request."


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator", {"requester.new_asks": 9}), place=place) as opened:
        speaks_english = update(person).where(person.c.id == ROSA.id).values(language="en")
        await opened.database.write(lambda connection: connection.execute(speaks_english))
        yield opened


def came_about(connection: Connection, many: int, at: datetime = LAST_MONTH, days: int = 8, track: str = "") -> None:
    for number in range(many):
        who = [_somebody(connection, f"{track}{role}_{number // 2}") for role in ("asks", "knows", "meets")]
        _row(connection, f"int_{track}_{at.month}_{number}", who, track, at - timedelta(days=days), delivered_at=at)


def ended(connection: Connection) -> None:
    """Some that came to nothing, by each cause, slowly and at once."""
    for number, ending in enumerate((Ending.DECLINED, Ending.LAPSED, Ending.WITHDRAWN, Ending.UNDELIVERABLE) * 10):
        who = [_somebody(connection, f"{role}_{number}") for role in ("in_vain", "silent", "says_no")]
        key = _row(connection, f"int_none_{number}", who, "", LAST_MONTH, ending=ending, closed_at=LAST_MONTH)
        about = {"introduction": key, "number": 1, "kind": "approve", "role": "connector", "person": who[1]}
        told = {"version": 1, "opened_at": LAST_MONTH, "due_at": LAST_MONTH, "state": "answered", "by_hand": False}
        said = {"answered_at": LAST_MONTH + timedelta(hours=number), "answer": {"kind": "connector_declined"}}
        connection.execute(insert(ask).values(about | told | said))


async def test_what_is_usual_is_said_of_many_and_moves_with_no_ending_without_an_introduction(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    await house.database.write(lambda connection: came_about(connection, LEAST - 1))
    assert "usually" not in (await rosa.get(ASK)).text
    await house.database.write(lambda connection: came_about(connection, LEAST, MONDAY))
    assert "usually" not in (await rosa.get(ASK)).text, "this month counts from the next on"
    await house.database.write(_one_more)
    before = [(await look(rosa)).text, (await rosa.get(ASK)).text]
    assert [SAID in page for page in before] == [True, True]
    await house.database.write(ended)
    after = [(await look(rosa)).text, (await rosa.get(ASK)).text]
    assert [_without_nonce(page) for page in after] == [_without_nonce(page) for page in before]


async def test_each_track_has_a_time_of_its_own(house: Visited) -> None:
    def both(connection: Connection) -> list[int | None]:
        came_about(connection, LEAST, days=2, track="urgent")
        came_about(connection, LEAST, days=12, track="normal")
        far = MONDAY + timedelta(days=90)
        return [usual_days_of(connection, PROGRAMME, track, MONDAY, far) for track in ("urgent", "normal", "other")]

    assert await house.database.write(both) == [2, 14, None]


async def test_where_endings_are_told_in_batches_the_page_says_when(place: Place, tmp_path: Path) -> None:
    rules = cast.policy("accelerator", {"requester.closings_every": "7 d"})
    async with visited(tmp_path, rules, place=place) as opened:
        speaks_english = update(person).where(person.c.id == ROSA.id).values(language="en")
        await opened.database.write(lambda connection: connection.execute(speaks_english))
        page = (await (await opened.signed_in(ROSA)).get(ASK)).text
        assert re.search(
            r"you may hear sooner: such news goes out every 1 week, for the first time on <time[^>]*>Monday 9 March",
            page,
        )


async def test_where_endings_are_told_on_named_days_the_page_says_the_first_of_them(
    place: Place, tmp_path: Path
) -> None:
    rules = cast.policy("accelerator", {"requester.closings_on": ["thu"]})
    async with visited(tmp_path, rules, place=place) as opened:
        page = (await (await opened.signed_in(ROSA)).get(ASK)).text
        assert re.search(r"días fijos de la semana; la primera vez, el <time[^>]*>jueves 5 de marzo", page), (
            "in Spanish"
        )


async def test_whom_one_could_ask_is_the_same_whatever_others_know_do_or_forbid(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    fits = {TOMOKO.id: ["silent valves", "grid"], CARL.id: ["payments"]}
    await house.database.write(lambda connection: _show(connection, fits))
    need = {"who": "need", "need": "Somebody who knows silent valves", "channels": []}
    before = (await look(rosa, **need)).text
    assert "Perhaps one of these members fits already" in before
    form = (await rosa.get(ASK)).text
    assert "Fits: silent valves" in form
    assert form.count(f'value="{TOMOKO.id}"') == 1
    await house.database.write(_everything_between_others)
    assert _without_nonce((await look(rosa, **need)).text) == _without_nonce(before)
    assert (await rosa.get(ASK)).text == form
    assert "Fits:" not in (await look(rosa, looked_for="tomoko", person="")).text


def _everything_between_others(connection: Connection) -> None:
    """Ties gone and new ones there, endings of every kind, one who is asked for already."""
    connection.execute(delete(tie))
    rows.knows(connection, CARL, ROSA, 5, MONDAY)
    ended(connection)
    who = [_somebody(connection, "another"), CARL.id, TOMOKO.id]
    _row(connection, "int_live", who, "", MONDAY, live=True)


def _show(connection: Connection, topics: dict[Any, list[str]]) -> None:
    for who, shown in topics.items():
        connection.execute(update(person).where(person.c.id == who).values(topics=shown))
    connection.execute(update(membership).where(membership.c.person.in_(topics)).values(listed=True))
    rows.fold_anew(connection)


def _one_more(connection: Connection) -> None:
    who = [_somebody(connection, f"one_{role}") for role in ("asks", "knows", "meets")]
    _row(connection, "int_one_more", who, "", LAST_MONTH - timedelta(days=8), delivered_at=LAST_MONTH)


def _somebody(connection: Connection, name: str) -> str:
    key = f"per_{name}"
    own = {"id": key, "tenant": rows.TENANT, "name": name, "language": "en", "zone": "UTC"}
    if connection.execute(select(person.c.id).where(person.c.id == key)).scalar() is None:
        connection.execute(insert(person).values(own | {"topics": [], "places": [], "created_at": MONDAY}))
    return key


def _row(
    connection: Connection, key: str, who: list[Any], track: str, asked_at: datetime, **more: Any
) -> IntroductionId:
    requester, connector, target = who
    own = {"id": key, "programme": PROGRAMME, "requester": requester, "target": target, "connector": connector}
    told = {"made_by": "requester", "opening": {"track": track}, "asked_at": asked_at, "promised_at": asked_at}
    rest = {"live": False, "step": 9, "stage": "closed", "waiting_on": "nobody", "version": 1, "approved": True}
    ledger = {"told": True, "ledger_seq": 0, "ledger_hash": "0"}
    connection.execute(insert(introduction).values(own | told | rest | ledger | more))
    return IntroductionId(key)


def _without_nonce(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if 'name="nonce"' not in line)
