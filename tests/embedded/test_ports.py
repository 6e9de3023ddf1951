"""A taken port is told in a sentence, with one that is free."""

import re
import socket
from pathlib import Path

import pytest

from embedded.folder import StartRefused
from embedded.ports import any_free_port, is_free, refuse_if_taken, remembered_port


def test_a_taken_port_is_refused_and_a_free_one_offered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StartRefused) as refusal:
            refuse_if_taken("127.0.0.1", port, "INTROBROKER_HTTP")
    offered = re.search(r"INTROBROKER_HTTP=127\.0\.0\.1:(\d+)\.$", str(refusal.value))
    assert f"Port {port} on 127.0.0.1 is taken" in str(refusal.value)
    assert offered
    assert is_free("127.0.0.1", int(offered[1]))


def test_a_free_port_is_let_pass() -> None:
    refuse_if_taken("127.0.0.1", any_free_port(), "INTROBROKER_HTTP")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StartRefused, match=r"cannot be opened"):
        refuse_if_taken("203.0.113.9", 8700, "INTROBROKER_HTTP")


def test_a_port_is_remembered_while_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "port"
    port = remembered_port(file)
    assert remembered_port(file) == port
    with socket.create_server(("127.0.0.1", port)):
        moved = remembered_port(file)
    assert moved != port
    assert remembered_port(file) == moved


def test_a_spoilt_memory_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("99999999")
    assert is_free("127.0.0.1", remembered_port(file))
