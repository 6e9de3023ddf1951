"""Each field of a policy changes a decision, a letter, a page or a timetable. None other should exist."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

import pytest
from pydantic import BaseModel

from models.news import Edited
from models.policy.policy import Policy
from models.process.state.opening import MadeBy
from tests.cast import CARL, MONDAY, ROSA, ROSAS_MAIL, TOMOKO, policy
from tests.models.exploration.causes import finds_nobody
from tests.policies.core_consequences import (
    approves_in_the_shortest_way,
    at_the_door,
    introduced_and_met,
    introduced_and_silent,
    later,
    on_track,
    one_word_against_silence,
    promised,
    read_by_staff,
    sent_back,
    timetable,
    without_a_wish,
    written_down,
)
from tests.policies.rest_consequences import absent, unanswered
from tests.policies.store_consequences import (
    Found,
    the_introduction,
    the_promises,
    the_promises_in_portuguese,
    the_promises_in_spanish,
)
from tests.support.news_phrases import approves, opts_in

DAY = timedelta(days=1)
SCREENED = policy("accelerator")
UNSCREENED = policy("accelerator", {"screening": None})
VENTURE = policy("venture", {"connector.cap": 2, "target.cap": 2, "screening": None})
FUNDRAISING = "tracks.fundraising"
RAISING_QUIETLY = policy(
    "venture", {f"{FUNDRAISING}.connector.vouch": None, f"{FUNDRAISING}.connector.sentence": None, "order": "together"}
)
A_TERM = {"cap": 2, "cap_per": "90 d"}
MENTORED = policy(UNSCREENED, {"requester.introductions": A_TERM, "target.introductions": A_TERM})
HELPFUL = policy(UNSCREENED, {"requester.help_within": "90 d"})
ONE_EACH = policy(UNSCREENED, {"connector.cap": 1, "target.cap": 1})
AN_EXPERT = {"en": "Expert", "es": "Experta", "pt": "Especialista", "connector_cap": 2, "target_cap": 2}
A_QUESTION = {"id": "stage", "en": "Stage?", "es": "¿Etapa?", "pt": "Fase?", "readers": ["staff"], "required": True}
WITH_EXPERTS = policy(ONE_EACH, {"kinds": {"expert": AN_EXPERT}})

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
A_TERM_LONG = policy(UNSCREENED, {"follow_up.term": {"ends": ["2026-05-29"], "answer_within": "7 d"}})
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


def raising(differs: Callable[[Policy], object]) -> Callable[[Policy], object]:
    return on_track("fundraising", differs)


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
    Case("requester.closings_on", ["thu"], silence),
    Case("photos_and_places", False, the_promises),
    Case("requester.wanted", False, without_a_wish),
    Case("requester.goal", True, at_the_door()),
    Case("requester.introductions.cap", 1, at_the_door(introduced_at=(MONDAY - DAY,)), MENTORED),
    Case("requester.introductions.cap_per", "30 d", at_the_door(introduced_at=(MONDAY - 40 * DAY,) * 2), MENTORED),
    Case("screening.requests", "first_and_flagged", read_by_staff(has_asked=True), SCREENED),
    Case("connector.last_resort", True, Found(staff=(CARL,))),
    Case("target.introductions.cap", 1, Found(asked_before=DAY, introduced=True), MENTORED),
    Case(
        "target.introductions.cap_per",
        "10 d",
        Found(asked_before=20 * DAY, introduced=True),
        policy(MENTORED, {"target.introductions.cap": 1}),
    ),
    Case("kinds.expert.en", "Adviser", the_promises, WITH_EXPERTS),
    Case("kinds.expert.es", "Asesora", the_promises_in_spanish, WITH_EXPERTS),
    Case("kinds.expert.pt", "Conselheira", the_promises_in_portuguese, WITH_EXPERTS),
    Case(
        "kinds.expert.connector_cap",
        1,
        Found(asked_before=DAY, experts=(CARL,)),
        policy(WITH_EXPERTS, {"target.cap": 2}),
    ),
    Case(
        "kinds.expert.target_cap",
        1,
        Found(asked_before=DAY, experts=(TOMOKO,)),
        policy(WITH_EXPERTS, {"connector.cap": 2}),
    ),
    Case("requester.help_within", "60 d", at_the_door(has_asked=True, helped_at=MONDAY - 70 * DAY), HELPFUL),
    Case("target.blind", "always", at_the_door()),
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
    Case("connector.another_address", False, address_dead, UNSCREENED),
    Case("connector.sentence", "required", approves_in_the_shortest_way, SCREENED),
    Case("connector.vouch", "required", approves_in_the_shortest_way, SCREENED),
    Case("connector.from_one_requester.cap", 1, Found(asked_before=DAY, by_rosa=True), VENTURE),
    Case(
        "connector.from_one_requester.cap_per",
        "10 d",
        Found(asked_before=20 * DAY, by_rosa=True),
        policy(VENTURE, {"connector.from_one_requester.cap": 1}),
    ),
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
    Case("follow_up.term.ends", ["06-15"], introduced_and_silent, A_TERM_LONG),
    Case("follow_up.term.answer_within", "5 d", introduced_and_silent, A_TERM_LONG),
    Case("hours", None, approved, IN_HOURS),
    Case("hours.opens", "10:00", approved, IN_HOURS),
    Case("hours.closes", "20:00", approved, IN_HOURS),
    Case("hours.quiet", [{"first": "2026-03-03", "last": "2026-03-10"}], approved, IN_HOURS),
    Case("hours.deliver_within", "1 bd", agreed, IN_HOURS),
    Case("follow_up.first_contact", "3 bd", introduced_and_silent),
    Case("follow_up.hear_both", False, one_word_against_silence, policy(UNSCREENED, {"pauses": None})),
    Case("pauses", None, absent(2)),
    Case("pauses.no_shows", 3, absent(2)),
    Case("request.questions", [A_QUESTION], at_the_door()),
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
    Case(f"{FUNDRAISING}.en", "A round", the_promises, VENTURE),
    Case(f"{FUNDRAISING}.es", "Una ronda", the_promises_in_spanish, VENTURE),
    Case(f"{FUNDRAISING}.pt", "Uma rodada", the_promises_in_portuguese, VENTURE),
    Case(f"{FUNDRAISING}.requester.promised_answer", "10 bd", raising(promised), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.screening.answer_within", "3 h", raising(silence), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.screening.backup_within", "3 h", raising(silence), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.connector.answer_within", "2 bd", raising(approved), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.connector.remind_after", "5 h", raising(approved), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.connector.sentence", "required", raising(approves_in_the_shortest_way), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.connector.vouch", "required", raising(approves_in_the_shortest_way), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.target.answer_within", "4 bd", raising(approved), RAISING_QUIETLY),
    Case(f"{FUNDRAISING}.target.remind_after", "1 bd", raising(approved), RAISING_QUIETLY),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.field)
async def test_changing(case: Case, tmp_path: Path) -> None:
    changed = policy(case.base, {case.field: case.other})
    assert await _seen(case, case.base, tmp_path / "before") != await _seen(case, changed, tmp_path / "after")


def test_no_field_is_without_a_case() -> None:
    named = {case.field.replace(FUNDRAISING, "tracks.*").replace("kinds.expert", "kinds.*") for case in CASES}
    assert _fields(Policy) <= named


async def _seen(case: Case, rules: Policy, folder: Path) -> object:
    folder.mkdir()
    needs_a_place = len(inspect.signature(case.differs).parameters) > 1
    seen = case.differs(rules, folder) if needs_a_place else case.differs(rules)
    return await seen if inspect.isawaitable(seen) else seen


def _fields(model: type[BaseModel], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        table = next((each for each in kinds if _is_table(each)), None)
        named = f"{prefix}{name}.*" if get_origin(field.annotation) is dict else f"{prefix}{name}"
        found |= _fields(table, f"{named}.") if table else {named}
    return found


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__.endswith(("Rules", "Budget"))
