"""Reports as mail servers write them: in any alphabet, in any transfer encoding, and only at the top of a message."""

import time

import pytest

from mailroom.inbound.bounce_reports import read
from tests.mailroom import returned_messages

ENCODINGS = ("7bit", "8bit", "quoted-printable", "base64")
KINDS = ("message/delivery-status", "message/global-delivery-status", "Message/Global-Delivery-Status")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_report_in_any_alphabet_and_encoding_is_read(encoding: str, kind: str) -> None:
    found = read(returned_messages.encoded_report("bounces+x@programme.example.test", encoding, kind))
    assert (found.sort, found.action, found.code) == ("delivery", "failed", "5.1.1")
    assert found.blames_address


@pytest.mark.parametrize("how", ["message/rfc822", "message/global", "multipart/report", "application/octet-stream"])
@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/report; report-type=delivery-status"])
def test_a_report_that_somebody_passes_on_is_no_report_to_us(how: str, kind: str) -> None:
    for inner in (returned_messages.report("x@y.test"), returned_messages.complaint("bounces+x@y.test")):
        found = read(returned_messages.forwarded(inner, "bounces+x@programme.example.test", how, kind))
        assert found.sort == ("other" if kind == "multipart/mixed" else "machine")
        assert not found.returned_to


def test_what_is_endless_is_read_in_no_time() -> None:
    long = returned_messages.report("x@y.test") + b"x" * 10_000_000
    started = time.process_time()
    assert read(long).is_permanent
    assert read(returned_messages.of_many_pieces("x@y.test", 1000)).sort == "machine"
    assert read(b"To: " + b"<a@b.test>," * 100_000 + b"\r\n\r\n").sort == "other"
    assert read(b"Content-Type: multipart/report; boundary=" + b"x" * 500_000).sort == "machine"
    assert time.process_time() - started < 10  # what is read twice over and over takes minutes


@pytest.mark.parametrize("parameters", [b";", b"a;", b'a="";', b"\r\n ;", b"report-type*0*=utf-8''%41;"])
def test_parameters_without_end_are_read_in_no_time(parameters: bytes) -> None:
    started = time.process_time()
    assert read(b"Content-Type: multipart/report; " + parameters * (400_000 // len(parameters))).sort == "machine"
    assert time.process_time() - started < 2  # five to fifteen seconds, in which no letter leaves
