"""`introbroker policy check` says what is wrong with a policy, what it means, and how much fits."""

from pathlib import Path

import pytest

import policies
from calendars.clocks import clock_of
from models.time.open_hours import Days
from models.time.patience import due
from policies.timetables import timetables
from tests.cast import MONDAY
from tests.commands.terminal import ROOT, Terminal
from tests.support.run.docs_in_step import InStep

MARK = "<!-- written by `make docs` from here on: what the command prints -->\n"
TYPED = (
    *("policy", "check", "accelerator", "--day", "2026-12-21", "--zone", "Europe/Madrid", "--country", "ES"),
    *("--requesters", "60", "--connectors", "40", "--targets", "120", "--asks-a-week", "150"),
)


@pytest.mark.docs
def test_the_example_of_the_page_is_what_the_command_prints(tmp_path: Path, in_step: InStep) -> None:
    said = Terminal(tmp_path).type(*TYPED, COLUMNS="120")
    assert said.code == 0
    printed = "\n".join(line.rstrip() for line in said.out.splitlines())
    head = (ROOT / "docs" / "running" / "policies.md").read_text().partition(MARK)[0]
    in_step("running/policies.md", f"{head}{MARK}\n```\n$ introbroker {' '.join(TYPED)}\n{printed}\n```\n")


@pytest.mark.parametrize("name", policies.shipped_names())
def test_each_way_of_each_policy_keeps_its_promise_and_its_budget(name: str) -> None:
    rules = policies.shipped(name)
    drawn = timetables(rules, MONDAY, "Europe/Madrid", Days())
    assert len(drawn) == 2 * max(1, len(rules.tracks))
    for each in drawn:
        told = rules.on_track(each.track)
        calendar = told.calendar(clock_of("Europe/Madrid", MONDAY), Days())
        assert each.promised_at == due(MONDAY, told.requester.promised_answer, calendar)
        introduced = next(line.at for line in each.lines if line.what.startswith("Both get the letter"))
        assert introduced <= each.promised_at, f"{name}, {each.way}: promised earlier than they are introduced"
        assert list(each.lines) == sorted(each.lines, key=lambda line: line.at) or each.way == "happy"
        allowed = told.letters.model_dump()
        assert {role: number for role, number in each.letters.items() if number > allowed[role]} == {}
        if each.way == "happy":
            assert each.lines[-1].what == "Connector 1 hears how it went."


def test_the_slowest_way_asks_every_connector(tmp_path: Path) -> None:
    said = Terminal(tmp_path).type(*TYPED[:3], "--day", "2026-03-02", "--json").json
    (happy, slowest) = said["timetables"]
    assert (happy["way"], slowest["way"], said["capacity"]) == ("happy", "slowest", None)
    asked = [line["what"] for line in slowest["lines"] if "to introduce them" in line["what"]]
    assert asked == ["Connector 1 is asked to introduce them.", "Connector 2 is asked to introduce them."]


def test_the_tightest_cap_is_said_with_its_share(tmp_path: Path) -> None:
    said = Terminal(tmp_path).type(*TYPED, "--json").json["capacity"]
    assert said["limits"][0]["whose"] == "connectors"
    assert said["fit"] == pytest.approx(40 * 6 * 7 / 30 / 1.3)
    assert said["sentence"].startswith("About 71 % of these asks cannot be placed: 40 connectors are asked 6 times")
    roomy = Terminal(tmp_path).type(*TYPED[:3], "--people", "500", "--asks-a-week", "5").out
    assert "All of these asks can be placed." in roomy


def test_a_programme_is_counted(sample: Terminal) -> None:
    said = sample.type(
        "policy", "check", "accelerator", "--programme", "Northwind Founders", "--asks-a-week", "9", "--json"
    )
    whose = {limit["whose"]: limit["rule"] for limit in said.json["capacity"]["limits"]}
    assert not whose["connectors"].startswith("0 ")
    assert not whose["targets"].startswith("0 ")


def test_what_is_wrong_is_told_line_by_line(tmp_path: Path) -> None:
    text = (ROOT / "policies" / "venture.toml").read_text().replace('vouch = "required"', 'vouch = "yes"')
    file = tmp_path / "ours.toml"
    file.write_text(text)
    said = Terminal(tmp_path).type("policy", "check", str(file))
    assert said.code == 1
    assert f"{file}, line " in said.err
    assert "tracks.fundraising.connector.vouch: must be 'optional' or 'required'" in said.err
    assert "is not a day" in Terminal(tmp_path).type(*TYPED[:3], "--day", "soon").err
    assert "is not a country" in Terminal(tmp_path).type(*TYPED[:3], "--country", "Spain").err
    missing = Terminal(tmp_path).type(*TYPED[:3], "--targets", "3").err
    assert "--requesters, --connectors, --asks-a-week" in missing


def test_each_shipped_policy_begins_a_programme(sample: Terminal) -> None:
    for name in policies.shipped_names():
        made = sample.type("programme", "add", f"Of {name}", "--policy", name)
        assert (made.code, f"under the policy {name}, version {policies.shipped(name).version}." in made.out) == (
            0,
            True,
        )
