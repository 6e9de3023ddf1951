"""A block holds, whoever carries the request, under whatever spelling, in whichever programme (S12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.engine import make_url

from models.ids import IntroductionId, PersonId, ProgrammeId
from models.news import Somebody
from models.process.state.opening import Opening
from store.boundaries import opt_outs_and_blocks
from store.engine.database import sqlite_engine
from store.engine.migrate import migrate
from store.engine.secrets import Keys
from store.journal import inbox
from store.people.addresses import Address, canonical
from store.people.identity import same_people
from store.tables import ask, channel, letter, membership, person, programme
from tests.cast import CARL, CLEO, MONDAY, PROGRAMME, ROSA, TOMOKO, Person, opening, policy
from tests.support import rows
from tests.support.shell import Shell

KEYS = Keys.of(b"k" * 32)
RULES = policy("demo")
AUTUMN = ProgrammeId("prg_autumn")
# How one mailbox may be spelt: (as it stands with the person we know, as the other record has it).
MAILBOXES = {
    "gmail": ("rosa.prieto@gmail.com", ("rosaprieto", "r.o.s.a.prieto"), ("gmail.com", "googlemail.com", "GMail.com")),
    "idn": ("rosa@münchen.test", ("rosa", "ROSA", "rosa+x"), ("münchen.test", "xn--mnchen-3ya.test", "MÜNCHEN.test")),
    "plain": ("rosa@example.test", ("rosa", "Rosa", "rosa+a+b"), ("example.test", "EXAMPLE.test", "example.test")),
}


class Spelt(NamedTuple):
    known: str
    alias: str


@st.composite
def spellings(draw: st.DrawFn) -> Spelt:
    known, locals_, domains = MAILBOXES[draw(st.sampled_from(sorted(MAILBOXES)))]
    local, domain = draw(st.sampled_from(locals_)), draw(st.sampled_from(domains))
    tag = draw(st.sampled_from(["", "+new", "+a.b"])) if "+" not in local else ""
    cased = draw(st.sampled_from([str.lower, str.upper, str.title]))(local)
    return Spelt(known, f"{cased}{tag}{draw(st.sampled_from(['@', '＠']))}{domain}")


@pytest.fixture(scope="module")
async def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blocks") / "blocks.db"
    await migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def engine(file: Path) -> Iterator[Engine]:
    made = sqlite_engine(make_url(f"sqlite:///{file}"), durable=False)
    with made.begin() as connection:
        rows.settle_in(connection, RULES, MONDAY)
        other = {"id": AUTUMN, "tenant": rows.TENANT, "name": "Autumn", "language": "en", "zone": "UTC"}
        connection.execute(insert(programme).values(**other, created_at=MONDAY))
    yield made
    made.dispose()


@contextmanager
def tried(engine: Engine) -> Iterator[Connection]:
    """Everything in it is taken back afterwards."""
    with engine.connect() as connection:
        begun = connection.begin()
        yield connection
        begun.rollback()


def known_under(connection: Connection, who: Person, address: str) -> None:
    found = canonical(address)
    assert isinstance(found, Address)
    connection.execute(
        update(channel).where(channel.c.person == who.id).values(value=found.written, match_key=found.mailbox)
    )


def another_record(connection: Connection, name: str, address: str) -> Somebody:
    """The same mailbox under another spelling, as an import or a connector would bring it."""
    found, who = canonical(address), PersonId(f"per_{name}")
    assert isinstance(found, Address), address
    row = {"id": who, "tenant": rows.TENANT, "name": name, "language": "en", "zone": "UTC", "topics": [], "places": []}
    connection.execute(insert(person).values(row | {"salt": "salt", "created_at": MONDAY}))
    joined = {"person": who, "listed": True, "requests": True, "operates": False, "joined_at": MONDAY}
    connection.execute(insert(membership).values([joined | {"programme": each} for each in (PROGRAMME, AUTUMN)]))
    mail = {"id": f"cha_{name}", "person": who, "kind": "email", "value": found.written, "match_key": found.mailbox}
    connection.execute(insert(channel).values(mail | {"source": "a test", "created_at": MONDAY}))
    return Somebody(id=who)


def asks(connection: Connection, requester: Somebody, target: Somebody, where: ProgrammeId) -> Shell:
    update_ = {"requester": requester, "target": target, "programme": where, "id": IntroductionId("int_again")}
    begun: Opening = opening(RULES).model_copy(update=update_)
    for connector in (CARL, CLEO):
        known = Person(target.id, "", "UTC", "en", "")
        if target.id != TOMOKO.id:
            rows.knows(connection, connector, known, 4, MONDAY)
        if where == AUTUMN:
            row = {"programme": AUTUMN, "person": connector.id, "listed": True, "requests": False, "operates": False}
            connection.execute(insert(membership).values(row | {"joined_at": MONDAY}))
    rows.ask_at_the_door(connection, begun)
    return Shell(lambda work: work(connection), begun)


def reached(connection: Connection) -> tuple[int, int]:
    """How many were asked, and how many letters were planned."""
    return len(connection.execute(select(ask)).all()), len(connection.execute(select(letter)).all())


@given(rosas=spellings(), tomokos=spellings(), who=st.sampled_from(["requester", "target", "both"]), data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_alias_no_connector_and_no_programme_gets_around_a_block(
    engine: Engine, rosas: Spelt, tomokos: Spelt, who: str, data: st.DataObject
) -> None:
    where = data.draw(st.sampled_from([PROGRAMME, AUTUMN]))
    with tried(engine) as connection:
        known_under(connection, ROSA, rosas.known)
        known_under(connection, TOMOKO, tomokos.known.replace("rosa", "tomoko"))
        opt_outs_and_blocks.block_person(connection, TOMOKO.id, ROSA.id, "a page", MONDAY)
        again = another_record(connection, "again", rosas.alias) if who != "target" else ROSA.somebody
        alias = tomokos.alias.lower().replace("r.o.s.a.", "rosa.").replace("rosa", "tomoko")
        wanted = another_record(connection, "wanted", alias) if who != "requester" else TOMOKO.somebody
        shell = asks(connection, again, wanted, where)
        assert shell.introduction.stage.kind == "resting"
        assert reached(connection) == (0, 0)


@given(rosas=spellings())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_without_a_block_the_very_same_request_reaches_a_connector(engine: Engine, rosas: Spelt) -> None:
    with tried(engine) as connection:
        known_under(connection, ROSA, rosas.known)
        shell = asks(connection, another_record(connection, "again", rosas.alias), TOMOKO.somebody, AUTUMN)
        assert shell.introduction.stage.kind == "with_connector"
        assert reached(connection) == (1, 1)


@given(tomokos=spellings())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_wants_no_letters_gets_none_under_another_spelling_either(engine: Engine, tomokos: Spelt) -> None:
    with tried(engine) as connection:
        known_under(connection, TOMOKO, tomokos.known)
        opt_outs_and_blocks.opt_out(connection, TOMOKO.id, KEYS, "a page", MONDAY)
        shell = asks(connection, ROSA.somebody, another_record(connection, "wanted", tomokos.alias), AUTUMN)
        assert shell.introduction.stage.kind == "resting"
        assert reached(connection) == (0, 0)


def test_what_is_under_way_under_another_record_in_another_programme_hears_of_it_too(engine: Engine) -> None:
    with tried(engine) as connection:
        known_under(connection, ROSA, "rosa.prieto@gmail.com")
        again = another_record(connection, "again", "RosaPrieto+x@googlemail.com")
        shell = asks(connection, again, TOMOKO.somebody, AUTUMN)
        told = opt_outs_and_blocks.block_person(connection, TOMOKO.id, ROSA.id, "a page", MONDAY)
        assert [(each.introduction, getattr(each.news, "by", "")) for each in told] == [("int_again", TOMOKO.id)]
        assert inbox.has_waiting_stop(connection, shell.introduction.id)
        shell.hear(told[0].news, told[0].key)
        assert shell.introduction.stage.kind == "resting"


def test_another_tenant_is_another_world(engine: Engine) -> None:
    with tried(engine) as connection:
        known_under(connection, ROSA, "rosa@example.test")
        far = another_record(connection, "far", "ROSA@example.test")
        assert same_people(connection, ROSA.id) == {ROSA.id, far.id}
        connection.execute(update(person).where(person.c.id == far.id).values(tenant="ten_other"))
        assert same_people(connection, ROSA.id) == {ROSA.id}
