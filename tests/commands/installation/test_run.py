"""`introbroker run` brings everything up, keeps it through a kill, refuses what it must, and ends whole."""

import re
import signal
import socket
import subprocess

import pytest

from embedded.ports import any_port
from tests.commands.processes import all_ended_within, answer, line_of, members, words_of
from tests.commands.terminal import Terminal
from tests.support.services.doors import port_of

Processes = list["subprocess.Popen[str]"]
WHY = ("--wanted", "one_answer", "--why", "You know how grids listen.")
WORDS = (*WHY, "--offer", "Forty homes' data.", "--note", "May I show you a winter?")


@pytest.mark.slow
def test_it_opens_on_the_sample_world_survives_a_kill_and_ends_whole(
    terminal: Terminal, started: Processes, door: socket.socket
) -> None:
    port = port_of(door)
    started.append(terminal.start("run", door))
    line_of(started[0], "A sample programme of fictional people is ready")
    assert line_of(started[0], "Open http") == (
        f"Open http://127.0.0.1:{port} (all is kept in {terminal.data}; Ctrl-C ends it)."
    )
    status, page = answer(port)
    assert (status, page.count("Rosa Prieto") > 0) == (200, True)
    taken = terminal.type("request", "rosa@northwind.test", "--to", "tomoko@northwind.test", *WORDS, "--json")
    tree = members(terminal.data)
    assert list(tree) == ["us", "temporal", "worker", "mailroom", "web"]

    second = terminal.start("run", INTROBROKER_HTTP="127.0.0.1:9")
    started.append(second)
    assert words_of(second).splitlines()[-1] == (
        f"introbroker is already running (pid {started[0].pid}) on the data folder {terminal.data}."
    )
    assert second.returncode == 1

    started[0].kill()
    started.append(terminal.start("run", door))
    line_of(started[2], "Open http")
    assert all_ended_within(tree, 0)
    listed = [each["id"] for each in terminal.type("list", "--json").json["introductions"]]
    assert taken.json["introduction"] in listed
    assert len(listed) > 1, "the sample world opens with something under way"
    assert answer(port)[1].count("/session") == page.count("/session")  # nobody was seeded twice

    tree = members(terminal.data)
    started[2].send_signal(signal.SIGINT)
    assert words_of(started[2]).strip() == ""
    assert started[2].returncode == 0
    assert all_ended_within(tree, 0)


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


@pytest.mark.slow
def test_letting_others_in_waits_for_an_operator_and_never_seeds(terminal: Terminal, started: Processes) -> None:
    with any_port("0.0.0.0") as door:
        others_are_let_in(terminal, started, door)


def others_are_let_in(terminal: Terminal, started: Processes, door: socket.socket) -> None:
    wide = {
        "INTROBROKER_SMTP_URL": "smtp://127.0.0.1:9",
        "INTROBROKER_PUBLIC_URL": "https://introductions.example.org",
        "INTROBROKER_REPLY_TO": "office@example.org",
    }
    started.append(terminal.start("run", door, **wide))
    assert words_of(started[0]).splitlines()[-1] == (
        f"INTROBROKER_HTTP=0.0.0.0:{port_of(door)} is open to other machines, and no operator has an account yet: "
        "create one first, or use 127.0.0.1."
    )
    assert started[0].returncode == 1
    assert terminal.type("programme", "list", "--json").json == []

    terminal.type("programme", "add", "Spring")
    terminal.type("operator", "add", "Olive Okafor", "olive@example.test")  # no letter can reach her there
    terminal.type("operator", "add", "Olive Okafor", "olive@example.org")
    started.append(terminal.start("run", door, **wide))
    line_of(started[1], "Open https://introductions.example.org")
    started[1].send_signal(signal.SIGTERM)
    words_of(started[1])
    assert started[1].returncode == 0
