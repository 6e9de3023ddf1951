"""The cast and a request as rows of a real database, the way the door and an import would write them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from calendars.clocks import law
from models.ids import PersonId
from models.letters import LetterKind
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.record.ledger import START
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.letters import delivery_results, outbox
from store.steps import unclaimed
from store.tables import channel, introduction, letter, membership, person, policy, programme, request, tie, words
from store.tables import inbox as inbox_table
from store.tables.folded_columns import folded
from store.tables.letters import UNHEARD
from tests.cast import CARL, CLEO, EVERYBODY, OLIVE, PROGRAMME, ROSA, STAN, TOMOKO, Person

TENANT = "ten_spring"
BLIND = "A founder with first customers, southern Europe. I would like half an hour about seals that stay dry."
NOTE = "Tomoko, I build pumps that run without power, and your paper on silent valves changed how."


def settle_in(
    connection: Connection, rules: Policy, now: datetime, connectors: Sequence[Person] = (CARL, CLEO)
) -> None:
    """A programme with the cast in it; the connectors know Tomoko, the first one best."""
    own = {"id": PROGRAMME, "tenant": TENANT, "name": "Spring", "language": "en", "zone": "Europe/London"}
    connection.execute(insert(programme).values(own | {"reply_to": "office@example.test", "created_at": now}))
    body = rules.model_dump(mode="json")
    connection.execute(insert(policy).values(programme=PROGRAMME, version=rules.version, body=body, at=now))
    _join(connection, EVERYBODY, now)
    for place, connector in enumerate(connectors):
        knows(connection, connector, TOMOKO, 5 - place, now)


def knows(connection: Connection, connector: Person, other: Person, strength: int | None, now: datetime) -> None:
    confirmed = now - timedelta(days=3) if strength else None
    known = {"connector": connector.id, "person": other.id, "strength": strength, "confirmed_at": confirmed}
    evidence = "We worked on the same valve for two years"
    connection.execute(insert(tie), [known | {"evidence": evidence, "no_go": False, "source": "a test"}])


def somebody_new(connection: Connection, connector: Person, now: datetime) -> Person:
    """One more person whom the connector knows, for as many introductions side by side as a test wants."""
    name = secrets.token_hex(6)
    new = Person(PersonId(f"per_{name}"), name, "Asia/Tokyo", "en", f"{name}@example.test")
    _join(connection, [new], now)
    knows(connection, connector, new, 5, now)
    return new


def ask_at_the_door(connection: Connection, opening: Opening) -> None:
    """What the door keeps of a request, before any workflow has heard of it."""
    note = f"wrd_{opening.id}"
    connection.execute(
        insert(introduction).values(
            id=opening.id,
            programme=opening.programme,
            requester=opening.requester.id,
            target=opening.target.id if opening.target else None,
            made_by=opening.made_by,
            opening=opening.model_dump(mode="json"),
            asked_at=opening.asked_at,
            promised_at=opening.promised_at,
            live=True,
            step=0,
            stage="asked",
            waiting_on="nobody",
            version=1,
            approved=False,
            told=False,
            clock_law=law(),
            ledger_seq=0,
            ledger_hash=START,
        )
    )
    text: dict[str, Any] = {"id": note, "introduction": opening.id, "owner": ROSA.id, "kind": "note", "body": NOTE}
    connection.execute(insert(words).values(text | {"at": opening.asked_at}))
    row = {"introduction": opening.id, "version": 1, "note": note, "at": opening.asked_at}
    if opening.blind:
        row["blind"] = f"{note}_blind"
        connection.execute(
            insert(words).values(text | {"id": row["blind"], "kind": "blind", "body": BLIND, "at": row["at"]})
        )
    connection.execute(insert(request).values(row))


def deliver_letters(connection: Connection, now: datetime) -> int:
    """As a mailroom whose relay takes everything at once would leave them."""
    values = {"state": "accepted", "started_at": now, "settled_at": now}
    asks = select(letter.c.id).where(letter.c.state == "planned", letter.c.kind == LetterKind.ASK_REQUESTER)
    for each in connection.execute(asks).scalars().all():
        asking = outbox.get(connection, each)
        assert asking
        delivery_results.write_down(connection, asking, "accepted", now)  # only then may their page know of a question
    return connection.execute(update(letter).where(letter.c.state == "planned").values(values)).rowcount


def _join(connection: Connection, people: Sequence[Person], now: datetime) -> None:
    """All of them with three statements: every test of a page begins here."""
    connection.execute(insert(person), [_person(each) | {"created_at": now} for each in people])
    connection.execute(insert(membership), [_membership(each) | {"joined_at": now} for each in people])
    connection.execute(insert(channel), [_mailbox(each) | {"created_at": now} for each in people])


def _person(who: Person) -> dict[str, object]:
    row: dict[str, object] = {
        "id": who.id,
        "tenant": TENANT,
        "name": who.name,
        "language": who.language,
        "zone": who.zone,
    }
    return row | {"topics": [], "places": [], "salt": f"salt-{who.id}"}


def _membership(who: Person) -> dict[str, object]:
    may: dict[str, object] = {"listed": who != STAN, "requests": who == ROSA, "operates": who == OLIVE}
    return {"programme": PROGRAMME, "person": who.id} | may


def _mailbox(who: Person) -> dict[str, object]:
    row: dict[str, object] = {
        "id": f"cha_{who.id.removeprefix('per_')}_mail",
        "person": who.id,
        "kind": "email",
        "source": "a test",
    }
    return row | {"value": who.address, "match_key": who.address}


def unheard(connection: Connection, now: datetime) -> list[inbox.Inboxed]:
    """What lies in the inbox to be handed over by then, oldest first."""
    due = select(inbox_table).where(UNHEARD, inbox_table.c.next_try_at <= now)
    return [inbox.read(row) for row in connection.execute(due.order_by(inbox_table.c.at, inbox_table.c.key))]


def waiting(connection: Connection, now: datetime) -> list[Inboxed]:
    """What a sweep would hand over at this instant, and so claims."""
    return [each for kept in unclaimed.claim_unheard(connection, now).values() for each in kept]


def fold_anew(connection: Connection) -> None:
    """The folded columns of everybody, where a test has written a name or an organisation past the store."""
    for row in connection.execute(select(person)).all():
        connection.execute(update(person).where(person.c.id == row.id).values(folded(dict(row._mapping))))
