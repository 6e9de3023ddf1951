"""Ties of a file: never over the connector's own later word, and an export is only a hint."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from store.tables import membership, tie
from tests.cast import CARL, CLEO, CORA, MONDAY, ROSA, STAN, TOMOKO
from tests.store.importing.fixtures import IRIS, LATER, NILS, WINTER, Archive, counts, faults, notices, tie_counts


class TestTies:
    async def test_a_tie_between_people_by_key_and_by_address(self, archive: Archive) -> None:
        await archive.people(IRIS)
        assert tie_counts(await archive.ties("cora@example.test,Iris,4,Same museum,2019-05,2026-02-20\n")) == (1, 0, 0)
        iris = await archive.called("Iris Montoya")
        known = await archive.tie(CORA.id, iris.id)
        assert (known.strength, known.evidence, known.since) == (4, "Same museum", date(2019, 5, 1))
        assert known.confirmed_at == datetime(2026, 2, 20, tzinfo=UTC)
        assert known.source == "import ties.csv 2026-03-02"

    async def test_nobody_by_that_key_stops_the_file(self, archive: Archive) -> None:
        outcome = await archive.ties("carl@example.test,iris,4,,,\nnobody@example.test,rosa@example.test,,,,\n")
        assert faults(outcome) == [
            "ties.csv: line 2, person: Nobody here is “iris”. Import their row of people.csv first, or correct it.",
            "ties.csv: line 3, connector: Nobody here is “nobody@example.test”."
            " Import their row of people.csv first, or correct it.",
        ]

    async def test_people_and_ties_come_together_or_not_at_all(self, archive: Archive) -> None:
        before = await archive.everything()
        outcome = await archive.ties("iris,nils,9,,,\n", IRIS + NILS)
        assert faults(outcome)[0].startswith("ties.csv: line 2, strength: “9” is no strength.")
        assert await archive.everything() == before

    async def test_one_pair_named_in_two_ways_stops_the_file(self, archive: Archive) -> None:
        await archive.people(IRIS)
        outcome = await archive.ties("carl@example.test,iris,4,,,\ncarl@example.test,iris@example.test,2,,,\n")
        assert faults(outcome) == ["ties.csv: line 3: Line 2 has the same two people. Keep one of the two rows."]
        themself = await archive.ties("iris,iris@example.test,4,,,\n")
        assert faults(themself) == ["ties.csv: line 2, person: Connector and person are the same. Name two people."]

    @pytest.mark.parametrize(
        ("row", "strength", "evidence"),
        [
            ("2,From a list,2015,", 5, "We worked on the same valve for two years"),  # somebody's guess
            ("2,From a list,2015,2026-01-02", 5, "We worked on the same valve for two years"),  # said before
            ("2,We met once,2015,2026-03-01", 2, "We met once"),  # the connector's own later word
        ],
    )
    async def test_only_the_connectors_later_word_replaces_their_own(
        self, archive: Archive, row: str, strength: int, evidence: str
    ) -> None:
        await archive.ties(f"carl@example.test,tomoko@example.test,{row}\n")
        known = await archive.tie(CARL.id, TOMOKO.id)
        assert (known.strength, known.evidence) == (strength, evidence)
        assert known.since == date(2015, 1, 1)  # nobody had said so

    async def test_a_guess_does_not_stand_as_the_connectors_word(self, archive: Archive) -> None:
        await archive.change(update(tie).where(tie.c.connector == CARL.id).values(strength=None))
        await archive.ties("carl@example.test,tomoko@example.test,5,,,\n")
        assert (await archive.tie(CARL.id, TOMOKO.id)).strength is None

    async def test_a_stronger_word_replaces_a_guess(self, archive: Archive) -> None:
        await archive.ties("stan@example.test,rosa@example.test,2,Heard of,2020,\n")
        outcome = await archive.ties("stan@example.test,rosa@example.test,4,Same street,2019,2026-02-20\n", now=LATER)
        known = await archive.tie(STAN.id, ROSA.id)
        assert tie_counts(outcome) == (0, 1, 0)
        assert (known.strength, known.evidence, known.since) == (4, "Same street", date(2019, 1, 1))
        assert known.source == "import ties.csv 2026-04-01"

    @pytest.mark.parametrize("said", [{"denied_at": MONDAY}, {"no_go": True}])
    async def test_what_the_connector_refused_is_not_revived(self, archive: Archive, said: dict[str, object]) -> None:
        await archive.change(update(tie).where(tie.c.connector == CARL.id).values(**said))
        before = await archive.everything()
        row = "carl@example.test,tomoko@example.test,5,Best friends,2001,2026-03-01\n"
        assert tie_counts(await archive.ties(row)) == (0, 0, 1)
        assert await archive.everything() == before


class TestConnections:
    ROWS = (
        "Iris,Montoya,https://www.linkedin.com/in/iris-montoya,,Museum of Salt,Curator,01 Feb 2023\n"
        "Tomoko,Abe,https://www.linkedin.com/in/tomoko,tomoko@example.test,Hikari,Head of grids,02 Feb 2023\n"
    )

    async def test_each_row_is_a_person_and_a_tie_nobody_has_confirmed(self, archive: Archive) -> None:
        outcome = await archive.connections(self.ROWS, "cora@example.test")
        assert (counts(outcome), tie_counts(outcome)) == ((1, 1, 0), (2, 0, 0))
        iris = await archive.called("Iris Montoya")
        assert (iris.headline, iris.organisation) == ("Curator", "Museum of Salt")
        known = await archive.tie(CORA.id, iris.id)
        assert (known.strength, known.confirmed_at, known.since) == (None, None, date(2023, 2, 1))
        assert known.source == "import Connections.csv 2026-03-02"

    async def test_whom_a_connector_knows_joins_no_programme(self, archive: Archive) -> None:
        before = await archive.all(membership)
        await archive.connections(self.ROWS, "cora@example.test")
        assert await archive.all(membership) == before

    async def test_two_exports_name_the_same_people(self, archive: Archive) -> None:
        await archive.connections(self.ROWS, "cora@example.test")
        outcome = await archive.connections(self.ROWS, "cleo@example.test")
        assert (counts(outcome), tie_counts(outcome)) == ((0, 0, 2), (1, 1, 0))  # Cleo's tie to Tomoko gains a day
        assert tie_counts(await archive.ties("cora@example.test,linkedin:iris-montoya,4,,,2026-02-20\n")) == (0, 1, 0)

    async def test_an_export_again_changes_nothing(self, archive: Archive) -> None:
        without_profiles = self.ROWS.replace("https://www.linkedin.com/in/tomoko,", ",")
        await archive.connections(without_profiles, "cora@example.test")
        before = await archive.everything()
        outcome = await archive.connections(without_profiles, "cora@example.test", now=LATER)
        assert (counts(outcome), tie_counts(outcome)) == ((0, 0, 2), (0, 0, 2))
        assert await archive.everything() == before

    async def test_an_export_says_nothing_over_what_is_here(self, archive: Archive) -> None:
        before = await archive.tie(CLEO.id, TOMOKO.id)
        outcome = await archive.connections(self.ROWS, "cleo@example.test")
        after = await archive.tie(CLEO.id, TOMOKO.id)
        assert (after.strength, after.evidence, after.confirmed_at) == (
            before.strength, before.evidence, before.confirmed_at,
        )  # fmt: skip
        assert (after.since, after.source) == (date(2023, 2, 2), before.source)
        assert tie_counts(outcome) == (1, 1, 0)

    async def test_an_address_of_somebody_else_is_left_out_and_said(self, archive: Archive) -> None:
        await archive.connections(self.ROWS, "cora@example.test")
        wrong = self.ROWS.replace("iris-montoya,,", "iris-montoya,rosa@example.test,")
        outcome = await archive.connections(wrong, "cora@example.test")
        assert notices(outcome) == [
            "Connections.csv: line 2, email: The address was left out, because somebody else who is here already has"
            " it. The rest of the row was taken."
        ]
        assert await archive.addresses("Iris Montoya") == []

    async def test_the_connector_is_passed_over_however_they_stand_there(self, archive: Archive) -> None:
        await archive.connections("Cora,D,https://www.linkedin.com/in/cora,cora@example.test,,,\n", "carl@example.test")
        outcome = await archive.connections(
            "Cora,D,https://www.linkedin.com/in/cora,,,,\n" + self.ROWS, "cora@example.test"
        )
        assert tie_counts(outcome) == (2, 0, 0)
        assert notices(outcome)[0].startswith("Connections.csv: line 2, person: The tie was passed over")

    async def test_an_unknown_connector_is_said(self, archive: Archive) -> None:
        outcome = await archive.connections(self.ROWS, "nobody@example.test")
        assert faults(outcome)[0].startswith("Connections.csv: connector: Nobody here is “nobody@example.test”.")

    async def test_a_connector_of_another_programme_is_pointed_out(self, archive: Archive) -> None:
        outcome = await archive.connections(self.ROWS, "cora@example.test", programme=WINTER)
        assert notices(outcome)[0].startswith("Connections.csv: connector: The connector is not a member")
