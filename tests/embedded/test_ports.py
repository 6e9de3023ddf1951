"""A port is held from when it is chosen; a taken one is told in a sentence, with one that is free."""

import re
import socket
from pathlib import Path

import pytest

from embedded.folder import StartRefused
from embedded.ports import FOR_OTHERS, any_port, free_now, handed_down, held, is_free, port_for_another

HTTP = "INTROBROKER_HTTP"


def test_a_taken_port_is_refused_and_a_free_one_offered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StartRefused) as refusal:
            held("127.0.0.1", port, HTTP)
    offered = re.search(r"INTROBROKER_HTTP=127\.0\.0\.1:(\d+)\.$", str(refusal.value))
    assert f"Port {port} on 127.0.0.1 is taken" in str(refusal.value)
    assert offered
    assert is_free("127.0.0.1", int(offered[1]))


def test_what_is_held_nobody_else_can_take() -> None:
    with any_port() as listening:
        port = listening.getsockname()[1]
        with pytest.raises(StartRefused, match="is taken"):
            held("127.0.0.1", port, HTTP)
        with pytest.raises(StartRefused, match="is taken"):
            held("0.0.0.0", port, HTTP)
    held("127.0.0.1", port, HTTP).close()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StartRefused, match=r"cannot be opened"):
        held("203.0.113.9", 8700, HTTP)


def test_only_the_socket_that_the_setting_names_is_handed_down() -> None:
    """What is safe goes by the setting: a wider socket under a loopback address would let the world in."""
    with (
        any_port() as listening,
        any_port("0.0.0.0") as wide,
        socket.socket() as deaf,
        Path("/dev/null").open() as file,
    ):
        port = listening.getsockname()[1]
        with handed_down(listening.fileno(), "127.0.0.1", port, HTTP) as found:
            assert found.getsockname() == listening.getsockname()
        with handed_down(listening.fileno(), "localhost", port, HTTP):
            pass
        assert listening.fileno() != -1, "whoever handed it down keeps theirs"
        deaf.bind(("127.0.0.1", 0))
        for other in (wide, deaf):
            with pytest.raises(StartRefused, match="is not a socket that listens on"):
                handed_down(other.fileno(), "127.0.0.1", other.getsockname()[1], HTTP)
        with pytest.raises(StartRefused, match="is not a socket that listens on"):
            handed_down(listening.fileno(), "127.0.0.1", port + 1, HTTP)
        for nothing in (file.fileno(), 987, -1, 10**12):
            with pytest.raises(StartRefused, match="is no open socket"):
                handed_down(nothing, "127.0.0.1", port, HTTP)


def test_another_programs_port_is_remembered_while_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "port"
    port = port_for_another(file)
    assert port in FOR_OTHERS, "where the system gives none to anybody"
    assert port_for_another(file) == port
    with socket.create_server(("127.0.0.1", port)):
        moved = port_for_another(file)
    assert moved != port
    assert port_for_another(file) == moved


def test_a_spoilt_memory_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("99999999")
    assert is_free("127.0.0.1", port_for_another(file))
    assert free_now() in FOR_OTHERS
