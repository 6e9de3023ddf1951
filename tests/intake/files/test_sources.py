"""A file is text in one of a few encodings and of a bearable size, or it is refused in one sentence."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.fault_reports import FileReport
from intake.files.limits import Limits
from intake.files.sources import Source, open_source, source_of
from tests.intake.sample_files import refused, source

ACCENTS = "ref;name\n1;José Núñez\n2;Ana Peña — “Química”\n3;João Conceição\n"
PLAIN = ACCENTS.replace("—", "-").replace("“", '"').replace("”", '"')


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_accents_survive_the_encoding_a_spreadsheet_chose(encoding: str) -> None:
    assert "".join(source(ACCENTS.encode(encoding)).lines()) == ACCENTS


@pytest.mark.parametrize("encoding", ["latin_1", "cp850"])
def test_older_encodings_without_typographic_quotes_are_read_too(encoding: str) -> None:
    assert "".join(source(PLAIN.encode(encoding)).lines()) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_by_its_mark(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    assert "".join(source(mark + ACCENTS.encode(encoding)).lines()) == ACCENTS


def test_one_accent_after_a_thousand_plain_lines_is_found() -> None:
    text = "ref,name\n" + "1,Rosa\n" * 20_000 + "2,José\n"
    assert list(source(text.encode("cp1252")).lines())[-1] == "2,José\n"


def test_text_that_no_western_encoding_explains_is_refused() -> None:
    russian = "ref;name\n" + "1;Анна Смирнова\n2;Иван Петров\n" * 6
    assert (
        refused(russian.encode("cp1251"))
        == "The file's encoding is not recognised. Save it as “CSV UTF-8” and try again."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_says_so(content: bytes) -> None:
    assert refused(content) == "The file is empty. It should begin with a line of column names."


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    ],
)
def test_other_kinds_of_file_are_called_by_their_name(start: bytes, kind: str) -> None:
    assert f"This is {kind}, not a CSV file." in refused(start + b"\x00\x01\x02" * 9)


def test_a_nul_is_found_on_its_line() -> None:
    assert refused("ref,name\n1,Ro\0sa\n").startswith("Line 2 holds a NUL character.")


def test_limits_hold_before_anything_is_parsed() -> None:
    assert refused("x" * 2049, Limits(bytes=2048)) == "The file is larger than 2 kB. Split it into smaller files."
    assert refused("a,b\n" * 12, Limits(lines=10)) == "The file has more than 10 lines. Split it into smaller files."
    assert refused("a,b\r" * 12, Limits(lines=10)) == "The file has more than 10 lines. Split it into smaller files."


def test_a_million_rows_are_refused_at_once() -> None:
    assert refused(b"p,Rosa\n" * 1_000_000) == "The file has more than 500,000 lines. Split it into smaller files."


def test_a_file_on_disk_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("ref,name\n1,Rosa\n")
    opened = open_source(path)
    path.write_text("changed since")
    assert isinstance(opened, Source)
    assert list(opened.lines()) == ["ref,name\n", "1,Rosa\n"]


def test_a_file_larger_than_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.truncate(2**40)
    report = open_source(path, Limits(bytes=1024))
    assert isinstance(report, FileReport)
    assert "larger than 1 kB" in str(report.faults[0])


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_said(tmp_path: Path, name: str) -> None:
    report = open_source(tmp_path / name)
    assert isinstance(report, FileReport)
    assert "There is no such file" in str(report.faults[0])


def test_nobodys_address_stands_in_a_log_line_about_a_file() -> None:
    assert "rosa@x.test" not in repr(source("ref,name,email\n1,Rosa,rosa@x.test\n"))


def test_a_file_name_cannot_play_tricks_in_the_report(tmp_path: Path) -> None:
    report = open_source(tmp_path / "a\u202evsc.\x1b[31mexe")
    assert isinstance(report, FileReport)
    assert report.file == "a\\u202evsc.\\x1b[31mexe"


@given(st.binary(max_size=300))
def test_any_bytes_give_readable_lines_or_a_report(content: bytes) -> None:
    opened = source_of("file.csv", content)
    if isinstance(opened, Source):
        assert "\0" not in "".join(opened.lines())
    else:
        assert opened.faults
