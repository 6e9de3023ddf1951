"""An address means one mailbox, however it is written; what cannot be written to is refused with its reason."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from store.people.addresses import Address, Flaw, canonical

LOCAL = "abcdefghijklmnopqrstuvwxyz0123456789"
locals_ = st.lists(st.text(LOCAL + "_-", min_size=1, max_size=8), min_size=1, max_size=3).map(".".join)
domains = st.sampled_from(["x.test", "mail.example.org", "münchen.test", "añil.example", "café.example.com"])
addresses = st.builds("{}@{}".format, locals_, domains)


def the(text: str) -> Address:
    found = canonical(text)
    assert isinstance(found, Address), found
    return found


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.EMPTY),
        ("   ", Flaw.EMPTY),
        ("A\r\nBcc: e@z.test", Flaw.HIDDEN),
        ("A\nSubject: x", Flaw.HIDDEN),
        ("a@x.test\n", Flaw.HIDDEN),
        ("a\x00@x.test", Flaw.HIDDEN),
        ("a\u0085@x.test", Flaw.HIDDEN),
        ("a@x.test\u2028", Flaw.HIDDEN),
        ("a\u202e@x.test", Flaw.HIDDEN),
        ("a\u2066@x.test", Flaw.HIDDEN),
        ("a\u200b@x.test", Flaw.HIDDEN),
        ('"A" <evil@z.test>, <b@c.test>', Flaw.SEVERAL),
        ("a@x.test, b@y.test", Flaw.SEVERAL),
        ("a@x.test;b@y.test", Flaw.SEVERAL),
        ("a@x.test，b@y.test", Flaw.SEVERAL),
        ("a@x.test b@y.test", Flaw.SEVERAL),
        ("a@b@x.test", Flaw.SEVERAL),
        ("a@x.test<b@y.test>", Flaw.SEVERAL),
        ("A <a@x.test>", Flaw.NAMED),
        ('"a@x.test"@y.test', Flaw.QUOTED),
        ('"a b"@y.test', Flaw.QUOTED),
        ("user@[127.0.0.1]", Flaw.IP_LITERAL),
        ("user@[IPv6:::1]", Flaw.IP_LITERAL),
        ("user@127.0.0.1", Flaw.DOMAIN),
        ("a b@x.test", Flaw.SPACE),
        ("a.x.test", Flaw.NO_AT),
        ("jürg@x.test", Flaw.LOCAL_NOT_ASCII),
        ("аnna@x.test", Flaw.LOCAL_NOT_ASCII),
        ("a" * 65 + "@x.test", Flaw.TOO_LONG),
        ("a" * 20 + "@" + ".".join(["b" * 60] * 4) + ".test", Flaw.TOO_LONG),
        ("a@" + ".".join(["b" * 62] * 4) + ".tes", Flaw.DOMAIN),
        ("a@" + "b" * 64 + ".test", Flaw.DOMAIN),
        ("a@x.test" * 1000, Flaw.TOO_LONG),
        ("@x.test", Flaw.LOCAL),
        (".a@x.test", Flaw.LOCAL),
        ("a..b@x.test", Flaw.LOCAL),
        ("a\\@x.test", Flaw.LOCAL),
        ("mailto:a@x.test", Flaw.LOCAL),
        ("a@localhost", Flaw.NO_DOT),
        ("a@test", Flaw.NO_DOT),
        ("a@", Flaw.NO_DOT),
        ("a@x..test", Flaw.DOMAIN),
        ("a@-x.test", Flaw.DOMAIN),
        ("a@x_y.test", Flaw.DOMAIN),
        ("a@xn--a.test", Flaw.DOMAIN),
        ("a@x.test.", Flaw.DOMAIN),
        ("a@☃.test", Flaw.DOMAIN),
        ("a@printer.local", Flaw.DOMAIN),
    ],
)
def test_what_cannot_be_written_to_is_refused_with_its_reason(text: str, flaw: Flaw) -> None:
    assert canonical(text) is flaw


def test_the_domain_is_written_in_ascii() -> None:
    assert the("j@münchen.test").written == "j@xn--mnchen-3ya.test"


def test_idna_of_2008_tells_sharp_s_from_double_s() -> None:
    assert the("a@faß.de").key != the("a@fass.de").key


def test_letters_are_sent_to_the_local_part_as_its_owner_writes_it() -> None:
    assert the("Rosa.Ibarra@X.TEST").written == "Rosa.Ibarra@x.test"
    assert the("Rosa.Ibarra@X.TEST").key == "rosa.ibarra@x.test"


@given(addresses)
def test_every_spelling_of_an_address_has_one_key(address: str) -> None:
    key = the(address).key
    local, domain = address.split("@")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in local)
    spellings = [
        address.upper(),
        address.title(),
        f" {address} ",
        f"\u00a0{address}",
        address.replace("@", "＠"),
        address.replace("@", "﹫"),
        f"{wide}@{domain}",
        f"{local}@{domain.replace('.', '。')}",
        f"{local}@{the(address).key.partition('@')[2]}",
    ]
    assert {the(spelling).key for spelling in spellings} == {key}


@given(addresses, st.text(LOCAL, min_size=1, max_size=8))
def test_a_block_holds_for_every_tag(address: str, tag: str) -> None:
    local, domain = address.split("@")
    tagged = the(f"{local}+{tag}@{domain}")
    assert tagged.mailbox == the(address).mailbox
    assert tagged.key != the(address).key  # but two people may use two tags of one mailbox


def test_a_block_holds_for_every_spelling_that_gmail_delivers_to_one_mailbox() -> None:
    spellings = ["rosa.ibarra@gmail.com", "r.o.s.a.ibarra+x@gmail.com", "RosaIbarra@googlemail.com"]
    assert {the(spelling).mailbox for spelling in spellings} == {"rosaibarra@gmail.com"}


def test_dots_tell_mailboxes_apart_everywhere_else() -> None:
    assert the("rosa.ibarra@x.test").mailbox != the("rosaibarra@x.test").mailbox


def test_a_local_part_that_is_only_a_tag_is_kept() -> None:
    assert the("+news@x.test").mailbox == "+news@x.test"


@given(st.text(max_size=40))
def test_any_text_gives_an_address_or_a_flaw(text: str) -> None:
    assert isinstance(canonical(text), Address | Flaw)


@given(st.one_of(addresses, st.from_regex(r"[\w.+%'=-]{1,12}@[\w.-]{1,12}\.(test|org)", fullmatch=True)))
def test_what_is_canonical_stays_so_and_the_library_agrees(text: str) -> None:
    found = canonical(text)
    if isinstance(found, Address):
        assert canonical(found.written) == found
        assert the(found.key).key == found.key
        assert found.written.isascii()
        assert (
            validate_email(found.written, check_deliverability=False, test_environment=True).ascii_email
            == found.written
        )


@given(st.from_regex(r"[a-zA-Z0-9.+_-]{1,12}@[a-z0-9.-]{1,12}\.(test|org)", fullmatch=True))
def test_nothing_is_refused_that_the_library_takes(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return
    assert isinstance(canonical(text), Address)
