"""Marks made with our keys stay recognisable, and only to us, and only for what they were made."""

import pytest

from store.engine.secrets import Keys

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)


def test_what_an_older_key_marked_is_recognised_until_it_is_retired() -> None:
    mark = Keys([OLD]).keyed_hash(b"rosa@example.test")
    assert mark in Keys([NEW, OLD]).keyed_hashes(b"rosa@example.test")
    assert Keys([NEW, OLD]).recognises(mark, b"rosa@example.test", "suppression")
    assert not Keys([NEW]).recognises(mark, b"rosa@example.test", "suppression")


def test_new_marks_are_made_with_the_newest_key() -> None:
    assert Keys([NEW, OLD]).keyed_hash(b"x") == Keys([NEW]).keyed_hash(b"x")


def test_a_mark_fits_one_purpose() -> None:
    keys = Keys.of(b"k" * 32)
    assert keys.keyed_hash(b"x", "one") != keys.keyed_hash(b"x", "another")


def test_a_ring_needs_a_key_and_shows_none() -> None:
    with pytest.raises(ValueError, match="without a key"):
        Keys([])
    assert "nnn" not in repr(Keys([NEW]))
