"""Open sockets that tests hold and hand down to what they start: nobody else can take the port meanwhile."""

import socket
from collections.abc import Iterator

import pytest

from embedded.ports import any_port


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """One to serve on; after its server has ended, whoever comes waits."""
    with any_port() as found:
        yield found


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


def at(listening: socket.socket) -> dict[str, str]:
    """The setting that names it."""
    return {"INTROBROKER_HTTP": "{}:{}".format(*listening.getsockname())}
