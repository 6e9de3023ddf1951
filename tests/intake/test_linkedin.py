"""A connector's own Connections.csv: what LinkedIn leaves out is passed over, what it writes oddly is understood."""

import pytest

from intake.fault_reports import FileReport
from intake.linkedin import read_connections
from store.importing.parts.records import ByRef, PersonRecord, TieRecord
from tests.intake.sample_files import (
    CARL,
    LINKEDIN_HEADER,
    TODAY,
    by_address,
    connection_faults,
    connections,
    sound,
    source,
)

NOTES = """Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing. You will only
see email addresses for connections who have allowed it, using this setting https://www.linkedin.com/psettings/privacy/email."

"""
EXPORT = f"""{NOTES}{LINKEDIN_HEADER}
Tomoko,Mori,https://www.linkedin.com/in/tomoko-mori,,Archive of Porto,Curator,01 Feb 2023
José,"Pérez, MBA",https://www.linkedin.com/in/jos%C3%A9-p%C3%A9rez-12/,jose@x.test,"Semilla, S.A.",,12 Dec 2021
"""


def exported(*rows: str, header: str = LINKEDIN_HEADER) -> str:
    return NOTES + "\n".join([header, *rows]) + "\n"


def notices(content: str) -> list[str]:
    return [str(notice) for notice in sound(read_connections(source(content), CARL, TODAY)).notices]


def since(*dates: str, header: str = LINKEDIN_HEADER) -> list[str | None]:
    rows = (f'Rosa,Ibarra,linkedin.com/in/rosa{number},,,,"{date}"' for number, date in enumerate(dates))
    return [connection.tie.since for connection in connections(exported(*rows, header=header))]


def test_each_row_is_a_person_and_an_unconfirmed_tie() -> None:
    tomoko, jose = connections(EXPORT)
    assert tomoko.person == PersonRecord(
        line=6,
        ref="linkedin:tomoko-mori",
        name="Tomoko Mori",
        headline="Curator",
        organisation="Archive of Porto",
        linkedin="tomoko-mori",
    )
    assert tomoko.tie == TieRecord(
        line=6, connector=CARL, person=ByRef(ref="linkedin:tomoko-mori"),
        evidence="LinkedIn connection since 2023-02-01", since="2023-02-01",
    )  # fmt: skip
    assert jose.person.name == "José Pérez, MBA"
    assert jose.person.linkedin == "josé-pérez-12"
    assert jose.person.email
    assert jose.person.email.key == "jose@x.test"


def test_an_export_says_nothing_of_strength_and_agrees_to_nothing() -> None:
    for connection in connections(EXPORT):
        assert connection.tie.strength is None
        assert connection.tie.confirmed_on is None
        assert connection.person.listed is None
        assert connection.person.roles == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin_1", "mac_roman"])
def test_encodings_after_a_spreadsheet_has_saved_it_again(encoding: str) -> None:
    assert connections(EXPORT.encode(encoding)) == connections(EXPORT)


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        "Nombre,Apellidos,URL,Dirección de correo electrónico,Empresa,Cargo,Conectado el",
        "Nome,Sobrenome,URL,Endereço de e-mail,Empresa,Cargo,Conectado em",
    ],
)
def test_headers_in_three_languages(header: str) -> None:
    (found,) = connections(
        exported("Rosa,Ibarra,linkedin.com/in/rosa,rosa@x.test,Semilla,CEO,5 ago 2022", header=header)
    )
    assert (found.person.name, found.person.headline, found.tie.since) == ("Rosa Ibarra", "CEO", "2022-08-05")
    assert found.person.organisation == "Semilla"


def test_the_older_export_without_profile_addresses() -> None:
    (found,) = connections(
        "First Name,Last Name,Email Address,Company,Position,Connected On\nRosa,Ibarra,Rosa@x.test,,,2/13/19\n"
    )
    assert found.person.ref is None
    assert found.tie.person == by_address("Rosa@x.test")
    assert found.tie.since == "2019-02-13"


def test_dates_in_words_of_three_languages() -> None:
    assert since("01 Feb 2023", "1 ene. 2022", "03 de março de 2021", "12-Dec-20", "2019-05-31", "") == [
        "2023-02-01", "2022-01-01", "2021-03-03", "2020-12-12", "2019-05-31", None,
    ]  # fmt: skip


def test_dates_in_numbers_are_read_in_the_order_the_file_proves() -> None:
    assert since("2/1/23", "25/12/22, 3:04 PM") == ["2023-01-02", "2022-12-25"]
    assert since("2/1/23", "12/25/22") == ["2023-02-01", "2022-12-25"]


def test_where_the_file_proves_nothing_the_language_of_the_header_decides_and_it_is_said() -> None:
    spanish = "Nombre,Apellidos,URL,Dirección de correo electrónico,Empresa,Cargo,Conectado el"
    assert since("2/1/23") == ["2023-02-01"]
    assert since("2/1/23", header=spanish) == ["2023-01-02"]
    assert notices(exported("Rosa,Ibarra,linkedin.com/in/rosa,,,,2/1/23")) == [
        "line 6, connected on: Days in bare numbers were read month first."
        " Write one of them like 2023-05-31 if that is wrong."
    ]


def test_of_dates_in_two_orders_one_is_left_out_and_told() -> None:
    content = exported("Rosa,I,linkedin.com/in/rosa,,,,12/25/22", "Tomoko,M,linkedin.com/in/tomoko,,,,25/12/22")
    assert [each.tie.since for each in connections(content)] == ["2022-12-25", None]
    (told,) = notices(content)
    assert told.startswith("line 7, connected on: “25/12/22” is no date we can read: it was left out.")


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.linkedin.com/in/Rosa-Ibarra/", "rosa-ibarra"),
        ("http://es.linkedin.com/in/rosa-ibarra?trk=x", "rosa-ibarra"),
        ("linkedin.com/in/rosa-ibarra#top", "rosa-ibarra"),
        ("https://www.linkedin.com/in/jos%C3%A9", "josé"),
        ("https://www.linkedin.com/in/jose%CC%81", "josé"),
        ("https://www.linkedin.com/pub/rosa-ibarra/1/2/3", "rosa-ibarra"),
    ],
)
def test_one_profile_has_one_key(url: str, slug: str) -> None:
    (found,) = connections(exported(f"Rosa,Ibarra,{url},,,,"))
    assert found.person.linkedin == slug


@pytest.mark.parametrize(
    "url",
    [
        "https://x.test/in/rosa",
        "https://linkedin.com.x.test/in/rosa",
        "https://notlinkedin.com/in/rosa",
        "https://www.linkedin.com/company/rosa",
        "javascript:alert(1)",
        "https://www.linkedin.com/in/a%0Ab",
        "https://www.linkedin.com/in/a%40b",
        "http://[",
    ],
)
def test_what_is_no_profile(url: str) -> None:
    content = exported(f"Rosa,Ibarra,{url},,,,", f"Stan,Moss,{url},stan@x.test,,,")
    assert [each.person.linkedin for each in connections(content)] == [None], "known by the address alone"
    left_out, passed_over, _ = notices(content)
    assert "is no LinkedIn profile: it was left out. Write an address like https://www.linkedin.com/in/name" in left_out
    assert passed_over.startswith("line 6: This row was passed over. Too little is left of it.")


def test_rows_that_linkedin_left_empty_are_passed_over() -> None:
    content = exported(
        ",,,,,,", ",,https://www.linkedin.com/in/gone,,,,", "Stan,Moss,,,,,", "Rosa,Ibarra,linkedin.com/in/rosa,,,,"
    )
    assert [found.person.name for found in connections(content)] == ["Rosa Ibarra"]
    assert notices(content) == [
        "line 7: This row was passed over: LinkedIn gave no name. Nobody is recognised by their name alone.",
        "line 8: This row was passed over: LinkedIn gave neither a profile nor an e-mail address."
        " Nobody is recognised by their name alone.",
    ]


def test_the_connector_is_not_their_own_connection() -> None:
    content = exported("Carl,Jensen,,Carl@X.test,,,", "Rosa,Ibarra,linkedin.com/in/rosa,,,,")
    (found,) = connections(content, by_address("carl@x.test"))
    assert found.person.name == "Rosa Ibarra"
    assert found.tie.connector == by_address("carl@x.test")


def test_a_person_is_there_once() -> None:
    row = "Rosa,Ibarra,linkedin.com/in/rosa,,,,"
    assert len(connections(exported(row, row))) == 1
    content = exported(row, row.replace("Ibarra", "Moss"), "Rosa,I.,linkedin.com/in/Rosa/,,,,")
    assert [each.person.name for each in connections(content)] == ["Rosa Ibarra"]
    again, slash = notices(content)
    assert again.startswith("line 7, url: This row was passed over. Line 6 has the same key and says something else.")
    assert slash.startswith("line 8, url: This row was passed over. Line 6 has the same key")


def test_an_address_that_two_share_is_the_first_ones() -> None:
    content = exported(
        "Rosa,I,linkedin.com/in/rosa,a@x.test,,,", "Stan,M,linkedin.com/in/stan,A@x.test,,,", "Ines,M,,a@x.test,,,"
    )
    rosa, stan = connections(content)
    assert rosa.person.email is not None
    assert stan.person.email is None
    left_out, passed_over = notices(content)
    assert left_out.startswith("line 7, email address: Line 6 has the same address: it was left out.")
    assert "line 8, email: This row was passed over. Line 6 has the same address." in passed_over


def test_a_row_of_too_many_cells_costs_itself_alone() -> None:
    content = exported("Rosa,Ibarra,linkedin.com/in/rosa,,,,,,", "Stan,Moss,linkedin.com/in/stan,,,,")
    assert [each.person.name for each in connections(content)] == ["Stan Moss"]
    assert notices(content)[0].startswith("line 6: This row was passed over. This row has 9 cells")


def test_a_file_of_several_readings_is_the_same_each_time() -> None:
    """The second reading remembers the first: it passes over the same rows, and finds its own again."""
    row = "Rosa,Ibarra,linkedin.com/in/rosa,a@x.test,,,"
    read = sound(read_connections(source(exported(row, row, "Stan,M,,a@x.test,,,")), CARL, TODAY))
    assert list(read) == list(read)
    assert len(list(read)) == read.count == 1


def test_a_file_that_is_something_else_says_what_is_missing() -> None:
    assert connection_faults("ref,name\n1,Rosa\n")[0].startswith("Its columns are called “ref”, “name”")
    assert connection_faults("Notes:\n\nFirst Name,URL\nRosa,x\n") == [
        "line 3, last name: This column is missing. Add a column named “last name”."
    ]


TELLING_NOTES = """Notes:
"When exporting your connection data, columns such as
URL,Company,Position
and First Name,Last Name,URL,Email Address,Company,Position,Connected On
follow."
URL, Company, Position

"""


def test_notes_that_hold_the_names_of_columns_are_no_header() -> None:
    header, row = LINKEDIN_HEADER, "Rosa,Ibarra,linkedin.com/in/rosa,,Semilla,CEO,1 Sept 2022"
    (found,) = connections(f"{TELLING_NOTES}{header}\n{row}\n")
    assert (found.person.name, found.person.organisation, found.tie.since) == ("Rosa Ibarra", "Semilla", "2022-09-01")


def test_an_export_in_german() -> None:
    header = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am"
    rows = [f"Jörg,Strauß,linkedin.com/in/joerg{number},,Werk,Rat,{day}" for number, day in enumerate(GERMAN_DAYS)]
    found = connections("Notizen:\n\n" + "\n".join([header, *rows]) + "\n")
    assert [each.tie.since for each in found] == ["2024-03-07", "2023-10-01", "2022-05-31", "2021-12-02"]
    assert {(each.person.name, each.person.organisation) for each in found} == {("Jörg Strauß", "Werk")}


GERMAN_DAYS = ("07. März 2024", "1 Okt. 2023", "31. Mai 2022", "02 Dez 2021")
FRENCH = "Prénom,Nom,URL,Adresse e-mail,Entreprise,Poste,Connecté le\nRosa,Ibarra,linkedin.com/in/rosa,,Semilla,,\n"


def test_an_export_in_an_unknown_language_asks_which_column_is_which() -> None:
    asked = read_connections(source(FRENCH), CARL, TODAY)
    assert isinstance(asked, FileReport)
    (sentence,) = asked.sentences()
    assert "Its columns are called “Prénom”, “Nom”, “Adresse e-mail”" in sentence
    assert 'Say for each which it is, such as --column "Prénom=first name"' in sentence
    assert asked.unknown
    assert asked.unknown.needed == {"first name", "last name"}
    told = {"Prénom": "first name", "nom": "last name", "Entreprise": "company"}
    (found,) = sound(read_connections(source(FRENCH), CARL, TODAY, told=told))
    assert (found.person.name, found.person.organisation) == ("Rosa Ibarra", "Semilla")


def test_where_no_name_of_a_column_is_known_it_asks_too() -> None:
    asked = read_connections(
        source("注:\n\n名,姓,リンク,会社\nRosa,Ibarra,linkedin.com/in/rosa,Semilla\n"), CARL, TODAY
    )
    assert isinstance(asked, FileReport)
    assert asked.unknown
    assert asked.unknown.titles == ("名", "姓", "リンク", "会社")


def test_an_export_without_a_usable_row_is_no_import() -> None:
    assert connection_faults(exported(",,,,,,")) == [
        "There is no row to import. Write one row for each, below the column names."
    ]
