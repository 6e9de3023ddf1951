"""The data folder is held by one tree at a time, and closed to everybody but its owner."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from embedded.folder import StartRefused, hold, kept_text, prepare, written_down
from embedded.processes import is_alive, started_at

HOLDS_AND_IS_KILLED = """
import os, signal, subprocess, sys
from pathlib import Path
from embedded.folder import hold
with hold(Path(sys.argv[1])) as folder:
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
    child = subprocess.Popen(deaf, pass_fds=(folder.lock,), stdout=subprocess.DEVNULL)
    folder.note_child("deaf", child.pid)
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def our_umask() -> Iterator[None]:
    """Holding a folder tightens the umask of the whole process; the tests give it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_folder_and_what_is_in_it_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "data"
    with hold(path) as folder:
        assert folder.identity == folder.identity
        (folder.path / "later").write_text("x")
        inside = [path, *path.iterdir()]
    assert {file.name for file in inside} == {"data", "lock", "logs", "identity", "later"}
    for file in inside:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_a_second_start_names_the_first(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(StartRefused) as refusal, hold(tmp_path):
        pass
    assert str(refusal.value) == (f"introbroker is already running (pid {os.getpid()}) on the data folder {tmp_path}.")


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    with hold(tmp_path) as folder:
        first = folder.identity
    with hold(tmp_path) as folder:
        assert folder.identity == first


def test_a_child_that_outlived_its_tree_is_noticed_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.folder.LEFTOVERS_HAVE", 0.3)
    left = subprocess.run(
        [sys.executable, "-c", HOLDS_AND_IS_KILLED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    deaf = int(left.stdout)
    assert is_alive(deaf, started_at(deaf))
    with hold(tmp_path):
        assert not is_alive(deaf, started_at(deaf) or 0)


def test_a_number_that_another_process_has_now_is_not_ours(tmp_path: Path) -> None:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    os.write(lock, f'{{"us": [{os.getpid()}, 1]}}'.encode())
    assert written_down(lock) == {}
    os.close(lock)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartRefused, match="cannot be made"), hold(tmp_path / "file"):
        pass


def test_what_is_kept_is_written_once(tmp_path: Path) -> None:
    assert kept_text(tmp_path / "word", "first") == "first"
    assert kept_text(tmp_path / "word", "second") == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["word"]


def test_a_folder_with_files_of_another_account_says_so() -> None:
    folder = Path(tempfile.mkdtemp())
    kept = folder / "keys.json"
    kept.touch(mode=0o600)
    kept.chmod(0)
    with as_somebody_else(folder), pytest.raises(StartRefused, match=r"files of another account \(keys.json\)"):
        prepare(folder)
    shutil.rmtree(folder)


@contextmanager
def as_somebody_else(owner_of: Path) -> Iterator[None]:
    """Root may read everything, so it becomes another for a moment; anybody else is kept out by the file's mode."""
    before, mask = os.geteuid(), os.umask(0)
    if before == 0:
        os.chown(owner_of, 65_534, -1)
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)
        os.umask(mask)
