"""Disclosures to a person of others: whom they said they know, and what was disclosed to them."""

from typing import Any

from sqlalchemy import Connection, exists, or_, select

from models.asks import AskKind
from models.ids import PersonId
from models.record.ledger import LEFT
from store.journal.known_asks import has_been_told
from store.tables import ask, introduction, letter, person, tie, words
from store.views.own import history

Rows = list[dict[str, Any]]
BY_THEMSELVES = "the connector"
FROM_STAFF = ("advice", "line")  # the first stands on the requester's own page before its letter has left


def ties(connection: Connection, who: PersonId) -> Rows:
    """Whom they know: by name where they said so themselves, or were asked about them. Their own words about it."""
    asked_about = exists().where(
        ask.c.person == who,
        ask.c.kind == AskKind.APPROVE,
        ask.c.introduction == introduction.c.id,
        introduction.c.target == tie.c.person,
        has_been_told(),
    )
    own = or_(tie.c.confirmed_at.is_not(None), tie.c.source == BY_THEMSELVES, tie.c.met_at.is_not(None), asked_about)
    rows = connection.execute(
        select(person.c.name, tie.c.evidence, tie.c.since, tie.c.confirmed_at, tie.c.no_go, tie.c.met_at, tie.c.source)
        .join(person, person.c.id == tie.c.person)
        .where(tie.c.connector == who, own)
        .order_by(person.c.name, person.c.id)
    )
    return [dict(row._mapping) for row in rows]


def given(connection: Connection, who: PersonId) -> Rows:
    """How to reach others, exactly as they agreed to it."""
    return [
        {
            "introduction": each.introduction,
            "name": each.name,
            "ways": [way.value for way in each.ways],
            "terms": each.terms,
            "at": each.at,
        }
        for each in history.given_to(connection, who)
    ]


def made(connection: Connection, who: PersonId) -> Rows:
    """Introductions they agreed to make: what they said, for whom, and how it ended as far as they were told."""
    return [each.model_dump(mode="json") for each in history.lent_by(connection, who, None)]


def from_staff(connection: Connection, who: PersonId) -> Rows:
    """What operators wrote to them under their own names: advice on a request, and lines beside letters that left."""
    has_left = letter.c.state.in_(LEFT)
    rows = connection.execute(
        select(letter.c.introduction, words.c.kind, words.c.body, person.c.name.label("by"), words.c.at)
        .join(words, words.c.id == letter.c.words)
        .join(person, person.c.id == words.c.owner)
        .where(letter.c.person == who, words.c.kind.in_(FROM_STAFF), or_(has_left, words.c.kind == "advice"))
        .order_by(words.c.at, words.c.id)
    )
    return [dict(row._mapping) for row in rows]
