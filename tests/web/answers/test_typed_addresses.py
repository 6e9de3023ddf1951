"""An address that a connector typed for somebody never silences the one whose own it is."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select

from models.asks import AskKind
from store.boundaries import opt_outs_and_blocks, suppressions
from store.engine.secrets import Keys
from store.letters.receiving_address import Destination, address_of
from store.people.addresses import Address, canonical
from store.people.identity import same_people
from store.people.lookup import reached_under
from store.privacy.erasure import jobs
from store.tables import channel, letter, person
from tests.cast import CARL, CLEO, STAN, TOMOKO, Person, opening
from tests.support import rows
from tests.web.answers.house import Visits

KEYS = Keys.of(b"k" * 32)


async def typed(house: Visits, *, undone: bool) -> None:
    """Carl typed Cleo's address for Tomoko, of whom none is known. Cleo has asked for an introduction of her own."""
    own = {"id": "int_cleo_stan", "requester": CLEO.somebody, "target": STAN.somebody, "channels": ("cha_cleo_mail",)}
    other = opening("demo").model_copy(update=own)
    await house.shell.database.write(lambda connection: rows.ask_at_the_door(connection, other))
    await house.run(delete(channel).where(channel.c.person == TOMOKO.id))
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce", address=CLEO.address, language="en")
    if undone:
        await house.post(path, choice="undo")


async def reaches_cleo(house: Visits) -> bool:
    found = await house.shell.database.read(lambda connection: address_of(connection, KEYS, CLEO.id))
    return isinstance(found, Destination)


@pytest.mark.parametrize("undone", [True, False])
async def test_whose_own_it_is_is_not_silenced_by_anothers_word(house: Visits, *, undone: bool) -> None:
    await typed(house, undone=undone)
    now = house.shell.now

    def leave(connection: Any) -> list[str]:
        told = opt_outs_and_blocks.opt_out(connection, TOMOKO.id, KEYS, "a page", now)
        return [each.introduction for each in told]

    assert await house.shell.database.write(leave) == [house.opening.id]
    assert await reaches_cleo(house)
    await house.shell.database.write(
        lambda connection: opt_outs_and_blocks.opt_out(connection, CLEO.id, KEYS, "b", now)
    )
    await house.shell.database.write(lambda connection: opt_outs_and_blocks.opt_in_again(connection, TOMOKO.id, KEYS))
    assert not await reaches_cleo(house), "nor does another lift what she said"


@pytest.mark.parametrize("undone", [True, False])
async def test_nor_by_anothers_erasure(house: Visits, *, undone: bool) -> None:
    await typed(house, undone=undone)
    await house.shell.database.write(lambda c: jobs.ask(c, TOMOKO.id, KEYS, "themself", house.shell.now))
    assert await reaches_cleo(house)


async def test_undone_it_makes_no_two_people_one(house: Visits) -> None:
    await typed(house, undone=True)
    address = canonical(CLEO.address)
    assert isinstance(address, Address)
    assert await house.shell.database.read(lambda c: same_people(c, TOMOKO.id)) == {TOMOKO.id}
    found = await house.shell.database.read(lambda c: reached_under(c, address))
    assert [each.person for each in found.people] == [CLEO.id]


async def test_nobody_elses_own_it_is_silenced_with_whom_it_was_typed_for(house: Visits) -> None:
    await house.run(person.update().where(person.c.id == CLEO.id).values(tenant="ten_other"))  # another world
    await typed(house, undone=False)
    leave = partial(opt_outs_and_blocks.opt_out, who=TOMOKO.id, keys=KEYS, nonce="a page", now=house.shell.now)
    await house.shell.database.write(leave)
    known = partial(suppressions.reason, keys=KEYS, address=CLEO.address)
    assert await house.shell.database.read(partial(known, tenant=rows.TENANT)) == "opt_out"
    assert await reaches_cleo(house)


async def test_who_says_so_in_a_letter_reads_there_whoever_they_are(house: Visits) -> None:
    await typed(house, undone=False)
    await house.run(letter.update().where(letter.c.person == TOMOKO.id).values(channel=given_to(TOMOKO)))
    read = await house.value(select(letter.c.id).where(letter.c.person == TOMOKO.id))
    leave = partial(opt_outs_and_blocks.opt_out, who=TOMOKO.id, keys=KEYS, nonce="a letter", now=house.shell.now)
    await house.shell.database.write(partial(leave, via="link", letter=read))
    assert not await reaches_cleo(house)
    again = partial(opt_outs_and_blocks.opt_in_again, who=TOMOKO.id, keys=KEYS, letter=read)
    await house.shell.database.write(again)
    assert await reaches_cleo(house)


def given_to(who: Person) -> Any:
    return select(channel.c.id).where(channel.c.person == who.id).limit(1).scalar_subquery()
