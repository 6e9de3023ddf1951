"""Whoever is here already stays who they were: nobody is widened, revived or taken for another."""

from functools import partial

import pytest
from sqlalchemy import update

from store.boundaries import suppressions
from store.importing.known import on_file
from store.importing.parts.origin import Origin
from store.people.addresses import Address, canonical
from store.tables import channel, person, suppression
from tests.cast import MONDAY, TOMOKO, policy
from tests.store.importing.fixtures import (
    AUTUMN,
    IRIS,
    KEYS,
    LATER,
    NILS,
    SPRING,
    WINTER,
    Archive,
    counts,
    faults,
    notices,
)
from tests.store.steps.test_unclaimed import plans
from tests.support import rows
from tests.support.services.databases import Place


class TestWhoIsHereAlready:
    async def test_an_address_of_the_tenant_is_the_same_person(self, archive: Archive) -> None:
        outcome = await archive.people("t,Tomoko Abe,TOMOKO@example.test,,,Head of grids,,,,\n")
        assert counts(outcome) == (0, 1, 0)
        assert (await archive.called("Tomoko Abe")).id == TOMOKO.id

    async def test_an_address_that_a_connector_gave_for_them_is_theirs_too(self, archive: Archive) -> None:
        await archive.give_address(TOMOKO.id, "abe@hikari.example", introduction="int_1")
        assert counts(await archive.people("t,Tomoko Abe,abe@hikari.example,,,,,,,\n")) == (0, 1, 0)
        given, own = [row for row in await archive.addresses("Tomoko Abe") if "hikari" in row.value]
        assert {given.introduction, own.introduction} == {"int_1", None}

    async def test_an_address_that_proved_to_be_somebody_elses_tells_nobody(self, archive: Archive) -> None:
        await archive.give_address(TOMOKO.id, "abe@hikari.example", introduction="int_1", stopped_at=MONDAY)
        outcome = await archive.people("x,Taro Abe,abe@hikari.example,,,,,,,\n")
        assert counts(outcome) == (1, 0, 0)
        assert (await archive.addresses("Taro Abe"))[0].stopped_at == MONDAY

    async def test_being_listed_and_the_right_to_ask_are_not_widened(self, archive: Archive) -> None:
        outcome = await archive.people("s,Stan Novak,stan@example.test,,,,,,yes,requester\n")
        member = await archive.member("Stan Novak")
        assert (member.listed, member.requests) == (False, False)
        assert [notice.split(": ")[1] for notice in notices(outcome)] == ["line 2, roles", "line 2, listed"]

    async def test_a_no_to_being_listed_counts(self, archive: Archive) -> None:
        await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,no,\n")
        assert not (await archive.member("Tomoko Abe")).listed
        await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,yes,\n")
        assert not (await archive.member("Tomoko Abe")).listed

    async def test_another_programme_of_the_tenant_is_joined_unlisted(self, archive: Archive) -> None:
        await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,yes,requester\n", programme=WINTER)
        member = await archive.member("Tomoko Abe", WINTER.id)
        assert (member.listed, member.requests) == (False, True)
        assert (await archive.member("Tomoko Abe")).listed

    async def test_another_tenant_stays_untouched(self, archive: Archive) -> None:
        before = await archive.everything()
        outcome = await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,yes,\n", programme=AUTUMN)
        assert counts(outcome) == (1, 0, 0)
        after = await archive.everything()
        assert all(row in after for row in before)
        assert len(after) == len(before) + 3  # a person, an address and a membership of its own

    async def test_an_address_of_somebody_else_stops_the_file(self, archive: Archive) -> None:
        await archive.people(IRIS)
        before = await archive.everything()
        outcome = await archive.people(NILS + IRIS.replace("iris@", "tomoko@"))
        assert faults(outcome) == [
            "people.csv: line 3, email: Somebody else who is here already has this address."
            " Correct the address or the key, or empty the cell."
        ]
        assert await archive.everything() == before

    async def test_two_rows_of_one_person_stop_the_file(self, archive: Archive) -> None:
        await archive.people(IRIS)
        outcome = await archive.people("iris,Iris Montoya,,,,,,,,\nother,Iris M,iris@example.test,,,,,,,\n")
        assert faults(outcome) == [
            "people.csv: line 3: Line 2 is the same person as this row, by what is here already. Keep one of the two."
        ]

    async def test_an_erased_person_is_nobody_we_know(self, archive: Archive) -> None:
        await archive.change(update(person).where(person.c.id == TOMOKO.id).values(erased_at=MONDAY))
        assert counts(await archive.people("t,Tomoko Mori,tomoko@example.test,,,,,,,\n")) == (1, 0, 0)


class TestWhoWantsToBeLeftInPeace:
    async def test_whoever_opted_out_stays_so(self, archive: Archive) -> None:
        await archive.change(update(person).where(person.c.id == TOMOKO.id).values(opted_out_at=MONDAY))
        outcome = await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,,\n", now=LATER)
        assert (await archive.called("Tomoko Abe")).opted_out_at == MONDAY
        assert notices(outcome)[0].startswith("people.csv: line 2: They asked never to be written to")

    async def test_an_opt_out_holds_for_an_address_that_comes_later(self, archive: Archive) -> None:
        await archive.change(update(person).where(person.c.id == TOMOKO.id).values(opted_out_at=MONDAY))
        await archive.people("t,Tomoko Abe,tomoko@example.test,,,,,,,\n")
        await archive.people("t,Tomoko Abe,abe@hikari.example,,,,,,,\n")
        reason = await archive.database.read(
            lambda connection: suppressions.reason(connection, KEYS, rows.TENANT, "abe@hikari.example")
        )
        assert reason == "opt_out"

    @pytest.mark.parametrize("address", ["iris@example.test", "Iris@Example.test", "iris+news@example.test"])
    async def test_an_address_that_opted_out_brings_its_opt_out_along(self, archive: Archive, address: str) -> None:
        await archive.suppress("iris@example.test", "opt_out")
        await archive.people(IRIS.replace("iris@example.test", address))
        assert (await archive.called("Iris Montoya")).opted_out_at == MONDAY
        assert len(await archive.all(suppression)) == 1

    async def test_a_suppressed_address_added_to_somebody_opts_them_out(self, archive: Archive) -> None:
        await archive.people(IRIS)
        await archive.suppress("iris@museum.example", "opt_out")
        await archive.people("iris,Iris Montoya,iris@museum.example,,,,,,,\n", now=LATER)
        assert (await archive.called("Iris Montoya")).opted_out_at == LATER

    async def test_a_stopped_address_is_not_started_again(self, archive: Archive) -> None:
        await archive.people(IRIS)
        await archive.change(update(channel).where(channel.c.value == "iris@example.test").values(stopped_at=MONDAY))
        outcome = await archive.people(IRIS.replace("iris,", "new-key,"), now=LATER)
        assert counts(outcome) == (0, 0, 1)
        assert [mail.stopped_at for mail in await archive.addresses("Iris Montoya")] == [MONDAY]

    async def test_a_second_address_is_added_behind_the_first(self, archive: Archive) -> None:
        await archive.people(IRIS)
        outcome = await archive.people(IRIS.replace("iris@example.test", "iris@museum.example"), now=LATER)
        assert [mail.value for mail in await archive.addresses("Iris Montoya")] == [
            "iris@example.test", "iris@museum.example",
        ]  # fmt: skip
        assert notices(outcome)[0].startswith("people.csv: line 2, email: This address was added")


def test_people_are_found_by_what_names_them_however_many_a_tenant_knows(place: Place) -> None:
    """Without statistics SQLite would rather go through all of a tenant's people, once for each handful."""
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    origin = Origin(programme=SPRING, file="people.csv", now=MONDAY)
    looks = (
        partial(on_file.by_address, origin=origin, addresses=_addresses(500)),
        partial(on_file.by_key, origin=origin, keys=[f"file:{n}" for n in range(500)]),
    )
    for look in looks:
        said = "\n".join(place.run(partial(plans, look=look)))
        assert "tenant=?)" not in said, said
        assert "ix_channel_match_key" in said or "known_as" in said, said


def _addresses(many: int) -> list[Address]:
    return [found for n in range(many) if isinstance(found := canonical(f"p{n}@example.test"), Address)]


def test_nobody_is_looked_for_where_nobody_is_named(place: Place) -> None:
    origin = Origin(programme=SPRING, file="ties.csv", now=MONDAY)
    for look in (
        partial(on_file.by_address, origin=origin, addresses=[]),
        partial(on_file.by_key, origin=origin, keys=[]),
    ):
        assert place.run(partial(plans, look=look)) == []
