"""Columns in any order, three delimiters, three languages of header; a row that does not fit is said with its line."""

import pytest

from intake.fault_reports import FileReport
from intake.files.limits import Limits
from intake.people import read_people
from tests.intake.sample_files import connection_faults, people, people_faults, people_notices, source


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, ending: str) -> None:
    lines = [["ref", "name", "email"], ["1", "Rosa", "rosa@x.test"], ["2", "Carl", ""]]
    found = people(ending.join(delimiter.join(cells) for cells in lines))
    assert [(person.ref, person.name) for person in found] == [("1", "Rosa"), ("2", "Carl")]


@pytest.mark.parametrize(
    "header",
    [
        "name,topics,ref,email",
        "NAME,Topics,Key,E-Mail",
        "Nombre completo,Temas,Clave,Correo electrónico",
        "nome completo,tópicos,chave,endereço de e-mail",
        "  nome , assuntos ,ID,e_mail",
        "\ufeffname,topics,id,email address",
    ],
)
def test_headers_in_three_languages_and_any_order(header: str) -> None:
    (person,) = people(f"{header}\nRosa,teaching,7,rosa@x.test\n")
    assert (person.ref, person.name, person.topics) == ("7", "Rosa", ("teaching",))
    assert person.email
    assert person.email.key == "rosa@x.test"


def test_a_missing_column_is_named() -> None:
    assert people_faults("name,email\nRosa,rosa@x.test\n") == [
        "line 1, ref: This column is missing. Add a column named “ref”."
    ]


def test_a_column_that_stands_there_twice_is_named() -> None:
    assert people_faults("ref,name,email,Correo\n1,Rosa,a@x.test,b@x.test\n") == [
        "line 1, email: This column stands there 2 times (email, Correo). Keep one of them."
    ]


def test_a_file_without_a_header_says_how_it_begins() -> None:
    (fault,) = people_faults("1,Rosa\n2,Carl\n")
    assert "begins with “1,Rosa”" in fault
    assert "Name the columns: ref, name, email" in fault


@pytest.mark.parametrize("header", ["ref,name", "ref,name\n", "ref,name\n\n,\n \n"])
def test_a_header_alone_is_no_import(header: str) -> None:
    assert people_faults(header) == ["There is no row to import. Write one row for each, below the column names."]


def test_the_line_with_which_a_spreadsheet_names_its_delimiter_is_passed_over() -> None:
    assert people("sep=;\nref;name\n1;Rosa\n")[0].line == 3


def test_empty_rows_are_passed_over_and_lines_still_counted() -> None:
    assert [person.line for person in people('ref,name,headline\n\n1,Rosa,"two\nlines"\n,,\n\n2,Carl,\n')] == [3, 7]


@pytest.mark.parametrize("row", ["1", "1,Rosa,x", "1,Rosa,x,y"])
def test_a_row_of_another_length_is_a_fault(row: str) -> None:
    (fault,) = people_faults(f"ref,name\n{row}\n")
    assert fault.startswith(f"line 2: This row has {row.count(',') + 1} cells where the header has 2.")


def test_a_quote_that_is_never_closed_is_found_where_it_opens() -> None:
    (fault,) = people_faults('ref,name\n1,Rosa\n2,"Carl\n3,Tomoko\n')
    assert fault.startswith("line 3: A quote is opened in this row and never closed.")


def test_a_quote_in_the_wrong_place_is_a_fault() -> None:
    (fault,) = people_faults('ref,name\n1,"Rosa" Ibarra\n')
    assert fault.startswith("line 2: This row cannot be read")


def test_a_row_that_never_ends_is_stopped() -> None:
    (fault,) = people_faults('ref,name\n1,"' + "Rosa\n" * 100_000)
    assert fault.startswith("line 2: This row is longer than 32,768 characters.")


def test_a_million_columns_are_not_split() -> None:
    assert "No line of column names was found" in people_faults("ref,name" + "," * 1_000_000 + "\n1,Rosa\n")[0]
    assert "longer than 32,768 characters" in people_faults("ref,name\n1,Rosa" + "," * 1_000_000)[0]
    assert "longer than 32,768 characters" in connection_faults("First Name,Last Name\n" + "," * 1_000_000)[0]


def test_too_many_columns() -> None:
    assert people_faults("ref,name" + ",x" * 99 + "\n") == ["line 1: The file has 101 columns. Keep at most 100."]


def test_a_column_of_ones_own_is_passed_over_and_said() -> None:
    assert people_notices("ref,name,shoe size,langauge\n1,Rosa,38,es\n") == [
        "line 1, shoe size: This column was passed over. It is not part of this format.",
        "line 1, langauge: This column was passed over. Did you mean “language”?",
    ]


def test_the_apostrophe_that_guards_an_exported_cell_is_taken_off() -> None:
    (person,) = people("ref,name,headline\n1,'@rosa,'=1+1\n")
    assert (person.name, person.headline) == ("@rosa", "=1+1")


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+1 Rosa",
        "-Rosa",
        "@rosa",
        "=cmd|'/C calc'!A0",
        "<script>alert(1)</script>",
        "<img src=x onerror=a>",
        "[x](javascript:a)",
        "{{7*7}}",
        "${7*7}",
        "%n%s",
    ],
)
def test_text_that_means_something_elsewhere_is_only_text_here(text: str) -> None:
    (person,) = people(f'ref,name,headline\n1,"{text}","{text}"\n')
    assert (person.name, person.headline) == (text, text)


def test_every_fault_is_counted_and_the_first_hundred_are_told() -> None:
    report = read_people(source("ref,name,zone\n" + "".join(f"{i},Rosa,Mars\n" for i in range(250))))
    assert isinstance(report, FileReport)
    sentences = list(report.sentences())
    assert len(sentences) == 101
    assert sentences[0].startswith("file.csv: line 2, zone: “Mars” is no time zone.")
    assert sentences[-1] == "file.csv: and 150 more"


def test_progress_is_told_in_lines() -> None:
    told: list[tuple[int, int]] = []
    read_people(
        source("ref,name\n" + "".join(f"{i},Rosa\n" for i in range(2500))), lambda read, of: told.append((read, of))
    )
    assert [read for read, _ in told] == [1000, 2000, 2501]
    assert {of for _, of in told} == {2502}


def test_limits_are_handed_in() -> None:
    report = read_people(source("ref,name\n1,Rosa\n", Limits(columns=1)))
    assert isinstance(report, FileReport)
