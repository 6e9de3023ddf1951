"""Does each field of a policy change a decision, a letter, a page or a timetable? None other should exist."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from pydantic import BaseModel

from models.introduction import MadeBy
from models.news import Edited
from models.policy import Policy
from tests.cast import CARL, MONDAY, ROSA, ROSAS_MAIL, TOMOKO, policy
from tests.models.causes import finds_nobody
from tests.policies.what_follows import (
    approves_without_a_sentence,
    at_the_door,
    introduced_and_met,
    introduced_and_silent,
    later,
    one_word_against_silence,
    promised,
    sent_back,
    timetable,
    written_down,
)
from tests.policies.what_is_found import Found, the_introduction, the_promises
from tests.policies.what_rests import absent, unanswered
from tests.saying import approves, opts_in

DAY = timedelta(days=1)
SCREENED = policy("accelerator")
UNSCREENED = policy("accelerator", {"screening": None})
ONE_EACH = policy(UNSCREENED, {"connector.cap": 1, "target.cap": 1})

UNHURRIED = policy(
    UNSCREENED,
    {
        f"{role}.{field}": patience
        for role in ("requester", "connector", "target")
        for field, patience in (("answer_within", "10 d"), ("remind_after", "4 d"))
    }
    | {"requester.promised_answer": "30 bd"},
)
IN_HOURS = policy(UNSCREENED, {"hours": {"opens": "09:00", "closes": "17:00", "deliver_within": "2 bd"}})
FORGETFUL = policy(UNSCREENED, {"requester.yes_valid_for": "30 min"})
TARGET_FIRST = policy(UNSCREENED, {"order": "target_first"})
AFTER_LONGER = policy(TARGET_FIRST, {"target.yes_valid_for": "10 min"})

silence = timetable()
approved = timetable(approves(CARL))
agreed = timetable(approves(CARL), opts_in(TOMOKO))
both_agreed = timetable(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
address_dead = timetable(approves(CARL), finds_nobody(TOMOKO.id))
made_by_a_key = timetable(made_by=MadeBy.KEY)
edited = timetable(Edited(by=ROSA.id, channels=(ROSAS_MAIL,)), approves(CARL))


def goes_now(rules: Policy) -> object:
    return rules.retention.until(MONDAY)


class Case(NamedTuple):
    """A field, another value for it, and what must differ."""

    field: str
    other: object
    differs: Callable[..., Any]
    base: Policy = UNSCREENED


CASES = [
    Case("name", "ours", written_down),
    Case("version", 9, written_down),
    Case("order", "together", approved),
    Case("undo_for", "1 h", approved),
    Case("requester.answer_within", "4 bd", made_by_a_key),
    Case("requester.remind_after", "1 bd", made_by_a_key),
    Case("requester.remind_again_after", "8 d", made_by_a_key, UNHURRIED),
    Case("requester.yes_valid_for", "30 min", agreed),
    Case("requester.renew_within", "1 bd", agreed, FORGETFUL),
    Case("requester.edits", 0, edited),
    Case("requester.open_asks", 2, at_the_door(open_asks=2)),
    Case("requester.new_asks", 1, at_the_door(asked_at=(MONDAY - DAY,))),
    Case("requester.new_asks_per", "5 d", at_the_door(asked_at=(MONDAY - DAY,) * 3)),
    Case("requester.note_words", 80, at_the_door()),
    Case("requester.similar_note", 60, at_the_door(likeness=70)),
    Case("requester.pair_cool_down", "30 d", at_the_door(pair_asked_at=MONDAY - 40 * DAY)),
    Case("requester.promised_answer", "16 bd", promised),
    Case("requester.closings_every", "5 d", silence),
    Case("screening.answer_within", "2 bd", silence, SCREENED),
    Case("screening.backup_within", "2 bd", silence, SCREENED),
    Case("screening", None, silence, SCREENED),
    Case("screening.send_back", False, sent_back, SCREENED),
    Case("connector.answer_within", "4 bd", silence),
    Case("connector.remind_after", "1 bd", silence),
    Case("connector.remind_again_after", "8 d", silence, UNHURRIED),
    Case("connector.candidates", 1, silence),
    Case("connector.cap", 2, Found(asked_before=DAY), policy(ONE_EACH, {"target.cap": 2})),
    Case("connector.cap_per", "10 d", Found(asked_before=20 * DAY), policy(ONE_EACH, {"target.cap": 2})),
    Case("connector.later_up_to", "60 d", later(CARL, 40), SCREENED),
    Case("connector.tie_fresh_for", "50 d", Found(carls_tie=100 * DAY)),
    Case("connector.must_know_requester", True, Found()),
    Case("connector.sentence", "required", approves_without_a_sentence, SCREENED),
    Case("connector.another_address", False, address_dead, UNSCREENED),
    Case("target.answer_within", "6 bd", approved),
    Case("target.remind_after", "2 bd", approved),
    Case("target.remind_again_after", "8 d", approved, UNHURRIED),
    Case("target.yes_valid_for", "10 min", both_agreed, TARGET_FIRST),
    Case("target.renew_within", "1 bd", both_agreed, AFTER_LONGER),
    Case("target.cap", 2, Found(asked_before=DAY), ONE_EACH),
    Case("target.cap_per", "10 d", Found(asked_before=20 * DAY), policy(ONE_EACH, {"connector.cap": 2})),
    Case("target.later_up_to", "30 d", later(TOMOKO, 40), SCREENED),
    Case("follow_up.writes_within", "48 h", the_introduction, policy("demo")),
    Case("follow_up.written", "4 h", introduced_and_silent),
    Case("follow_up.did_you_meet", "12 d", introduced_and_silent),
    Case("follow_up.did_you_meet_again", "22 d", introduced_and_silent),
    Case("follow_up.thanks", "2 mornings", introduced_and_met),
    Case("follow_up.outcome", "40 d", introduced_and_silent),
    Case("hours", None, approved, IN_HOURS),
    Case("hours.opens", "10:00", approved, IN_HOURS),
    Case("hours.closes", "20:00", approved, IN_HOURS),
    Case("hours.quiet", [{"first": "2026-03-03", "last": "2026-03-10"}], approved, IN_HOURS),
    Case("hours.deliver_within", "1 bd", agreed, IN_HOURS),
    Case("follow_up.first_contact", "3 bd", introduced_and_silent),
    Case("follow_up.hear_both", False, one_word_against_silence, policy(UNSCREENED, {"pauses": None})),
    Case("pauses", None, absent(2)),
    Case("pauses.no_shows", 3, absent(2)),
    Case("pauses.unanswered", 3, unanswered(3)),
    Case("pauses.counted_within", "10 d", absent(2, apart=20 * DAY)),
    Case("pauses.lasts", "7 d", absent(2)),
    Case("letters.requester", 3, introduced_and_met),
    Case("letters.connector", 4, the_promises),
    Case("letters.target", 2, introduced_and_silent),
    Case("retention.texts", "100 d", goes_now),
    Case("retention.consents", "900 d", goes_now),
    Case("retention.drafts", "10 d", goes_now),
    Case("retention.unused_imports", "10 d", goes_now),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.field)
async def test_changing(case: Case, tmp_path: Path) -> None:
    changed = policy(case.base, {case.field: case.other})
    assert await _seen(case, case.base, tmp_path / "before") != await _seen(case, changed, tmp_path / "after")


def test_no_field_is_without_a_case() -> None:
    assert _fields(Policy) <= {case.field for case in CASES}


async def _seen(case: Case, rules: Policy, folder: Path) -> object:
    folder.mkdir()
    needs_a_place = len(inspect.signature(case.differs).parameters) == 2
    seen = case.differs(rules, folder) if needs_a_place else case.differs(rules)
    return await seen if inspect.isawaitable(seen) else seen


def _fields(model: type[BaseModel], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        table = next((each for each in kinds if _is_table(each)), None)
        found |= _fields(table, f"{prefix}{name}.") if table else {f"{prefix}{name}"}
    return found


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__.endswith(("Rules", "Budget"))
