"""The keys are made once, kept closed, and read back in their order."""

import base64
import json
import stat
from pathlib import Path

import pytest

from embedded.folder import StartRefused
from embedded.keys import key_ring


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    ring = key_ring(tmp_path)
    assert len(ring) == 1
    assert len(ring[0].secret) == 32
    assert key_ring(tmp_path) == ring
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert key_ring(one) != key_ring(other)


def test_an_older_key_stays_behind_a_newer_one(tmp_path: Path) -> None:
    older = key_ring(tmp_path)[0]
    entries = json.loads((tmp_path / "keys.json").read_text())["keys"]
    newer = {"id": "newer", "secret": base64.urlsafe_b64encode(b"n" * 32).decode()}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [newer, *entries]}))
    assert [key.id for key in key_ring(tmp_path)] == ["newer", older.id]


def test_a_key_never_shows_when_it_is_printed(tmp_path: Path) -> None:
    key = key_ring(tmp_path)[0]
    assert repr(key) == f"{type(key).__name__}(id='{key.id}')"


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"id": "k", "secret": "c2hvcnQ="}]}'])
def test_a_spoilt_key_file_is_never_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(StartRefused, match="backup"):
        key_ring(tmp_path)
    assert (tmp_path / "keys.json").read_text() == text
