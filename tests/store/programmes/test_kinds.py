"""A person's kind is theirs only as staff say it, and nothing else makes them be asked more often (S32)."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from models.policy.policy import Policy
from store.privacy import merge_people
from store.programmes.headcounts import headcount
from store.tables import membership
from store.tables import policy as policies
from tests.cast import CLEO, CORA, MONDAY, PROGRAMME, policy
from tests.store.importing.fixtures import Archive, notices
from tests.store.privacy.erasure.house import home

NAMED = {"en": "A kind", "es": "Un tipo", "pt": "Um tipo"}
KINDS = {
    "partner": NAMED | {"connector_cap": 9},
    "expert": NAMED | {"connector_cap": 1, "target_cap": 1},
    "patron": NAMED | {"target_cap": 5},
}
RULES = policy("accelerator", {"connector.cap": 2, "target.cap": 2, "kinds": KINDS})
HEADER = "ref,name,email,kind\n"


def goes_by(rules: Policy) -> object:
    return update(policies).where(policies.c.programme == PROGRAMME).values(body=rules.model_dump(mode="json"))


def of_kind(who: str, kind: str | None) -> object:
    return update(membership).where(membership.c.person == who).values(kind=kind)


async def test_a_file_gives_a_kind_to_whoever_it_brings_and_lets_no_member_be_asked_more(archive: Archive) -> None:
    await archive.change(goes_by(RULES))

    async def brought(kind: str) -> tuple[str | None, bool]:
        file = archive.file("people.csv", f"{HEADER}t,Tomoko Abe,tomoko@example.test,{kind}\nn,Nils,,{kind}\n")
        from intake.import_run import import_people  # the archive's own way in has no column for it

        outcome = await import_people(archive.importing(kinds=frozenset(KINDS)), file)
        said = any("may be asked more often than they are" in each for each in notices(outcome))
        return (await archive.member("Tomoko Abe")).kind, said

    assert await brought("partner") == (None, True)
    assert (await archive.member("Nils")).kind == "partner"
    assert await brought("expert") == ("expert", False)
    assert await brought("patron") == ("expert", True)
    assert (await archive.member("Nils")).kind == "expert"
    people = await archive.database.read(lambda connection: headcount(connection, PROGRAMME, MONDAY))
    assert (people.connectors_of, people.targets_of) == ({}, {"expert": 1})


@pytest.mark.parametrize(
    ("kept", "given_up", "then"),
    [
        ("partner", "expert", "expert"),
        ("expert", None, "expert"),
        (None, "patron", None),
        ("partner", "patron", "kinds"),
    ],
)
async def test_two_records_that_become_one_are_of_the_kind_that_is_asked_less(
    tmp_path: Path, kept: str | None, given_up: str | None, then: str | None
) -> None:
    async with home(tmp_path) as here:

        def join(connection: Connection) -> str | None:
            for change in (goes_by(RULES), of_kind(CLEO.id, kept), of_kind(CORA.id, given_up)):
                connection.execute(change)  # type: ignore[call-overload]
            why = merge_people.join(connection, CLEO.id, CORA.id, MONDAY)
            found = connection.execute(select(membership.c.kind).where(membership.c.person == CLEO.id)).scalar_one()
            return why or found

        assert await here.database.write(join) == then
