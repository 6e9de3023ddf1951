"""`introbroker run` brings everything up, keeps it through a kill, refuses what it must, and ends whole."""

import re
import signal
import socket
import sqlite3
import subprocess

import pytest

from tests.commands.processes import all_ended_within, answer, begun_again_within, line_of, members, words_of
from tests.commands.terminal import Terminal
from tests.support.services.listening import port_of

Processes = list["subprocess.Popen[str]"]
WHY = ("--wanted", "one_answer", "--why", "You know how grids listen.")
WORDS = (*WHY, "--offer", "Forty homes' data.", "--note", "May I show you a winter?")


@pytest.mark.slow
@pytest.mark.parametrize(
    "until", ["its worker begins", pytest.param("all of it is up", marks=pytest.mark.soak)], ids=lambda until: until
)
def test_it_opens_on_the_sample_world_survives_a_kill_and_ends_whole(
    terminal: Terminal, started: Processes, listening: socket.socket, until: str
) -> None:
    """Started again it has seeded nobody twice by the time its worker begins; the rest it does as the first time."""
    port = port_of(listening)
    started.append(terminal.start("run", listening))
    line_of(started[0], "A sample programme of fictional people is ready")
    assert line_of(started[0], "Open http") == (
        f"Open http://127.0.0.1:{port} (all is kept in {terminal.data}; Ctrl-C ends it)."
    )
    status, page = answer(port)
    assert (status, page.count("Rosa Prieto") > 0) == (200, True)
    taken = terminal.type("request", "rosa@northwind.test", "--to", "tomoko@northwind.test", *WORDS, "--json")
    tree, there = members(terminal.data), people(terminal)
    assert list(tree) == ["us", "temporal", "worker", "mailroom", "web"]

    second = terminal.start("run", INTROBROKER_HTTP="127.0.0.1:9")
    started.append(second)
    assert words_of(second).splitlines()[-1] == (
        f"introbroker is already running (pid {started[0].pid}) on the data folder {terminal.data}."
    )
    assert second.returncode == 1

    started[0].kill()
    started.append(terminal.start("run", listening))
    if until == "all of it is up":
        line_of(started[2], "Open http")
        assert answer(port)[1].count("/session") == page.count("/session")
    else:
        line_of(started[2], "Starting")
        begun_again_within(terminal.data, tree, "worker", 60)
    assert all_ended_within(tree, 0)
    listed = [each["id"] for each in terminal.type("list", "--json").json["introductions"]]
    assert taken.json["introduction"] in listed
    assert len(listed) > 1, "the sample world opens with something under way"
    assert people(terminal) == there, "nobody was seeded twice"

    tree = members(terminal.data)
    started[2].send_signal(signal.SIGINT)
    assert words_of(started[2]).strip() == ""
    assert started[2].returncode == 0
    assert all_ended_within(tree, 0)


def people(terminal: Terminal) -> int:
    with sqlite3.connect(terminal.data / "introbroker.db") as connection:
        (many,) = connection.execute("SELECT count(*) FROM person").fetchone()
    connection.close()
    return int(many)


def test_a_taken_port_is_a_sentence(terminal: Terminal, started: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        started.append(terminal.start("run", INTROBROKER_HTTP=f"127.0.0.1:{port}"))
        said = words_of(started[0]).splitlines()[-1]
    assert re.match(rf"Port {port} on 127\.0\.0\.1 is taken by another program: free it, or choose another", said)
    assert started[0].returncode == 1
    assert not (terminal.data / "introbroker.db").exists()


def test_a_web_by_itself_whose_port_is_taken_says_so_too(terminal: Terminal, started: Processes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        http = {"INTROBROKER_HTTP": f"127.0.0.1:{port_of(other)}", "TEMPORAL_ADDRESS": "127.0.0.1:9"}
        started.append(terminal.start("web", **http))
        (said,) = words_of(started[0]).splitlines()
    assert said.startswith("Port ")
    assert "is taken by another program: free it, or choose another with INTROBROKER_HTTP=127.0.0.1:" in said
    assert started[0].returncode == 1
