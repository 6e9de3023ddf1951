"""The children's logs stay bounded while they are written to, and their last words are found."""

import os
from pathlib import Path

import pytest

from embedded.logs import keep_bounded, last_words, open_log


def test_a_log_is_cut_while_its_child_writes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedded.logs.LARGEST", 100)
    file = tmp_path / "worker.log"
    log = open_log(file)
    os.write(log, b"early\n" * 30)
    keep_bounded(file)
    os.write(log, b"late\n")
    os.close(log)
    assert file.read_text() == "late\n"
    assert (tmp_path / "worker.old.log").read_text().startswith("early")


def test_the_last_words_are_the_last_lines(tmp_path: Path) -> None:
    file = tmp_path / "worker.log"
    file.write_text("\n".join(f"line {number}" for number in range(5000)))
    lines = last_words(file).splitlines()
    assert (lines[-1], len(lines)) == ("    line 4999", 15)


def test_of_a_long_farewell_the_reason_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "temporal.log"
    file.write_text("panic: address already in use\n\n" + "".join(f"main.go:{number}\n" for number in range(200)))
    assert last_words(file).splitlines()[0] == "    panic: address already in use"


def test_silence_is_said_too(tmp_path: Path) -> None:
    assert last_words(tmp_path / "none.log") == "    (it said nothing)"
