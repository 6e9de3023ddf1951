"""Text files and their encodings."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path

from charset_normalizer import from_bytes

from intake.fault_reports import FileReport, Wrong, refusal
from intake.files.limits import LIMITS, Limits

SAVE_AS = "Save it as “CSV UTF-8” and try again"
NOT_TEXT = {
    b"PK\x03\x04": Wrong("This is a zip archive or an Excel workbook, not a CSV file", f"Unpack it, or: {SAVE_AS}"),
    b"\xd0\xcf\x11\xe0": Wrong("This is an old Excel workbook, not a CSV file", SAVE_AS),
    b"%PDF": Wrong("This is a PDF, not a CSV file", SAVE_AS),
    b"\x1f\x8b": Wrong("This is a gzip archive, not a CSV file", "Unpack it first"),
}
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WESTERN = ("cp1252", "cp850", "mac_roman", "latin_1")  # Windows, its “MS-DOS” CSV, old Macs
OUR_LETTERS = frozenset("áàâãäéèêëíìîïóòôõöúùûüñçÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÑÇßåøæÅØÆºª¿¡«»“”‘’–—…·•€°&")
SAMPLE = 64 * 1024
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A file's content as it was when it was opened, known to be readable text."""

    name: str
    data: bytes = field(repr=False)  # people's addresses have no place in a log or a traceback
    encoding: str
    line_count: int
    limits: Limits

    def lines(self) -> Iterator[str]:
        """Physical lines with their endings, decoded as they are taken."""
        return iter(TextIOWrapper(BytesIO(self.data), encoding=self.encoding, newline=""))


def open_source(path: Path, limits: Limits = LIMITS) -> Source | FileReport:
    try:
        if not path.is_file():
            return refusal(path.name, Wrong("There is no such file", f"Looked for {path}"))
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as error:
        return refusal(path.name, Wrong("The file cannot be opened", error.strerror or str(error)))
    return source_of(path.name, data, limits)


def source_of(name: str, data: bytes, limits: Limits = LIMITS) -> Source | FileReport:
    """The same for content that came another way. Refuses what is too large, empty, or no text."""
    wrong = _too_much(data, limits) or _no_text(data)
    if wrong:
        return refusal(name, wrong)
    encoding = _encoding(data)
    if encoding is None:
        return refusal(name, Wrong("The file's encoding is not recognised", SAVE_AS))
    nul = _line_of_nul(data, encoding)
    if nul:
        return refusal(name, Wrong(f"Line {nul} holds a NUL character", "Remove it, or export the file again"))
    return Source(name, data, encoding, _line_count(data), limits)


def _too_much(data: bytes, limits: Limits) -> Wrong | None:
    if len(data) > limits.bytes:
        return Wrong(f"The file is larger than {limits.bytes // 1024} kB", "Split it into smaller files")
    if _line_count(data) > limits.lines + 1:
        return Wrong(f"The file has more than {limits.lines:,} lines", "Split it into smaller files")
    return None


def _no_text(data: bytes) -> Wrong | None:
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        return Wrong("The file is empty", "It should begin with a line of column names")
    return next((wrong for start, wrong in NOT_TEXT.items() if data.startswith(start)), None)


def _line_count(data: bytes) -> int:
    """Good enough for limits and progress: old Macs end lines with CR alone."""
    return max(data.count(b"\n"), data.count(b"\r")) + 1


def _encoding(data: bytes) -> str | None:
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), None)
    if marked:
        return marked if _decodes(data, marked) else None
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return unmarked if _decodes(data, unmarked) else None
    if _decodes(data, "utf-8"):
        return "utf-8"
    return _western(data)


def _utf16_without_mark(data: bytes) -> str | None:
    """Mostly-Latin text in UTF-16 has a NUL in nearly every pair, always on the same side."""
    start = data[:SAMPLE]
    high, low = start[::2].count(0), start[1::2].count(0)
    if max(high, low) * 4 < len(start):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _western(data: bytes) -> str | None:
    """charset-normalizer rules out what would read as a mess; between the rest, the letters of our languages decide."""
    sample = _telling_lines(data)
    possible = {match.encoding for match in from_bytes(sample, cp_isolation=list(WESTERN))}
    possible |= {
        also for match in from_bytes(sample, cp_isolation=list(WESTERN)) for also in match.could_be_from_charset
    }
    ranked = [encoding for encoding in WESTERN if encoding in possible and _decodes(data, encoding)]
    return max(ranked, key=lambda encoding: _share_of_our_letters(sample, encoding), default=None)


def _telling_lines(data: bytes) -> bytes:
    """The lines that are not plain ASCII: the first of them may come after a thousand plain ones."""
    found, size = [], 0
    for match in re.finditer(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data):
        found.append(match.group()[:SAMPLE])
        size += len(found[-1])
        if size > SAMPLE:
            break
    return b"\n".join(found)


def _share_of_our_letters(sample: bytes, encoding: str) -> float:
    foreign = [letter for letter in sample.decode(encoding, "replace") if not letter.isascii()]
    return sum(letter in OUR_LETTERS for letter in foreign) / max(len(foreign), 1)


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE], final=start + PIECE >= len(data))
    except UnicodeError:
        return False
    return True


def _line_of_nul(data: bytes, encoding: str) -> int | None:
    if b"\0" not in data:
        return None
    lines = TextIOWrapper(BytesIO(data), encoding=encoding, newline="")
    return next((number for number, line in enumerate(lines, start=1) if "\0" in line), None)
