"""The door: whether a request can be taken.

All faults the requester can mend, at once; facts about others are never among them.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from models.base import Frozen
from models.ids import ChannelId, PersonId
from models.policy.durations import CapRules
from models.policy.policy import Order, Policy, RequesterRules
from models.policy.questions import RequestRules
from models.process.state.opening import MadeBy
from models.request.blindness import telling
from models.request.faults import Fault, FaultName, FieldName
from models.request.guidance.readers import UNNAMED
from models.request.links import links_in
from models.request.notes import faults_in, faults_of_answer, sameness
from models.request.plain_text import NAME_LIMIT, Unfit, clean_name, mixes_scripts
from models.request.request import Listed, Need, Outside, Request
from models.request.wish import MOST_OF_RESULT, MOST_WORDS
from models.time.clocks import UTC_CLOCK, ZoneClock
from models.time.open_hours import Calendar, Days
from models.time.patience import Patience, after, due

AN_ADDRESS = re.compile(r"\S@\S")  # "Museum @ Porto" is a name


class DoorFacts(Frozen):
    """What the store knows of this requester, and what the target themselves has published. Empty: no such member."""

    member: bool = False
    may_ask: bool = False
    not_invited: bool = False  # only a file has brought them so far
    opted_out: bool = False
    zone: str = "UTC"
    clock: ZoneClock = UTC_CLOCK  # of that zone, around now
    days: Days = Days()
    asks_rest_until: datetime | None = None  # after no-shows, or asks left unanswered; they may return at any time
    open_asks: int = 0
    asked_at: tuple[datetime, ...] = ()  # their requests of the current window, oldest first
    own_channels: frozenset[ChannelId] = frozenset()
    target: PersonId | None = None  # None: nobody chosen, not listed, or not met before
    pair_is_live: bool = False
    pair_asked_at: datetime | None = None  # the last request for this person that counts
    taking_asks_from: datetime | None = None  # published by the target
    has_asked: bool = False  # in this programme, and not taken back at once
    helped_at: datetime | None = None  # the last time they helped somebody
    introduced_at: tuple[datetime, ...] = ()  # when they were introduced to somebody in this programme, oldest first
    own_names: tuple[str, ...] = ()  # by which others would know them
    likeness: int = 0  # of the note to the most similar earlier one to somebody else, per cent


def faults(request: Request, facts: DoorFacts, policy: Policy, now: datetime) -> tuple[Fault, ...]:
    """Everything the requester can mend, in the order of the page."""
    if not facts.member:
        return (Fault(name=FaultName.UNKNOWN, field="requester"),)
    return (
        *_about_the_requester(facts, policy.requester, now),
        *_about_the_track(request, policy),
        *_about_the_target(request, facts, policy.requester, now),
        *_about_the_words(request, facts, policy.requester),
        *_about_the_answers(request, policy.request),
        *_about_being_unnamed(request, facts, policy),
        *_about_the_channels(request, facts, policy),
    )


def faults_of_words(request: Request, facts: DoorFacts, policy: Policy) -> tuple[Fault, ...]:
    """What there is to mend in the new words of a request under way: whom it is for, and their own limits, stand."""
    return (
        *_about_the_words(request, facts, policy.requester),
        *_about_the_answers(request, policy.request),
        *_about_being_unnamed(request, facts, policy),
        *_about_the_channels(request, facts, policy),
    )


def promised_at(asked_at: datetime, policy: Policy, requester: DoorFacts) -> datetime:
    """By when the requester hears, whatever happens: counted in their own days, told in an open hour."""
    return due(asked_at, policy.requester.promised_answer, policy.calendar(requester.clock, requester.days))


def first_told_at(asked_at: datetime, policy: Policy, requester: DoorFacts) -> datetime | None:
    """The first instant at which they may hear that there is none; None where that is the promised one alone."""
    calendar = policy.calendar(requester.clock, requester.days)
    first = policy.requester.next_telling(asked_at, asked_at, calendar)
    return first if first and first < promised_at(asked_at, policy, requester) else None


def asks_left(facts: DoorFacts, rules: RequesterRules) -> int:
    """How many requests they could make now."""
    return max(0, min(rules.open_asks - facts.open_asks, rules.new_asks - len(facts.asked_at)))


def _about_the_requester(facts: DoorFacts, rules: RequesterRules, now: datetime) -> Iterable[Fault]:
    if facts.opted_out:
        yield Fault(name=FaultName.OPTED_OUT, field="requester")
    if not facts.may_ask:
        yield Fault(name=FaultName.MAY_NOT_ASK, field="requester")
    elif facts.not_invited:
        yield Fault(name=FaultName.NOT_INVITED, field="requester")
    if facts.asks_rest_until and facts.asks_rest_until > now:
        yield Fault(name=FaultName.ASKS_REST, field="requester", at=facts.asks_rest_until)
    if facts.open_asks >= rules.open_asks:
        yield Fault(name=FaultName.TOO_MANY_OPEN, field="requester", found=facts.open_asks, limit=rules.open_asks)
    asked = len(facts.asked_at)
    if asked >= rules.new_asks:
        free_at = facts.asked_at[asked - rules.new_asks] + rules.new_asks_per.nominal
        yield Fault(
            name=FaultName.TOO_MANY_NEW, field="requester", found=asked, limit=rules.new_asks, at=max(free_at, now)
        )
    yield from _introduced_enough(facts, rules.introductions, now)
    if rules.help_within and facts.has_asked and not _has_helped(facts, rules.help_within, now):
        yield Fault(name=FaultName.HELP_FIRST, field="requester")


def _introduced_enough(facts: DoorFacts, share: CapRules | None, now: datetime) -> Iterable[Fault]:
    lately = [at for at in facts.introduced_at if share and at + share.cap_per.nominal > now]
    if share and len(lately) >= share.cap:
        free_at = lately[len(lately) - share.cap] + share.cap_per.nominal
        yield Fault(name=FaultName.INTRODUCED_ENOUGH, field="requester", found=len(lately), limit=share.cap, at=free_at)


def _has_helped(facts: DoorFacts, within: Patience, now: datetime) -> bool:
    return facts.helped_at is not None and facts.helped_at + within.nominal >= now


def _about_the_track(request: Request, policy: Policy) -> Iterable[Fault]:
    if policy.tracks and not request.track:
        yield Fault(name=FaultName.MISSING, field="track")
    elif request.track and request.track not in policy.tracks:
        yield Fault(name=FaultName.UNKNOWN, field="track")


def _about_the_target(request: Request, facts: DoorFacts, rules: RequesterRules, now: datetime) -> Iterable[Fault]:
    match request.whom:
        case None:
            yield Fault(name=FaultName.MISSING, field="target")
        case Listed() if facts.target is None:
            yield Fault(name=FaultName.UNKNOWN, field="target")
        case Outside() as outside:
            yield from _about_the_name(outside)
    if facts.target is None:
        return
    if facts.target == request.requester:
        yield Fault(name=FaultName.YOURSELF, field="target")
        return
    yield from _about_the_pair(facts, rules, now)


def _about_the_pair(facts: DoorFacts, rules: RequesterRules, now: datetime) -> Iterable[Fault]:
    if facts.pair_is_live:
        yield Fault(name=FaultName.ALREADY_ASKED, field="target")
    elif facts.pair_asked_at:
        free_at = after(facts.pair_asked_at, rules.pair_cool_down, Calendar(facts.clock, facts.days))
        if free_at > now:
            yield Fault(name=FaultName.ASKED_LATELY, field="target", at=free_at)
    if facts.taking_asks_from and facts.taking_asks_from > now:
        yield Fault(name=FaultName.TAKING_ASKS_FROM, field="target", at=facts.taking_asks_from)


def _about_the_name(outside: Outside) -> Iterable[Fault]:
    named: tuple[tuple[FieldName, str], ...] = (("name", outside.name), ("organisation", outside.organisation))
    for field, written in named:
        cleaned = clean_name(written)
        match cleaned:
            case Unfit.EMPTY:
                yield Fault(name=FaultName.MISSING, field=field)
            case Unfit.TOO_LONG:
                yield Fault(name=FaultName.TOO_LONG, field=field, found=len(written), limit=NAME_LIMIT)
            case Unfit():
                yield Fault(name=FaultName.UNREADABLE, field=field)
            case name if AN_ADDRESS.search(name):
                yield Fault(name=FaultName.AN_ADDRESS, field=field)
            case name if mixes_scripts(name):
                yield Fault(name=FaultName.MIXED_ALPHABETS, field=field)


def _about_the_words(request: Request, facts: DoorFacts, rules: RequesterRules) -> Iterable[Fault]:
    needed: tuple[tuple[FieldName, str, bool], ...] = (
        ("goal", request.goal, rules.goal),
        ("why", request.why, not isinstance(request.whom, Need)),
        ("read", request.read, False),
        ("offer", request.offer, True),
        ("note", request.note, True),
    )
    if isinstance(request.whom, Need):
        needed = (("need", request.whom.words, True), *needed)
    yield from faults_in("wanted", request.wanted, rules, required=rules.wanted, most=MOST_WORDS)
    for field, text, required in needed:
        yield from faults_in(field, text, rules, required=required, most=MOST_OF_RESULT if field == "goal" else None)
    yield from sameness(facts.likeness, rules)


def _about_the_answers(request: Request, rules: RequestRules) -> Iterable[Fault]:
    """To the programme's own questions."""
    for name in request.answers:
        if not rules.question(name):
            yield Fault(name=FaultName.NOT_ASKED, field="answers", question=name)
    for each in rules.questions:
        for fault in faults_of_answer(request.answers.get(each.id, ""), each):
            yield fault.model_copy(update={"question": each.id})


def _about_being_unnamed(request: Request, facts: DoorFacts, policy: Policy) -> Iterable[Fault]:
    """Whoever asks without a name writes what the target reads instead, and nothing in it may tell whose it is."""
    if is_blind(request, policy):
        yield from faults_in("blind", request.blind, policy.requester, required=True)
        for field in UNNAMED:
            for words in telling(getattr(request, field), facts.own_names):
                yield Fault(name=FaultName.NAMES_YOU, field=field, words=words)
    elif request.unnamed or (request.blind and policy.target.blind == "never"):
        yield Fault(name=FaultName.NOT_BLIND, field="blind")


def is_read(request: Request, facts: DoorFacts, policy: Policy) -> bool:
    """Whether somebody of the staff reads this request before anybody else hears of it."""
    if policy.screening is None or policy.screening.requests == "all":
        return policy.screening is not None
    return not facts.has_asked or _looks_unusual(request, facts, policy.requester)


def _looks_unusual(request: Request, facts: DoorFacts, rules: RequesterRules) -> bool:
    """Nothing to refuse, and still worth a person's look: a link, much the same words, a name in odd letters."""
    alike = facts.likeness * 4 >= rules.similar_note * 3
    linked = any(links_in(text) for text in (*request.texts.values(), *request.answers.values()))
    return alike or linked or (isinstance(request.whom, Outside) and mixes_scripts(request.whom.name))


def rules_for(request: Request, facts: DoorFacts, policy: Policy) -> Policy:
    """The policy as this request lives it: on its track, and unread where its kind is not read."""
    rules = policy.on_track(request.track)
    return rules if is_read(request, facts, rules) else rules.model_copy(update={"screening": None})


def is_blind(request: Request, policy: Policy) -> bool:
    """Whether the target is asked without learning who asks."""
    return policy.target.blind == "always" or (policy.target.blind == "chosen" and request.unnamed)


def _about_the_channels(request: Request, facts: DoorFacts, policy: Policy) -> Iterable[Fault]:
    """With the request itself the requester agrees to what is shared, where the policy does not ask them later."""
    if not set(request.channels) <= facts.own_channels:
        yield Fault(name=FaultName.UNKNOWN, field="channels")
    elif agrees_with_request(request, policy) and not request.channels:
        yield Fault(name=FaultName.MISSING, field="channels")


def agrees_with_request(request: Request, policy: Policy) -> bool:
    """Whether the request is at once the requester's yes. A need names nobody yet, so nobody can agree to meet them."""
    by_themselves = request.made_by == MadeBy.REQUESTER and not isinstance(request.whom, Need)
    return by_themselves and policy.order == Order.REQUESTER_AT_REQUEST
