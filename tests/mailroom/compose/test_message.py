"""A message is read by its receiver's mail program as it was meant, for one receiver, from our own address."""

import random
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any

import pytest

from mailroom.compose.composition import Composed, compose
from mailroom.compose.message import BadHeader, message, message_id
from models.letters import LANGUAGES
from tests.letters.samples import samples

PLAIN = Composed(subject="A letter", text="Hello,\n\ngood day.", html="<p>Hello,</p>\n<p>good day.</p>")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EXPECTED = ["Message-ID", "Date", "From", "Reply-To", "To", "Subject", "Auto-Submitted", "Content-Language"]
WORDS = [
    "Ángel",
    "Łukasz",
    "Šťastná",
    "José",
    "Zoë",
    "naïve",
    "Øre",
    "Ñandú",
    "déjà",
    "vu",
    "über",
    "田中",
    "Ольга",
    "خديجة",
    "👋",
    "Tomoko,",
    "Rosa.",
    "a@b",
    "(x)",
    '"q"',
    "=?utf-8?q?x?=",
    "\\",
]


def written(composed: Composed = PLAIN, **facts: Any) -> bytes:
    told: dict[str, Any] = {
        "from_name": "Spring Batch",
        "from_address": "letters@introductions.test",
        "reply_to": "olive@introductions.test",
        "to": "tomoko@example.test",
        "message_id": "<let_1@introductions.test>",
        "language": "en",
        "at": AT,
    }
    return message(composed, **told | facts)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def sender_of(raw: bytes) -> tuple[str, str]:
    """As RFC 2047 has it. The library's newer reader puts a space where a long name goes on in the next line."""
    ((name, address),) = getaddresses([BytesHeaderParser().parsebytes(raw)["From"]])
    return str(make_header(decode_header(name))), address


def _written_with(field: str, value: str) -> bytes:
    told: dict[str, Any] = {field: value}
    return written(**told)


def test_a_message_has_our_headers_and_no_others() -> None:
    mail = read(written())
    assert [name for name in mail if name not in ("MIME-Version", "Content-Type")] == EXPECTED
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Spring Batch <letters@introductions.test>"
    assert mail["Reply-To"] == "olive@introductions.test"
    assert mail["To"] == "tomoko@example.test"
    assert mail["Date"].datetime == AT
    assert not {"Cc", "Bcc", "References", "In-Reply-To", "Sender"} & set(mail.keys())


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_parts_arrive_as_they_were_composed(language: str) -> None:
    for _, view in samples(language):  # type: ignore[arg-type]
        letter = compose(view)
        raw = written(letter, from_name=view.from_name, language=language)
        mail = read(raw)
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n").rstrip("\n") == letter.text
        assert html.get_content().replace("\r\n", "\n").rstrip("\n") == letter.html
        assert mail["Subject"] == letter.subject
        assert sender_of(raw)[0] == view.from_name


def test_the_same_letter_is_the_same_bytes() -> None:
    assert written() == written()
    assert written() != written(message_id="<let_2@introductions.test>")


def test_every_line_is_one_that_relays_take() -> None:
    for _, view in samples("pt"):
        raw = written(compose(view), from_name=view.from_name)
        assert raw.isascii()
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
        assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_thousand_subjects_and_names_are_read_back_equal() -> None:
    chance = random.Random(20260302)
    for _ in range(1000):
        subject = " ".join(chance.choices(WORDS, k=chance.randint(1, 24)))
        name = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
        raw = written(PLAIN.model_copy(update={"subject": subject}), from_name=name)
        assert BytesHeaderParser(policy=policy.default).parsebytes(raw)["Subject"] == subject
        assert sender_of(raw) == (name, "letters@introductions.test")


HEADER_BREAKS = [
    "A\r\nBcc: e@z.test",
    "A\nSubject: x",
    "A\rB",
    "A\x00B",
    "A\x85B",
    "A\u2028B",
    "A\x0bB",
    "A\x1fB",
    "A\x9bB",
    "A\ud800B",
]


@pytest.mark.parametrize("field", ["from_name", "message_id", "from_address", "reply_to", "to"])
@pytest.mark.parametrize("value", HEADER_BREAKS, ids=ascii)
def test_nothing_breaks_out_of_a_header(field: str, value: str) -> None:
    with pytest.raises(BadHeader) as raised:
        _written_with(field, value)
    assert value not in str(raised.value)  # an exception may reach a log


@pytest.mark.parametrize("value", HEADER_BREAKS, ids=ascii)
def test_nothing_breaks_out_of_a_subject(value: str) -> None:
    with pytest.raises(BadHeader):
        written(PLAIN.model_copy(update={"subject": value}))


@pytest.mark.parametrize(
    "address",
    [
        "a@x.test, b@y.test",
        "a@x.test;b@y.test",
        "a@x.test<b@y.test>",
        '"A" <evil@z.test>, <b@c.test>',
        '"a@x.test"@y.test',
        "jürg@x.test",
        f"{'a' * 65}@x.test",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}.test",
        "user@[127.0.0.1]",
        "a@localhost",
        "a@nodot",
        "",
        "a b@x.test",
    ],
)
def test_what_is_not_one_address_is_not_written_to(address: str) -> None:
    for field in ("to", "reply_to", "from_address"):
        with pytest.raises(BadHeader):
            _written_with(field, address)


@pytest.mark.parametrize(
    ("address", "goes_to"), [("j@münchen.test", "j@xn--mnchen-3ya.test"), ("a＠x.test", "a@x.test")]
)
def test_an_address_goes_out_in_ascii(address: str, goes_to: str) -> None:
    assert read(written(to=address))["To"] == goes_to


@pytest.mark.parametrize(
    "name", ['"A" <evil@z.test>, <b@c.test>', "a@x.test, b@y.test", "Rosa (via) Prieto; x", "=?utf-8?q?x?="]
)
def test_a_name_that_looks_like_addresses_is_a_name(name: str) -> None:
    raw = written(from_name=name)
    assert [each.addr_spec for each in read(raw)["From"].addresses] == ["letters@introductions.test"]
    assert sender_of(raw)[0] == name


def test_a_letter_keeps_its_id() -> None:
    assert message_id("let_7", "introductions.test") == "<let_7@introductions.test>"
    with pytest.raises(BadHeader):
        message_id("let_7>\r\nBcc: e@z.test", "introductions.test")
