"""A request is kept whole or not at all, once per pair, within its limits, and without a word about others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from models.ids import PersonId
from models.process.state.opening import MadeBy, Opening
from models.record.ledger import START
from models.request.faults import FaultName
from models.request.request import Listed, Need, Outside, Request
from store.engine.database import Database, DatabaseAway, database
from store.requests.new_requests import Faults, RequestKept, keep_request, mark_started
from store.tables import ask, block, channel, introduction, membership, person, suppression, tie, words
from store.tables import request as request_table
from tests.cast import CARL, MONDAY, PROGRAMME, ROSA, ROSAS_MAIL, STAN, TOMOKO, policy
from tests.support import rows
from tests.support.services.databases import Place

RULES = policy("accelerator", {"requester.new_asks": 100, "requester.open_asks": 100})


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, RULES, MONDAY))
        yield opened


def request(**changed: Any) -> Request:
    own: dict[str, Any] = {
        "programme": PROGRAMME,
        "requester": ROSA.id,
        "whom": Listed(person=TOMOKO.id),
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry for ten years.",
        "read": "Your paper of 2024.",
        "offer": "Our test data from forty villages.",
        "note": rows.NOTE,
        "channels": (ROSAS_MAIL,),
        "wording": "request/1/es",
    }
    return Request.model_validate(own | changed)


async def keep(store: Database, asked: Request, at: Any = MONDAY) -> RequestKept | Faults:
    return await store.write(lambda connection: keep_request(connection, asked, at))


async def insist(store: Database, asked: Request) -> RequestKept | Faults:
    """As whoever is told that the database is busy: once more, which a machine under load may need."""
    while True:
        try:
            return await keep(store, asked)
        except DatabaseAway:
            await asyncio.sleep(0.1)


async def kept(store: Database, asked: Request, at: Any = MONDAY) -> Opening:
    answer = await keep(store, asked, at)
    assert isinstance(answer, RequestKept), answer
    return answer.opening


async def names(store: Database, asked: Request, at: Any = MONDAY) -> list[FaultName]:
    answer = await keep(store, asked, at)
    return [fault.name for fault in answer.faults] if isinstance(answer, Faults) else []


async def count(store: Database, table: Any) -> int:
    return await store.read(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one())


async def test_a_request_is_kept_with_all_its_rows(store: Database) -> None:
    opening = await kept(store, request())
    row, texts, version = await store.read(lambda connection: _rows_of(connection, opening))
    assert Opening.model_validate(row.opening) == opening
    assert (row.stage, row.step, row.live, row.version, row.ledger_seq, row.ledger_hash) == (
        "asked",
        0,
        True,
        1,
        0,
        START,
    )
    assert row.promised_at == opening.promised_at > MONDAY
    assert (opening.channels, opening.wording, opening.zone) == ((ROSAS_MAIL,), "request/1/es", "Europe/London")
    assert texts == {
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry for ten years.",
        "read": "Your paper of 2024.",
        "offer": "Our test data from forty villages.",
        "note": rows.NOTE,
    }
    assert version.version == 1
    assert version.note
    assert version.need is None


async def test_a_fault_leaves_no_row(store: Database) -> None:
    assert await names(store, request(note="Hi {{name}}", whom=Outside(name="Ada", organisation="Acme"))) == [
        FaultName.PLACEHOLDER
    ]
    assert await count(store, introduction) == 0
    assert await count(store, words) == 0
    assert await count(store, person) == 7


async def test_channels_of_a_later_opt_in_are_not_kept(store: Database) -> None:
    assert (await kept(store, request(made_by=MadeBy.KEY))).channels == ()


async def test_fifty_at_once_for_one_pair_make_one_introduction(store: Database) -> None:
    answers = await asyncio.gather(*(insist(store, request()) for _ in range(50)))
    assert sum(isinstance(answer, RequestKept) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, Faults)]
    assert {tuple(fault.name for fault in answer.faults) for answer in refused} == {(FaultName.ALREADY_ASKED,)}
    assert await count(store, introduction) == 1


async def test_the_pairs_index_decides_where_another_door_was_quicker(store: Database) -> None:
    """As where two databases' transactions crossed: the row appears after the door has looked."""
    from models.request.door import DoorFacts
    from store.requests import new_requests
    from store.requests.door import at_the_door

    await kept(store, request())

    def crossed(connection: Connection) -> None:
        door = at_the_door(connection, request(), MONDAY)
        facts: DoorFacts = door.facts.model_copy(update={"pair_is_live": False})
        blind = door.model_copy(update={"facts": facts})
        with pytest.raises(Exception, match=r"(?i)unique"), connection.begin_nested():
            new_requests._keep(connection, request(), blind, MONDAY)

    await store.write(crossed)
    assert await count(store, introduction) == 1


async def test_limits_hold_when_requests_come_at_once(place: Place) -> None:
    rules = policy("accelerator", {"requester.new_asks": 3})
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, rules, MONDAY))
        many = [_to(number) for number in range(20)]
        answers = await asyncio.gather(*(insist(opened, asked) for asked in many))
    assert sum(isinstance(answer, RequestKept) for answer in answers) == 3


async def test_somebody_outside_gets_a_row_without_an_address(store: Database) -> None:
    asked = request(whom=Outside(name="ada de la king", organisation="Analytical Engines Ltd"))
    opening = await kept(store, asked)
    assert opening.target
    who = opening.target.id
    row = await store.read(lambda connection: connection.execute(select(person).where(person.c.id == who)).one())
    assert (row.name, row.organisation, row.zone) == ("Ada de la King", "Analytical Engines Ltd", "Europe/London")
    assert row.salt
    own = select(func.count()).select_from(channel).where(channel.c.person == who)
    assert await store.read(lambda connection: connection.execute(own).scalar_one()) == 0
    assert await names(store, asked) == [FaultName.ALREADY_ASKED]


async def test_somebody_on_file_who_reads_exactly_so_is_meant(store: Database) -> None:
    await _put_on_file(store, "per_ada", "Ada King", "Analytical Engines, Inc.")
    opening = await kept(store, request(whom=Outside(name="Ada King", organisation="analytical engines")))
    assert opening.target
    assert opening.target.id == "per_ada"


@pytest.mark.parametrize(
    ("name", "organisation"),
    [("Ada Kíng", "Analytical Engines"), ("Ada King", "Analytical Motors"), ("A King", "Analytical Engines")],
)
async def test_a_near_miss_is_somebody_new(store: Database, name: str, organisation: str) -> None:
    await _put_on_file(store, "per_ada", "Ada King", "Analytical Engines")
    opening = await kept(store, request(whom=Outside(name=name, organisation=organisation)))
    assert opening.target
    assert opening.target.id != "per_ada"


async def test_of_two_who_read_alike_neither_is_meant_until_one_was_asked_for(store: Database) -> None:
    await _put_on_file(store, "per_ada", "Ada King", "Engines")
    await _put_on_file(store, "per_other_ada", "Ada King", "Engines")
    asked = request(whom=Outside(name="Ada King", organisation="Engines"))
    opening = await kept(store, asked)
    assert opening.target
    assert opening.target.id not in ("per_ada", "per_other_ada")
    assert await names(store, asked) == [FaultName.ALREADY_ASKED]


async def test_a_need_has_no_target(store: Database) -> None:
    opening = await kept(store, request(whom=Need(words="Somebody who has sealed a valve"), channels=()))
    assert opening.target is None
    _, texts, version = await store.read(lambda connection: _rows_of(connection, opening))
    assert texts["need"] == "Somebody who has sealed a valve"
    assert version.need


@pytest.mark.parametrize("cause", ["block", "opted_out", "suppressed", "no_tie", "dead_address"])
async def test_nothing_about_others_is_ever_said(store: Database, cause: str) -> None:
    await store.write(lambda connection: _stand_in_the_way(connection, cause))
    assert isinstance(await keep(store, request()), RequestKept)


async def test_only_a_published_pause_is_said(store: Database) -> None:
    until = MONDAY + timedelta(days=9)
    pause = update(person).where(person.c.id == TOMOKO.id).values(paused_until=until, organisation="Valves")
    await store.write(lambda connection: connection.execute(pause))
    answer = await keep(store, request())
    assert isinstance(answer, Faults)
    assert [(fault.name, fault.at) for fault in answer.faults] == [(FaultName.TAKING_ASKS_FROM, until)]
    assert isinstance(await keep(store, request(whom=Outside(name=TOMOKO.name, organisation="Valves"))), RequestKept)


async def test_who_is_not_listed_gone_or_elsewhere_is_equally_unknown(store: Database) -> None:
    await store.write(
        lambda connection: connection.execute(update(person).where(person.c.id == CARL.id).values(erased_at=MONDAY))
    )
    unlisted = await keep(store, request(whom=Listed(person=STAN.id)))
    gone = await keep(store, request(whom=Listed(person=CARL.id)))
    nobody = await keep(store, request(whom=Listed(person=PersonId("per_nobody"))))
    assert unlisted == gone == nobody
    assert isinstance(nobody, Faults)
    assert [fault.name for fault in nobody.faults] == [FaultName.UNKNOWN]


async def test_a_member_without_the_right_is_told_and_a_stranger_is_unknown(store: Database) -> None:
    assert await names(store, request(requester=CARL.id, channels=("cha_carl_mail",))) == [FaultName.MAY_NOT_ASK]
    assert await names(store, request(requester=PersonId("per_nobody"))) == [FaultName.UNKNOWN]
    brought = update(membership).where(membership.c.person == ROSA.id).values(uninvited_since=MONDAY)
    await store.write(lambda connection: connection.execute(brought))
    assert await names(store, request()) == [FaultName.NOT_INVITED]


async def test_the_same_note_to_somebody_else_is_noticed_whatever_the_name(store: Database) -> None:
    await kept(store, request())
    other = rows.NOTE.replace("Tomoko", "Carl")
    assert await names(store, request(whom=Listed(person=CARL.id), note=other)) == [FaultName.SAME_AS_EARLIER]
    own_words = "Carl, we met in Lund; may I ask how your wells behave in winter, when the ground is frozen?"
    assert await names(store, request(whom=Listed(person=CARL.id), note=own_words)) == []


async def test_the_same_person_may_read_the_same_note_after_the_cool_down(store: Database) -> None:
    opening = await kept(store, request())
    await _end(store, opening, "no_route")
    assert await names(store, request(), MONDAY + timedelta(days=89)) == [FaultName.ASKED_LATELY]
    assert await names(store, request(), MONDAY + timedelta(days=91)) == []


async def test_what_was_taken_back_at_once_does_not_count_for_the_cool_down(store: Database) -> None:
    opening = await kept(store, request())
    await _end(store, opening, "withdrawn", closed_at=MONDAY + timedelta(minutes=9))
    assert await names(store, request(), MONDAY + timedelta(minutes=10)) == []


async def test_a_request_its_requester_never_confirmed_does_not_count_either(store: Database) -> None:
    opening = await kept(store, request(made_by=MadeBy.KEY))
    await store.write(lambda connection: _confirm_declined(connection, opening))
    await _end(store, opening, "withdrawn", closed_at=MONDAY + timedelta(days=2))
    assert await names(store, request(), MONDAY + timedelta(days=3)) == []


async def test_started_is_marked_once(store: Database) -> None:
    opening = await kept(store, request())
    await store.write(lambda connection: mark_started(connection, opening.id, MONDAY + timedelta(minutes=1)))
    await store.write(lambda connection: mark_started(connection, opening.id, MONDAY + timedelta(minutes=2)))
    row, _, _ = await store.read(lambda connection: _rows_of(connection, opening))
    assert row.started_at == MONDAY + timedelta(minutes=1)


def _rows_of(connection: Connection, opening: Opening) -> tuple[Any, dict[str, str], Any]:
    row = connection.execute(select(introduction).where(introduction.c.id == opening.id)).one()
    texts = connection.execute(select(words.c.kind, words.c.body).where(words.c.introduction == opening.id)).all()
    version = connection.execute(select(request_table).where(request_table.c.introduction == opening.id)).one()
    return row, {each.kind: each.body for each in texts}, version


def _to(number: int) -> Request:
    note = f"Number {number} reads this: {'abcdefghijklmnopqrst'[number] * (number + 9)} about well number {number**7}."
    return request(whom=Outside(name=f"Person {number}", organisation="Wells"), note=note)


async def _put_on_file(store: Database, key: str, name: str, organisation: str) -> None:
    row = {"id": key, "tenant": rows.TENANT, "name": name, "organisation": organisation, "language": "en"}
    rest = {"zone": "UTC", "topics": [], "places": [], "created_at": MONDAY}
    await store.write(lambda connection: connection.execute(insert(person).values(row | rest)))


async def _end(store: Database, opening: Opening, ending: str, closed_at: Any = None) -> None:
    closed = {"live": False, "stage": "closed", "ending": ending, "closed_at": closed_at or opening.promised_at}
    where = update(introduction).where(introduction.c.id == opening.id)
    await store.write(lambda connection: connection.execute(where.values(closed)))


def _confirm_declined(connection: Connection, opening: Opening) -> None:
    asked = {"introduction": opening.id, "number": 1, "kind": "confirm", "role": "requester", "person": ROSA.id}
    rest = {"version": 1, "opened_at": MONDAY, "due_at": MONDAY, "state": "answered", "by_hand": False}
    connection.execute(insert(ask).values(asked | rest | {"answer": {"kind": "declined"}}))


def _stand_in_the_way(connection: Connection, cause: str) -> None:
    toward = {"tenant": rows.TENANT, "at": MONDAY}
    match cause:
        case "block":
            connection.execute(insert(block).values(blocker=TOMOKO.id, blocked=ROSA.id, **toward))
        case "opted_out":
            connection.execute(update(person).where(person.c.id == TOMOKO.id).values(opted_out_at=MONDAY))
        case "suppressed":
            connection.execute(insert(suppression).values(address_hash="0" * 64, reason="opt_out", **toward))
        case "no_tie":
            connection.execute(tie.delete())
        case "dead_address":
            connection.execute(update(channel).where(channel.c.person == TOMOKO.id).values(stopped_at=MONDAY))
