"""The cookie of a session as it is sent: read without taking quotes off, which takes a while for a hostile one."""

from time import process_time
from types import SimpleNamespace

import pytest
from fastapi import Request

from tests.web.house import ADDRESS
from web.shared.house import House
from web.shared.sessions import cookie_sent


def sent(*lines: str, public_url: str = ADDRESS) -> Request:
    house = object.__new__(House)
    object.__setattr__(house, "public_url", public_url)
    object.__setattr__(house, "embedded", False)
    headers = [(b"cookie", line.encode()) for line in lines]
    return Request({"type": "http", "headers": headers, "app": SimpleNamespace(state=SimpleNamespace(house=house))})


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        (["introbroker=abc"], "abc"),
        (["a=b; introbroker=abc; c=d"], "abc"),
        (["a=b", "introbroker=a-_c"], "a-_c"),
        (["introbroker=abc; introbroker=other"], "abc"),
        (["xintrobroker=abc; __Host-introbroker=abc; introbroker"], ""),
        ([], ""),
    ],
)
def test_ours_is_found_among_others(lines: list[str], held: str) -> None:
    assert cookie_sent(sent(*lines)) == held


def test_over_tls_none_is_read_that_a_neighbour_may_have_set() -> None:
    assert cookie_sent(sent("introbroker=theirs", public_url="https://intro.example.org")) == ""
    assert cookie_sent(sent("__Host-introbroker=ours", public_url="https://intro.example.org")) == "ours"


def test_a_hostile_one_costs_nothing() -> None:
    """With the standard library of Python 3.11 it took eighteen seconds, in which nobody was answered."""
    began = process_time()
    cookie_sent(sent('introbroker="' + "\\" * 60_000 + '"'))
    cookie_sent(sent("a=b;" * 16_000))
    assert process_time() - began < 1
