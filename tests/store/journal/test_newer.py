"""Gone back to this version: what a newer one has written is read as far as it can be, and kept where it cannot."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from models.news import Withdrew
from models.process.state.opening import Opening
from store.engine.db_errors import FromNewer
from store.journal import inbox
from store.journal.inbox import Inboxed, has_waiting_stop, news_of, unreadable
from store.journal.ledger import entries, event_of
from store.steps import unclaimed
from store.tables import inbox as rows_of_inbox
from store.tables import introduction, ledger
from tests.cast import MONDAY, ROSA, opening, policy
from tests.support import rows
from tests.support.services.databases import Place
from tests.support.shell import Shell

HERE = opening("demo")
LATER = MONDAY + timedelta(minutes=1)
NEWER = {"more": {"kind": "told"}}


@pytest.fixture
def lived(place: Place) -> Place:
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    place.run(lambda connection: rows.ask_at_the_door(connection, HERE))
    Shell(place.run, HERE)
    return place


def test_rows_with_fields_of_a_newer_version_are_read(lived: Place) -> None:
    def written_by_a_newer(connection: Connection) -> None:
        kept = connection.execute(select(introduction.c.opening)).scalar_one()
        connection.execute(update(introduction).values(opening=kept | NEWER | {"policy": kept["policy"] | NEWER}))
        body = json.loads(connection.execute(select(ledger.c.body).where(ledger.c.step == 1)).scalar_one())
        for effect in body["effects"]:
            effect |= NEWER
            if "ask" in effect and isinstance(effect["ask"], dict):
                effect["ask"] |= NEWER
        connection.execute(update(ledger).where(ledger.c.step == 1).values(body=json.dumps(body | NEWER)))

    before = lived.run(lambda connection: entries(connection, HERE.id))
    lived.run(written_by_a_newer)
    assert lived.run(lambda connection: entries(connection, HERE.id)) == before
    kept = lived.run(lambda connection: connection.execute(select(introduction.c.opening)).scalar_one())
    assert Opening.read_back(kept) == HERE
    with pytest.raises(ValueError, match="more"):
        Opening.model_validate(kept)


def test_an_event_it_does_not_know_is_a_newer_versions(lived: Place) -> None:
    with pytest.raises(FromNewer):
        event_of('{"kind":"overheard"}')
    with pytest.raises(FromNewer):
        news_of({"kind": "agreed_by_telephone"})


def test_news_of_a_kind_it_does_not_know_is_kept_and_holds_up_its_own_introduction_only(lived: Place) -> None:
    def put(connection: Connection, nonce: str) -> Inboxed:
        at = MONDAY + timedelta(seconds=int(nonce))
        return inbox.put(
            connection, introduction_id=HERE.id, news=Withdrew(by=ROSA.id), via="link", nonce=nonce, now=at
        )

    first = lived.run(lambda connection: put(connection, "1"))
    lived.run(lambda connection: put(connection, "2"))
    telephone = {"kind": "agreed_by_telephone", "news": {"kind": "agreed_by_telephone", "by": ROSA.id}}
    lived.run(
        lambda connection: connection.execute(
            update(rows_of_inbox).where(rows_of_inbox.c.key == first.key).values(telephone)
        )
    )
    assert lived.run(lambda connection: unclaimed.claim_unheard(connection, LATER)) == {}, (
        "what came later waits behind it"
    )
    assert lived.run(unreadable) == 1
    assert lived.run(lambda connection: has_waiting_stop(connection, HERE.id)), "it may be a no: no letter starts"
    state = select(rows_of_inbox.c.state).where(rows_of_inbox.c.key == first.key)
    assert lived.run(lambda connection: connection.execute(state).scalar_one()) == "waiting"
