"""people.csv gives clean people or every fault at once; it agrees to nothing in anybody's name."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.fault_reports import Checked
from intake.files.sources import Source, source_of
from intake.people import COLUMNS, read_people
from store.importing.parts.records import PersonRecord
from tests.intake.sample_files import people, people_faults, people_notices, sound, source

FULL = """ref,name,email,language,zone,country,region,called,headline,organisation,topics,listed,roles
rosa,Rosa Ibarra,Rosa@X.TEST,es,Europe/Berlin,Alemania,bayern,Ro,CEO,"Semilla, S.A.",soil; Water ;water,yes,requester
carl,Carl Jensen,,,,,,,,,,,
"""


def test_a_full_row_and_the_least_one() -> None:
    rosa, carl = people(FULL)
    assert rosa.email
    assert rosa.model_dump(exclude={"email"}) == {
        "line": 2, "ref": "rosa", "name": "Rosa Ibarra", "language": "es", "zone": "Europe/Berlin",
        "country": "DE", "region": "BY", "called": "Ro", "headline": "CEO", "organisation": "Semilla, S.A.",
        "topics": ("soil", "Water"),
        "listed": True, "roles": ("requester",), "kind": None, "linkedin": None,
    }  # fmt: skip
    assert rosa.email.written == "Rosa@x.test"
    assert carl == PersonRecord(line=3, ref="carl", name="Carl Jensen")


@pytest.mark.parametrize(
    ("country", "region", "fault"),
    [
        ("Atlantis", "", "country: “Atlantis” is no country whose holidays we know. Write a code like"),
        ("Germny", "", "country: “Germny” is no country whose holidays we know. Write a code like DE."),
        ("", "Bayern", "region: A region says nothing without its country. Fill in the country too"),
        ("ES", "Bayern", "region: “Bayern” is no region of ES that we know. Write a code like"),
        ("MX", "Jalisco", "region: MX has no regions with holidays of their own. Leave the region empty."),
    ],
)
def test_a_country_and_a_region_we_know_nothing_of(country: str, region: str, fault: str) -> None:
    (said,) = people_faults(f"ref,name,country,region\n1,Rosa,{country},{region}\n")
    assert said.startswith(f"line 2, {fault}")


def test_all_faults_of_all_rows_come_at_once() -> None:
    assert people_faults(
        "ref,name,email,language,zone,listed,roles\n"
        "a@x.test,,rosa@x,fr,Europe/Madird,maybe,operator\n"
        "2,Carl,a@x.test; b@y.test,,,,\n"
    ) == [
        "line 2, ref: “a@x.test” has an @, so it would be taken for an address. Use a key without @, such as a number.",
        "line 2, name: This cell is empty. Fill it in.",
        "line 2, email: The domain after the @ has no dot (“rosa@x”). Write the whole domain, like example.org.",
        "line 2, language: “fr” is no language we write in. Write en, es or pt, or leave it empty.",
        "line 2, zone: “Europe/Madird” is no time zone. Write a name like Europe/Madrid.",
        "line 2, listed: “maybe” is neither yes nor no. Write yes or no, or leave it empty.",
        "line 2, roles: “operator” is no role that a file can give. Write requester, connector or both with ; between.",
        "line 3, email: It holds more than one address (“a@x.test; b@y.test”)."
        " Which one should letters go to? Keep only that one.",
    ]


@pytest.mark.parametrize(
    ("kinds", "remedy"),
    [
        (
            ("partner", "expert"),
            "“spy” is no kind that the programme's policy knows. Write expert or partner, or leave",
        ),
        ((), "“spy”: the programme's policy tells no kinds of people apart. Leave it empty."),
    ],
)
def test_a_kind_is_one_that_the_policy_knows(kinds: tuple[str, ...], remedy: str) -> None:
    content = source("ref,name,kind\n1,Rosa,Expert\n2,Carl,spy\n")
    report = read_people(content, kinds=kinds)
    assert not isinstance(report, Checked)
    assert str(report.faults[-1]).startswith(f"line 3, kind: {remedy}")
    assert len(report.faults) == (1 if kinds else 2)


@pytest.mark.parametrize(
    "text", ['"Rosa\nIbarra"', "Ro\x85sa", "Ro\u2028sa", "Ro\x0bsa", "Ro\x1b[1msa", '"A\r\nBcc: e@z.test"']
)
def test_a_name_with_a_line_break_or_control_character_is_refused(text: str) -> None:
    (fault,) = people_faults(f"ref,name\n1,{text}\n")
    assert "It holds a line break or a control character" in fault
    assert fault.isprintable()


def test_a_name_that_would_be_drawn_backwards_is_straightened() -> None:
    assert people("ref,name\n1,Ro\u202esa \u2066Ibarra\n")[0].name == "Rosa Ibarra"


def test_a_name_in_two_alphabets_is_read_and_pointed_out() -> None:
    (notice,) = people_notices("ref,name\n1,Аnna Smith\n2,José\n")
    assert notice.startswith("line 2, name: It mixes letters of several alphabets that look alike.")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"),
        ("ES", "es"),
        ("pt-BR", "pt"),
        ("es_MX", "es"),
        ("Português", "pt"),
        ("español", "es"),
        ("English", "en"),
    ],
)
def test_languages(written: str, code: str) -> None:
    assert people(f"ref,name,language\n1,Rosa,{written}\n")[0].language == code


@pytest.mark.parametrize(
    ("written", "zone"),
    [("america/mexico city", "America/Mexico_City"), ("Europe/Lisbon", "Europe/Lisbon"), ("UTC", "UTC")],
)
def test_zones(written: str, zone: str) -> None:
    assert people(f"ref,name,zone\n1,Rosa,{written}\n")[0].zone == zone


@pytest.mark.parametrize(
    ("written", "remedy"),
    [("Lisboa", "Europe/Lisbon"), ("Sao Paulo", "America/Sao_Paulo"), ("???", "America/Mexico_City")],
)
def test_an_unknown_zone_gets_a_near_one(written: str, remedy: str) -> None:
    assert f"Write a name like {remedy}." in people_faults(f"ref,name,zone\n1,Rosa,{written}\n")[0]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("yes", True),
        ("Sí", True),
        ("sim", True),
        ("x", True),
        ("TRUE", True),
        ("no", False),
        ("Não", False),
        ("0", False),
        ("", None),
    ],
)
def test_listed_is_yes_no_or_not_said(written: str, listed: bool | None) -> None:
    assert people(f"ref,name,listed\n1,Rosa,{written}\n")[0].listed is listed


@pytest.mark.parametrize(
    "column",
    [
        "consent",
        "Consent given",
        "consentimiento",
        "Consentimento",
        "opt-in",
        "OptIn",
        "GDPR",
        "LGPD",
        "agreed",
        "acepta",
        "aceita",
        "autoriza",
        "permission",
        "subscribed",
        "listing consent",
        "consent to be listed",
    ],
)
@pytest.mark.parametrize("value", ["yes", "true", "1", "2026-01-01"])
def test_no_column_of_a_file_can_agree_for_a_person(column: str, value: str) -> None:
    without = people("ref,name,email\n1,Rosa,rosa@x.test\n")
    content = f"ref,name,email,{column}\n1,Rosa,rosa@x.test,{value}\n"
    assert people(content) == without
    assert without[0].listed is None
    (notice,) = people_notices(content)
    assert notice.startswith(f"line 1, {column}: This column was passed over. A file cannot agree to anything for")


def test_a_record_has_no_place_for_consent() -> None:
    assert set(PersonRecord.model_fields) == {
        "line",
        "ref",
        "name",
        "email",
        "language",
        "zone",
        "country",
        "region",
        "called",
        "headline",
        "organisation",
        "topics",
        "listed",
        "roles",
        "kind",
        "linkedin",
    }


def test_two_people_cannot_share_an_address_in_any_spelling() -> None:
    for other in ("ROSA@X.TEST", "rosa＠x.test", " Rosa@x.test "):
        assert people_faults(f"ref,name,email\n1,Rosa,rosa@x.test\n2,Carl,{other}\n") == [
            "line 3, email: Line 2 has the same address. One address belongs to one person: keep one row."
        ]


def test_whoever_is_there_twice_is_found_beside_every_other_fault() -> None:
    faults = people_faults("ref,name,email,zone\n1,Rosa,rosa@x.test,Mars\n2,Carl,ROSA@x.test,Venus\n1,Stan,,\n")
    assert [fault.split(":")[0] for fault in faults] == ["line 2, zone", "line 3, zone", "line 3, email", "line 4, ref"]


def test_a_repeated_row_is_read_once() -> None:
    content = "ref,name,email\nr1,Rosa,rosa@x.test\nr1,Rosa ,ROSA@x.test\n"
    assert [person.line for person in people(content)] == [2]
    assert people_notices(content) == ["line 3: This row says the same as line 2. It was read once."]


@pytest.mark.parametrize("ref", ["r1", "R1"])
def test_one_key_for_two_different_rows_is_a_fault(ref: str) -> None:
    assert people_faults(f"ref,name\nr1,Rosa\n{ref},Carl\n") == [
        "line 3, ref: Line 2 has the same key and says something else. Keep one of the two rows."
    ]


def test_two_addresses_of_one_mailbox_are_pointed_out() -> None:
    content = "ref,name,email\n1,Rosa,rosa@x.test\n2,Carl,rosa+carl@x.test\n"
    assert people_notices(content) == [
        "line 3, email: Mail to this address probably reaches the person of line 2. Check that these are two people."
    ]


def test_too_many_topics() -> None:
    assert "It holds 21 topics" in people_faults('ref,name,topics\n1,Rosa,"' + ";".join(map(str, range(21))) + '"\n')[0]


def test_records_are_read_again_without_being_kept() -> None:
    checked = sound(read_people(source(FULL)))
    assert list(checked) == list(checked)
    assert checked.count == 2


def test_the_same_file_gives_the_same_records() -> None:
    assert people(FULL) == people(FULL)


words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12).filter(str.isalnum)
cells = st.fixed_dictionaries(
    {
        "name": words.map(lambda word: f"Rosa {word}"),
        "email": st.from_regex(r"[a-z]{1,8}[0-9]{1,3}@[a-z]{1,8}\.test", fullmatch=True),
        "language": st.sampled_from(["", "en", "es", "pt"]),
        "zone": st.sampled_from(["", "Europe/Madrid", "America/Sao_Paulo"]),
        "headline": st.sampled_from(["", 'The "lab", Porto', "a; b", "two\nlines", "café\tnoir", "'quoted'"]),
        "topics": st.lists(st.sampled_from(["soil", "water", "química"]), unique=True).map(";".join),
        "listed": st.sampled_from(["", "yes", "no"]),
    }
)


@given(
    st.lists(cells, min_size=1, max_size=6, unique_by=lambda row: row["email"]),
    st.sampled_from(",;\t"),
    st.permutations([column.name for column in COLUMNS]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_what_is_read(
    rows: list[dict[str, str]], delimiter: str, order: list[str], encoding: str
) -> None:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, order, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows({"ref": f"p{number}", **row} for number, row in enumerate(rows))
    read = read_people(source(file.getvalue().encode(encoding)))
    assert isinstance(read, Checked), list(read.sentences())
    for row, person in zip(rows, read, strict=True):
        assert person.email
        assert person.email.written == row["email"]
        assert person.headline == " ".join(row["headline"].split())
        assert person.topics == tuple(filter(None, row["topics"].split(";")))
        assert person.listed is {"": None, "yes": True, "no": False}[row["listed"]]
        assert (person.language or "", person.zone or "") == (row["language"], row["zone"])


@given(st.text(max_size=200))
def test_any_text_is_read_or_reported(text: str) -> None:
    opened = source_of("file.csv", ("ref,name,email,topics\n" + text).encode("utf-8", "surrogatepass"))
    if isinstance(opened, Source):
        read = read_people(opened)
        assert all(fault.wrong.isprintable() for fault in (() if isinstance(read, Checked) else read.faults))


def test_a_country_and_a_zone_that_can_mean_one_thing_are_put_right_and_told() -> None:
    content = "ref,name,country,zone\nada,Ada Quiroga,UK,America/Sao Paulo\n"
    (ada,) = people(content)
    assert (ada.country, ada.zone) == ("GB", "America/Sao_Paulo")
    assert [notice.partition(". ")[0] for notice in people_notices(content)] == [
        "line 2, zone: “America/Sao Paulo” was read as America/Sao_Paulo",
        "line 2, country: “UK” was read as GB",
    ]
