"""A policy file is read as it is meant, and a wrong one says where it is wrong and what would be right."""

from pathlib import Path

import pytest

from models.policy.policy import Order, Policy
from policies import PolicyError, load, shipped, shipped_names

HERE = Path(__file__).parents[2] / "policies"
ACCELERATOR = (HERE / "accelerator.toml").read_text(encoding="utf-8")


def faults(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load(file)
    assert all(line.startswith(f"{file}, line ") for line in str(raised.value).splitlines())
    return [(fault.line, fault.field, fault.remedy) for fault in raised.value.faults]


def line(text: str, start: str) -> int:
    return next(number for number, each in enumerate(text.splitlines(), 1) if each.startswith(start))


def test_the_policies_that_are_shipped() -> None:
    assert shipped_names() == ("accelerator", "alumni", "community", "demo", "venture")
    assert all(shipped(name).name == name for name in shipped_names())


def test_the_accelerator_is_what_its_norms_say() -> None:
    rules = shipped("accelerator")
    assert rules.order == Order.REQUESTER_AT_REQUEST
    assert (rules.requester.open_asks, rules.requester.new_asks, rules.requester.note_words) == (6, 3, 100)
    assert [str(each) for each in (rules.connector.answer_within, rules.target.answer_within)] == ["3 bd", "5 bd"]
    assert (rules.connector.candidates, rules.connector.cap, rules.target.cap) == (2, 6, 4)
    assert str(rules.requester.promised_answer) == "15 bd"
    assert rules.requester.closings_every is None  # a no cannot be dated


def test_the_demo_lets_nobody_wait_for_us_longer_than_half_a_minute() -> None:
    rules = shipped("demo")
    ours = (rules.undo_for, rules.requester.closings_every, rules.follow_up.written, rules.follow_up.thanks)
    assert all(wait and wait.nominal.total_seconds() <= 30 for wait in ours)
    assert all(str(each.answer_within) == "10 min" for each in (rules.requester, rules.connector, rules.target))


def test_an_unknown_policy_is_answered_with_those_there_are() -> None:
    with pytest.raises(LookupError, match="accelerator, alumni, community, demo, venture"):
        shipped("acelerator")


def test_a_policy_comes_out_of_the_store_as_it_went_in() -> None:
    for name in shipped_names():
        assert Policy.model_validate_json(shipped(name).model_dump_json()) == shipped(name)


WRONG = [
    ('undo_for = "10 min"', 'undo_for = "10 minutes"', "undo_for", "a duration is written like"),
    ('undo_for = "10 min"', 'undo_for = "1 d"', "undo_for", "counted in s, min or h"),
    ('undo_for = "10 min"', "undo_for = 10", "undo_for", "a duration in quotes"),
    ('order = "requester_at_request"', 'order = "target_last"', "order", "'target_first'"),
    ("version = 2", "version = 0", "version", "1 or more"),
    ("version = 2", 'version = "new"', "version", "a whole number"),
    ('name = "accelerator"', 'name = "Our Accelerator"', "name", "small letters"),
    ("open_asks = 6 ", "open_asks = 1000", "requester.open_asks", "100 or less"),
    ("candidates = 2 ", "candidtes = 2 ", "connector.candidtes", "did you mean candidates?"),
    ('sentence = "optional"', 'sentence = "yes"', "connector.sentence", "'optional' or 'required'"),
    ("requester = false", 'requester = "perhaps"', "connector.must_know_requester", "true or false"),
    ('remind_after = "3 bd"', 'remind_after = "6 bd"', "target.remind_after", "shorter than answer_within"),
    ('answer_within = "5 bd"\n', 'answer_within = "0 bd"\n', "target.answer_within", "longer than nothing"),
    ('did_you_meet = "10 d"', 'did_you_meet = "40 d"', "follow_up.did_you_meet_again", "come after did_you_meet"),
    ('promised_answer = "15 bd"', 'promised_answer = "9 bd"', "requester.promised_answer", "added up"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "remedy"), WRONG)
def test_a_fault_names_its_line_its_field_and_what_would_be_right(
    tmp_path: Path, right: str, wrong: str, field: str, remedy: str
) -> None:
    assert right in ACCELERATOR
    text = ACCELERATOR.replace(right, wrong, 1)
    found = faults(tmp_path, text)
    about = [fault for fault in found if fault[1] == field]
    assert about, found
    assert remedy in about[0][2]
    assert field.rsplit(".", 1)[-1] in text.splitlines()[about[0][0] - 1]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = ACCELERATOR.replace('undo_for = "10 min"', 'undo_for = "soon"').replace("cap = 4 ", "cap = 0 ")
    text = text.replace("version = 2\n", "version = -1\n").replace("[letters]\nrequester = 4\n", "[letters]\n")
    assert [fault[1] for fault in faults(tmp_path, text)] == ["version", "undo_for", "target.cap", "letters.requester"]


def test_a_missing_field_is_looked_for_in_its_table(tmp_path: Path) -> None:
    text = ACCELERATOR.replace("connector = 3\ntarget = 3", "connector = 3")
    assert faults(tmp_path, text) == [(line(text, "[letters]"), "letters.target", "missing; write a line for it")]


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    text = ACCELERATOR[: ACCELERATOR.index("# Letters one person")]
    assert faults(tmp_path, text) == [(1, "letters", "missing; write a line for it")]


def test_a_value_where_a_table_belongs(tmp_path: Path) -> None:
    text = ACCELERATOR.replace('undo_for = "10 min"', 'undo_for = "10 min"\nscreening = "1 bd"')
    text = text.replace("[screening]", "[connector_]")
    assert (line(text, "screening"), "screening", "must be a table, written [screening]") in faults(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "at", "remedy"),
    [
        ('name = "a"\nversion = \n', 2, "not valid TOML"),
        ("[requester\n", 1, "not valid TOML"),
        ("version = 2\nversion = 2\n", 2, "not valid TOML"),
        ("", 1, "missing"),
    ],
)
def test_what_is_no_policy_at_all(tmp_path: Path, text: str, at: int, remedy: str) -> None:
    first = faults(tmp_path, text)[0]
    assert first[0] == at
    assert remedy in first[2]


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes('name = "café"'.encode("latin-1"))
    with pytest.raises(PolicyError, match="save it as UTF-8"):
        load(file)


VENTURE = (HERE / "venture.toml").read_text(encoding="utf-8")
WRONG_TRACKS = [
    ('promised_answer = "8 bd"', 'promised_answer = "3 bd"', "requester.promised_answer", "added up"),
    ('remind_after = "4 wh"', 'remind_after = "2 bd"', "connector.remind_after", "shorter than answer_within"),
    ('vouch = "required"', 'vouch = "yes"', "connector.vouch", "'optional' or 'required'"),
    ('sentence = "required"', 'sentense = "required"', "connector.sentense", "did you mean sentence?"),
    ('en = "We are raising money now"', "", "en", "write a line for it"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "remedy"), WRONG_TRACKS)
def test_a_fault_in_a_track_is_found_there(tmp_path: Path, right: str, wrong: str, field: str, remedy: str) -> None:
    assert right in VENTURE
    text = VENTURE.replace(right, wrong, 1)
    ((at, named, told),) = faults(tmp_path, text)
    assert named == f"tracks.fundraising.{field}"
    assert remedy in told
    assert at >= line(text, "[tracks.fundraising]")


def test_a_track_replaces_some_rules_and_leaves_the_others() -> None:
    rules = shipped("venture")
    raising, normal = rules.on_track("fundraising"), rules.on_track("normal")
    assert (raising.connector.vouch, raising.connector.sentence) == ("required", "required")
    assert (normal.connector.vouch, normal.connector.sentence) == ("optional", "optional")
    assert raising.connector.cap == normal.connector.cap == rules.connector.cap
    assert (raising.tracks, normal) == ({}, rules.model_copy(update={"tracks": {}}))
