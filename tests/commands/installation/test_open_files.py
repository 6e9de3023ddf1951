"""A process that may open no more files lives on, and serves again once there is room (F35)."""

import resource
import socket
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands.processes import answer, answers_within
from tests.commands.terminal import Terminal
from tests.support.services.listening import port_of

Processes = list["subprocess.Popen[str]"]
NOBODY_THERE = {"TEMPORAL_ADDRESS": "127.0.0.1:9"}
ROOM = 20  # files more than it has open when it begins to serve


@pytest.mark.soak
def test_without_files_to_open_it_lives_on_and_serves_again(
    sample: Terminal, started: Processes, listening: socket.socket
) -> None:
    port = port_of(listening)
    web = sample.start("web", listening, **NOBODY_THERE)
    started.append(web)
    assert answers_within(port, 60)
    reading = threading.Thread(target=lambda: web.stdout and list(web.stdout))
    reading.start()  # it has much to complain of, and would wait for whoever reads it
    few = len(list(Path(f"/proc/{web.pid}/fd").iterdir())) + ROOM
    resource.prlimit(web.pid, resource.RLIMIT_NOFILE, (few, few))
    with ExitStack() as crowd:
        for _ in range(3 * ROOM):
            crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        time.sleep(1)  # it tries to let them in, again and again
        assert web.poll() is None
    assert serves_again(port)
    web.terminate()
    assert web.wait(timeout=60) == 0
    reading.join(timeout=60)


def serves_again(port: int) -> bool:
    for _ in range(6):
        try:
            return answer(port, "/me")[0] == 200
        except TimeoutError:  # it had let in one of the crowd that is gone
            continue
    return False
