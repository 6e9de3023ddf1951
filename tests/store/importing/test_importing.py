"""Rows an import writes: everybody once, the same file again changes nothing, all of it or nothing."""

import pytest
from sqlalchemy import update

from intake.import_run import Phase, import_people
from store.tables import consent, inbox, known_as, letter, person
from tests.store.importing.fixtures import IRIS, LATER, NILS, Archive, counts, notices, taken, tie_counts
from tests.support import rows


class TestWhoIsNew:
    async def test_a_row_becomes_a_person_with_an_address_and_a_place_in_the_programme(self, archive: Archive) -> None:
        assert counts(await archive.people(IRIS)) == (1, 0, 0)
        iris, member = await archive.called("Iris Montoya"), await archive.member("Iris Montoya")
        assert (iris.tenant, iris.language, iris.zone) == (rows.TENANT, "es", "America/Bogota")
        assert (iris.headline, iris.organisation, iris.topics) == ("Curator", "Museum of Salt", ["salt", "archives"])
        assert iris.salt
        assert (member.listed, member.requests, member.operates) == (True, True, False)
        (mail,) = await archive.addresses("Iris Montoya")
        assert (mail.value, mail.match_key) == ("iris@example.test", "iris@example.test")
        assert (mail.source, mail.introduction, mail.stopped_at) == ("import people.csv 2026-03-02", None, None)

    async def test_what_a_row_leaves_open_is_as_the_programme_has_it(self, archive: Archive) -> None:
        await archive.people(NILS)
        nils, member = await archive.called("Nils Holm"), await archive.member("Nils Holm")
        assert (nils.language, nils.zone, nils.topics) == ("en", "Europe/London", [])
        assert (member.listed, member.requests) == (False, False)
        assert await archive.addresses("Nils Holm") == []

    async def test_no_letter_and_no_news_come_of_it(self, archive: Archive) -> None:
        await archive.people(IRIS + NILS)
        assert await archive.all(letter) == []
        assert await archive.all(inbox) == []


class TestAgain:
    async def test_the_same_file_again_changes_nothing(self, archive: Archive) -> None:
        people, known = IRIS + NILS, "iris,nils,4,Same museum,2019,2026-02-20\n"
        await archive.ties(known, people)
        before = await archive.everything()
        again = await archive.ties(known, people, now=LATER)
        assert (counts(again), tie_counts(again)) == ((0, 0, 2), (0, 0, 1))
        assert notices(again) == []
        assert await archive.everything() == before

    async def test_a_key_and_an_address_in_other_letters_are_the_same(self, archive: Archive) -> None:
        await archive.people(IRIS)
        assert counts(await archive.people(IRIS.replace("iris,", "IRIS,"))) == (0, 0, 1)
        again = IRIS.replace("iris,", "other-key,").replace("iris@example.test", "Iris@EXAMPLE.test")
        assert counts(await archive.people(again)) == (0, 0, 1)

    async def test_one_person_known_to_two_systems_is_found_by_either_key(self, archive: Archive) -> None:
        await archive.people(IRIS)
        await archive.people(IRIS.replace("iris,", "4711,"), refs_of="crm")
        moved = "4711,Iris Montoya,iris@museum.example,,,,,,,\n"
        assert counts(await archive.people(moved, refs_of="crm")) == (0, 1, 0)
        assert counts(await archive.people("iris,Iris Montoya,,,,,,,,\n")) == (0, 0, 1)

    async def test_the_same_key_of_two_systems_is_two_people(self, archive: Archive) -> None:
        await archive.people("1,Iris Montoya,,,,,,,,\n")
        assert counts(await archive.people("1,Nils Holm,,,,,,,,\n", refs_of="crm")) == (1, 0, 0)

    async def test_nobody_is_recognised_by_their_name(self, archive: Archive) -> None:
        assert counts(await archive.people("x,Tomoko Abe,,,,,,,,\n")) == (1, 0, 0)

    async def test_what_the_file_says_anew_is_taken(self, archive: Archive) -> None:
        await archive.people(IRIS)
        newer = IRIS.replace("Curator", "Director").replace(",es,", ",pt,")
        assert counts(await archive.people(newer)) == (0, 1, 0)
        iris = await archive.called("Iris Montoya")
        assert (iris.headline, iris.language) == ("Director", "pt")

    async def test_an_empty_cell_takes_nothing_away(self, archive: Archive) -> None:
        await archive.people(IRIS)
        assert counts(await archive.people("iris,Iris Montoya,,,,,,,,\n")) == (0, 0, 1)
        assert (await archive.called("Iris Montoya")).headline == "Curator"

    async def test_what_somebody_changed_themself_stays(self, archive: Archive) -> None:
        await archive.people(IRIS)
        await archive.change(update(person).where(person.c.name == "Iris Montoya").values(headline="I keep salt"))
        await archive.people(IRIS.replace("Curator", "Director").replace(",es,", ",pt,"))
        iris = await archive.called("Iris Montoya")
        assert (iris.headline, iris.language) == ("I keep salt", "pt")

    async def test_another_source_fills_in_but_overwrites_nothing(self, archive: Archive) -> None:
        await archive.people("iris,Iris Montoya,iris@example.test,es,,Curator,,,,\n")
        await archive.people("9,I. Montoya,iris@example.test,pt,,Director,Museum of Salt,salt,,\n", refs_of="crm")
        iris = await archive.called("Iris Montoya")
        assert (iris.headline, iris.language, iris.organisation) == ("Curator", "es", "Museum of Salt")


class TestAllOrNothing:
    MANY = "".join(f"p{number},Person {number},p{number}@example.test,,,,,,,\n" for number in range(1_200))

    async def test_killed_half_way_nothing_is_written_and_the_same_file_again_is(self, archive: Archive) -> None:
        before = await archive.everything()

        def kill(phase: Phase, done: int, of: int) -> None:
            if phase is Phase.WRITING and done >= of // 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await archive.people(self.MANY, watch=kill)
        assert await archive.everything() == before
        assert await archive.all(known_as) == []
        assert counts(await archive.people(self.MANY)) == (1_200, 0, 0)

    async def test_a_try_counts_and_leaves_nothing(self, archive: Archive) -> None:
        before = await archive.everything()
        assert counts(await archive.people(self.MANY + IRIS, dry_run=True)) == (1_201, 0, 0)
        tried = await archive.ties("iris,nils,4,,,2026-02-20\n", IRIS + NILS, dry_run=True)
        assert (counts(tried), tie_counts(tried)) == ((2, 0, 0), (1, 0, 0))
        assert await archive.everything() == before

    async def test_progress_is_told_to_the_end(self, archive: Archive) -> None:
        told: list[tuple[Phase, int, int]] = []
        people = self.MANY
        await archive.ties("p1,p2,,,,\n", people, watch=lambda phase, done, of: told.append((phase, done, of)))
        writing = [(done, of) for phase, done, of in told if phase is Phase.WRITING]
        assert writing == [(500, 1201), (1000, 1201), (1200, 1201), (1201, 1201)]

    async def test_what_a_column_of_consent_says_is_agreed_by_nobody(self, archive: Archive) -> None:
        path = archive.file("people.csv", "ref,name,email,consent\niris,Iris Montoya,iris@example.test,yes\n")
        outcome = taken(await import_people(archive.importing(), path))
        assert await archive.all(consent) == []
        assert not (await archive.member("Iris Montoya")).listed
        assert "A file cannot agree to anything for a person" in notices(outcome)[0]
