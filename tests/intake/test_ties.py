"""ties.csv says who knows whom; only a day on which the connector said how well makes a strength confirmed."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.duplicates import FileDirectory
from intake.people import read_people
from intake.ties import read_ties
from store.importing.parts.records import ByRef, TieRecord
from tests.intake.sample_files import TODAY, by_address, people, sound, source, tie_faults, ties

PEOPLE = "ref,name,email\ncarl,Carl Jensen,carl@x.test\nrosa,Rosa Ibarra,rosa@x.test\ntomoko,Tomoko Mori,\n"
CONNECTOR_AND_PERSON = "connector,person\ncarl,rosa\n"


def directory() -> FileDirectory:
    return FileDirectory.of(people(PEOPLE))


def one(header: str, cell: str) -> TieRecord:
    (tie,) = ties(f'connector,person,{header}\ncarl,rosa,"{cell}"\n')
    return tie


def one_fault(header: str, cell: str) -> str:
    (fault,) = tie_faults(f'connector,person,{header}\ncarl,rosa,"{cell}"\n')
    return fault


def test_a_full_row_and_the_least_one() -> None:
    full, least = ties(
        "connector,person,strength,evidence,since,confirmed\n"
        "carl,tomoko,4,Built the archive together,2019,2026-02-20\n"
        "carl,Rosa@X.test,,,,\n"
    )
    assert full == TieRecord(
        line=2, connector=ByRef(ref="carl"), person=ByRef(ref="tomoko"),
        strength=4, evidence="Built the archive together", since="2019", confirmed_on=date(2026, 2, 20),
    )  # fmt: skip
    assert least == TieRecord(line=3, connector=ByRef(ref="carl"), person=by_address("Rosa@x.test"))


@pytest.mark.parametrize(
    "header", ["connector;person;strength;since", "Conector;Persona;Fuerza;Desde", "conectora;pessoa;força;desde"]
)
def test_headers_in_three_languages(header: str) -> None:
    (tie,) = ties(f"{header}\ncarl;rosa;5;2020\n")
    assert (tie.strength, tie.since) == (5, "2020")


@pytest.mark.parametrize("text", ["0", "6", "-1", "4.5", "strong", "٣", "1e0", "10000000000000000000000"])
def test_what_is_no_strength(text: str) -> None:
    assert one_fault("strength", text) == (
        f"line 2, strength: “{text}” is no strength. Write 1 (met once) to 5 (close), or leave it empty."
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2019", "2019"),
        ("2019-5", "2019-05"),
        ("2019/05", "2019-05"),
        ("2019-05-31", "2019-05-31"),
        ("31 de mayo de 2019", "2019-05-31"),
    ],
)
def test_since_stays_as_exact_as_it_was_written(written: str, kept: str) -> None:
    assert one("since", written).since == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2027", "is still to come"),
        ("1066", "is too long ago"),
        ("2019-13", "is no date we can read"),
        ("03/04/2019", "can mean two days"),
        ("school", "is no date we can read"),
    ],
)
def test_since_is_a_time_in_the_past(written: str, said: str) -> None:
    assert said in one_fault("since", written)


@pytest.mark.parametrize(
    ("written", "said"),
    [("yes", "is no date"), ("03/04/2025", "can mean two days"), ("2026-03-04", "is still to come")],
)
def test_confirmed_is_a_day_and_never_a_yes(written: str, said: str) -> None:
    (fault,) = tie_faults(f"connector,person,strength,confirmed\ncarl,rosa,3,{written}\n")
    assert said in fault


def test_it_may_be_tomorrow_already_where_they_live() -> None:
    (tie,) = ties("connector,person,strength,confirmed\ncarl,rosa,3,2026-03-03\n")
    assert tie.confirmed_on == date(2026, 3, 3)


def test_nothing_is_confirmed_without_saying_how_well() -> None:
    (fault,) = tie_faults("connector,person,confirmed\ncarl,rosa,2026-01-01\n")
    assert fault.startswith("line 2, strength: It was confirmed, but not how well they know each other.")


def test_a_strength_without_a_day_stays_unconfirmed() -> None:
    assert one("strength", "5").confirmed_on is None


@pytest.mark.parametrize(
    "column", ["consent", "opt-in", "agreed", "accepted", "consentimiento", "confirmed by", "approved"]
)
def test_no_column_of_ones_own_confirms_a_tie(column: str) -> None:
    assert ties(f"connector,person,{column}\ncarl,rosa,yes\n") == ties(CONNECTOR_AND_PERSON)


def test_a_record_has_no_place_for_consent() -> None:
    assert {each.name for each in fields(TieRecord)} == {
        "line",
        "connector",
        "person",
        "strength",
        "evidence",
        "since",
        "confirmed_on",
    }


def test_everybody_named_stands_in_the_people_file() -> None:
    faults = tie_faults("connector,person\nCARL,Rosa@X.TEST\nstan,rosa\ncarl,stan@x.test\n", directory())
    assert faults == [
        "line 3, connector: Nobody in the people file is “stan”. Add a row for them there, or correct it here.",
        "line 4, person: Nobody in the people file is “stan@x.test”. Add a row for them there, or correct it here.",
    ]


def test_without_the_people_file_whoever_stores_them_has_to_find_them() -> None:
    assert len(ties("connector,person\nstan,rosa\n")) == 1


@pytest.mark.parametrize("person", ["carl", "CARL", "Carl@X.test"])
def test_nobody_knows_themself(person: str) -> None:
    assert tie_faults(f"connector,person\ncarl,{person}\n", directory()) == [
        "line 2, person: Connector and person are the same. Name two people."
    ]


def test_one_pair_has_one_row_however_it_is_named() -> None:
    assert tie_faults("connector,person,strength\ncarl,rosa,3\nCarl@x.test,ROSA,4\n", directory()) == [
        "line 3: Line 2 has the same two people and says something else. Keep one of the two rows."
    ]
    checked = sound(read_ties(source("connector,person\ncarl,rosa\nCarl@x.test,ROSA\nrosa,carl\n"), TODAY, directory()))
    assert [tie.line for tie in checked] == [2, 4]
    assert [str(notice) for notice in checked.notices] == [
        "line 3: This row says the same as line 2. It was read once."
    ]


def test_faults_of_all_rows_come_at_once() -> None:
    faults = tie_faults("connector,person,strength\n,rosa,9\ncarl,,\na@b,a b,\nstan,rosa,9\nstan,rosa,3\n")
    assert [fault.split(":")[0] for fault in faults] == [
        "line 2, connector", "line 2, strength", "line 3, person", "line 4, connector", "line 5, strength", "line 6",
    ]  # fmt: skip


def test_a_directory_can_be_made_of_a_checked_file() -> None:
    found = FileDirectory.of(sound(read_people(source(PEOPLE))))
    assert found.find(by_address("ROSA@x.test")) == found.find(ByRef(ref="Rosa")) == "rosa"
    assert found.find(by_address("stan@x.test")) is None


@given(st.integers(1, 5), st.dates(date(1990, 1, 1), TODAY), st.dates(date(1990, 1, 1), TODAY))
def test_what_is_written_is_what_is_read(strength: int, since: date, confirmed: date) -> None:
    (tie,) = ties(f"connector,person,strength,since,confirmed\ncarl,rosa,{strength},{since},{confirmed}\n")
    assert (tie.strength, tie.since, tie.confirmed_on) == (strength, since.isoformat(), confirmed)
