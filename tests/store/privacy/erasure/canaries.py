"""Canaries: the traces a person leaves. A word of its own in each field and text of theirs, and how it is sought."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from models.ids import IntroductionId, WordsId
from store.tables import (
    block,
    channel,
    contact_view,
    draft,
    idempotency,
    known_as,
    metadata,
    name_change,
    person,
    rate,
    session,
    tie,
    words,
)
from tests.cast import OLIVE, PROGRAMME, STAN, Person
from tests.support import rows

CANARY = "zq"  # no word of ours, of any language, begins so
# Where somebody's words and names may stand while they are here.
ALLOWED = {
    ("person", "name"),
    ("person", "called"),
    ("name_change", "before"),
    ("name_change", "after"),
    ("person", "headline"),
    ("person", "organisation"),
    ("person", "topics"),
    ("person", "places"),
    ("channel", "value"),
    ("channel", "label"),
    ("channel", "match_key"),
    ("known_as", "key"),
    ("known_as", "said"),
    ("tie", "evidence"),
    ("words", "body"),
    ("draft", "body"),
    ("idempotency", "response"),
    ("mail", "subject"),
    ("mail", "body_text"),
    ("mail", "body_html"),
    ("mail", "raw"),
}


def canary(who: Person, field: str) -> str:
    return f"{CANARY}{who.id.removeprefix('per_')}{field}"


def sentence_of(who: Person) -> WordsId:
    return WordsId(f"wrd_sentence_{who.id}")


def place(connection: Connection, who: Person, now: datetime) -> None:
    """Before anything is asked: their person, how they are reached, whom they know, what they began to write."""

    def said(field: str) -> str:
        return canary(who, field)

    facts = {"name": said("name"), "called": said("called"), "headline": said("headline")}
    facts |= {"organisation": said("organisation")}
    places = [{"label": said("place"), "url": f"https://example.test/{said('url')}"}]
    lists = {"topics": [said("topic")], "places": places}
    connection.execute(update(person).where(person.c.id == who.id).values(facts | lists))
    address = f"{said('mail')}@example.test"
    connection.execute(update(channel).where(channel.c.person == who.id).values(value=address, match_key=address))
    more = {"id": f"cha_more_{who.id}", "person": who.id, "kind": "phone", "value": said("phone")}
    connection.execute(insert(channel).values(more | {"label": said("label"), "source": "a test", "created_at": now}))
    key = {"tenant": rows.TENANT, "key": f"file {said('key')}", "person": who.id, "said": {"name": said("said")}}
    connection.execute(insert(known_as).values(key))
    mine = {"connector": who.id, "person": STAN.id, "evidence": said("evidence"), "no_go": False, "source": "a test"}
    connection.execute(insert(tie).values(mine))
    renamed = {"id": f"nam_{who.id}", "person": who.id, "before": said("before"), "after": said("after"), "at": now}
    connection.execute(insert(name_change).values(renamed))
    begun = {"programme": PROGRAMME, "person": who.id, "body": {"note": said("draft")}, "at": now}
    connection.execute(insert(draft).values(begun))
    sentence = {"id": sentence_of(who), "owner": who.id, "kind": "sentence", "body": said("sentence"), "at": now}
    connection.execute(insert(words).values(sentence))
    row = {"hash": f"session of {who.id}", "person": who.id, "created_at": now, "expires_at": now}
    connection.execute(insert(session).values(row))
    connection.execute(insert(rate).values(scope=f"sign_in:{who.id}", at=now))
    look = {"id": f"vue_{who.id}", "viewer": OLIVE.id, "person": who.id, "at": now}
    connection.execute(insert(contact_view).values(look))
    connection.execute(insert(block).values(tenant=rows.TENANT, blocker=who.id, blocked=STAN.id, at=now))


def place_in(connection: Connection, who: Person, introduction: IntroductionId, now: datetime) -> None:
    """In what has been asked: the texts they wrote for it, what they were called, what the API answered."""
    written = (words.c.owner == who.id) & (words.c.introduction == introduction)
    for row in connection.execute(select(words.c.id, words.c.kind).where(written)).all():
        connection.execute(update(words).where(words.c.id == row.id).values(body=canary(who, row.kind)))
    answer = {"scope": PROGRAMME, "key": f"of {who.id} in {introduction}", "body_hash": "0", "status": 201, "at": now}
    response = f'{{"id": "{introduction}", "target": "{canary(who, "answer")}"}}'
    connection.execute(insert(idempotency).values(answer | {"response": response}))


def where(connection: Connection, who: Person) -> set[tuple[str, str]]:
    """Every table and column that holds a canary of theirs; all of every row is read."""
    return set(_holding(connection, canary(who, "")))


def in_files(folder: Path, who: Person) -> list[str]:
    """Files with a canary of theirs anywhere in their bytes: deleted rows, free pages, logs of writes."""
    sought = canary(who, "").encode()
    return [file.name for file in sorted(folder.rglob("*")) if file.is_file() and sought in file.read_bytes()]


def in_dump(file: Path, who: Person) -> bool:
    with sqlite3.connect(file) as opened:
        return any(canary(who, "") in line for line in opened.iterdump())


def _holding(connection: Connection, sought: str) -> Iterator[tuple[str, str]]:
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for name, value in row._mapping.items():
                text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if sought in text:
                    yield table.name, name
