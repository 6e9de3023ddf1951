"""The state of one introduction: its stage, its asks, its opt-ins, and what is read off them."""

from datetime import datetime

from pydantic import AwareDatetime

from models.asks import Ask, AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, IntroductionId, PersonId, ProgrammeId
from models.letters import Role
from models.news import Lending, Somebody
from models.outcomes import INTRODUCED, Ending
from models.policy.policy import AnswerRules, Order, Policy
from models.process.state.opening import MadeBy, Opening
from models.process.state.stages import Closed, FollowingUp, Resting, Seeking, Stage
from models.time.clocks import Clocks, clock_in
from models.time.open_hours import Calendar, Days


class OptIn(Frozen):
    """A party's yes to one version of the request."""

    role: Role
    version: int
    at: datetime
    ask: AskNumber | None = None
    valid_until: datetime | None = None  # None: until it is taken back


class Introduction(Frozen):
    """The whole case. Everything `decide` needs is here, and nothing else decides."""

    id: IntroductionId
    programme: ProgrammeId
    policy: Policy
    requester: Somebody
    target: Somebody | None
    made_by: MadeBy
    asked_at: AwareDatetime
    promised_at: AwareDatetime
    zone: str
    days: Days = Days()
    clocks: Clocks = ()  # as they were told to it: by the opening and the news, never looked up
    stage: Stage
    step: int = 0
    version: int = 1
    asks: tuple[Ask, ...] = ()
    opt_ins: tuple[OptIn, ...] = ()
    connector: Somebody | None = None  # the one asked now, or the one who approved
    approved: bool = False
    letters: tuple[tuple[Role, int], ...] = ()  # letters planned, reminders apart, counted against the budget
    told: bool = False  # the requester has heard that there is no introduction for now
    quiet_until: datetime | None = None  # letters a yes has caused wait until it can no longer be undone
    edits: int = 0  # versions made by editing the request
    ask_first: PersonId | None = None  # the connector who was willing before the request was edited
    lends: Lending | None = None  # who has read it, and will be the connector if the store lets them
    holds: int = 0  # so many of them so far
    held_at: datetime | None = None  # an operator holds it: no letter starts, and nobody's time runs
    left: tuple[PersonId, ...] = ()  # they opted out, or blocked the requester: no more letters about this
    own_left_to_others: bool = False  # neither of the two acts on it as an operator
    later_keeps_its_time: bool = False  # a question that came back on a later day is not cut short by the promised one
    hears_second_thoughts: bool = False  # a no is heard after a yes, and an undo taken, whatever others did meanwhile
    ends_as_silence_would: bool = False  # what staff and mail do goes on behind a no, until its deadline
    bounded: bool = False  # what repeats itself waits longer each time, and is not taken for ever
    route_may_be_named: bool = False  # where nobody was found to introduce the two, an operator may name somebody
    looked_for: bool = False  # somebody who could introduce the two
    name_given: bool = False  # an operator has named somebody, where nobody was found

    @property
    def closed(self) -> bool:
        return isinstance(self.stage, Closed)

    @property
    def was_introduced(self) -> bool:
        """And that stays, however it went: whether the follow-up has closed tells who has said how it was."""
        stage = self.stage
        return isinstance(stage, FollowingUp) or (isinstance(stage, Closed) and stage.ending in INTRODUCED)

    @property
    def agrees_in_its_words(self) -> bool:
        """Whether the words a requester sends are their yes as well. A need names nobody to agree to meet."""
        return self.policy.order == Order.REQUESTER_AT_REQUEST and self.target is not None

    def ask(self, number: AskNumber) -> Ask | None:
        return self.asks[number - 1] if 1 <= number <= len(self.asks) else None

    def calendar(self, person: PersonId | None = None) -> Calendar:
        """How the days of somebody in it pass; the programme's own without a name."""
        named = (self.requester, self.target, self.connector)
        somebody = next((each for each in named if each and each.id == person), None)
        return self.calendar_of(somebody) if somebody else self._calendar(self.zone, self.days)

    def calendar_of(self, somebody: Somebody) -> Calendar:
        return self._calendar(somebody.zone, somebody.days)

    def calendars_of_both(self) -> tuple[Calendar, ...]:
        return tuple(self.calendar(party.id) for party in (self.requester, self.target) if party)

    def _calendar(self, zone: str, days: Days) -> Calendar:
        return self.policy.calendar(clock_in(self.clocks, zone), days)

    def rules_of(self, ask: Ask) -> AnswerRules:
        """How patient we are with the answer to this ask."""
        return self.policy.rules_for(ask.role, renewal=ask.renews)

    def is_asked(self, role: Role) -> bool:
        """Whether this party has a question before them, or wants it back on a later day."""
        waiting = (*self.open_asks(role), *self.put_off_asks())
        return any(ask.role == role and ask.kind == AskKind.OPT_IN for ask in waiting)

    def open_asks(self, role: Role | None = None) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.is_open and role in (None, ask.role))

    def put_off_asks(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.state == AskState.PUT_OFF)

    @property
    def waits_for_a_connector(self) -> bool:
        """Whether one is asked for an approval, or wants to be asked on a later day."""
        return any(ask.kind == AskKind.APPROVE for ask in (*self.open_asks(), *self.put_off_asks()))

    @property
    def waits_for_a_name(self) -> bool:
        """Nobody has been asked who could introduce the two, none has been named, and the requester has not heard yet.

        Whether nobody was found or something stands between the two, staff read alike (S12). In words that were changed
        since nobody is named: an answer to the older ones may stand behind them.
        """
        is_without = isinstance(self.stage, Resting) and self.stage.ending == Ending.NO_ROUTE and not self.edits
        nobody_asked = all(each.kind == AskKind.CONFIRM and each.agreed for each in self.asks)
        is_free = self.route_may_be_named and self.looked_for and not self.name_given and not self.told
        return is_free and is_without and nobody_asked

    def came_back(self) -> tuple[Ask, ...]:
        """Open questions to others than the requester, asked anew on the day that they had named."""
        if not self.later_keeps_its_time:
            return ()
        others = (ask for ask in self.open_asks() if ask.role != Role.REQUESTER)
        return tuple(ask for ask in others if any(_follows(ask, earlier) for earlier in self.asks[: ask.number - 1]))

    def ended_early(self, at: datetime) -> tuple[Ask, ...]:
        """Parties' questions that a no ended, whosesoever, before the deadline: to staff they are open until then."""
        if not isinstance(self.stage, Resting):
            return ()
        if self.stage.ending != Ending.DECLINED:
            return self._declined_beside_the_end(at)
        over = Role.REQUESTER if self.rests_for_staff else None
        theirs = (ask for ask in self.asks if ask.version == self.version and ask.role not in (Role.CONNECTOR, over))
        latest = {ask.role: ask for ask in theirs}.values()
        led_on = [ask for ask in latest if any(self._led_on(ask, each) for each in latest)]
        newest = [ask for ask in latest if not self.has_opted_in_by(ask) and ask not in led_on]
        if any(ask.due_at <= at for ask in newest):
            return ()  # silence would have ended it by then
        return tuple(ask for ask in newest if ask.state in (AskState.ANSWERED, AskState.SETTLED))

    def _led_on(self, ask: Ask, each: Ask) -> bool:
        """Whether it was a yes that brought the other their question."""
        if self.ends_as_silence_would and self.policy.order == Order.TOGETHER and not self.told:
            return False
        return ask.answered_at is not None and ask.number < each.number and ask.answered_at <= each.opened_at

    def _declined_beside_the_end(self, at: datetime) -> tuple[Ask, ...]:
        """The requester's own question stays before them when it has ended otherwise; and they have said no to it."""
        asked = [ask for ask in self.asks if ask.version == self.version and ask.kind == AskKind.OPT_IN]
        newest = [ask for ask in asked if ask.role == Role.REQUESTER][-1:] if self.ends_as_silence_would else []
        return tuple(ask for ask in newest if ask.state == AskState.ANSWERED and not ask.agreed and ask.due_at > at)

    def asked_afresh(self) -> Ask | None:
        """The question a late yes brought a requester who had been told already: they are owed a second word."""
        later = (ask for ask in self.asks if ask.kind == AskKind.OPT_IN and ask.role == Role.REQUESTER)
        still = (ask for ask in later if ask.state != AskState.SETTLED and ask.opened_at >= self.promised_at)
        return max(still, key=lambda ask: ask.number, default=None) if self.told else None

    def before_asked_afresh(self) -> "Introduction":
        """As its requester knows it who was told, as long as the letter that asks them afresh has not left."""
        afresh = self.asked_afresh()
        if afresh is None:
            return self
        settled = afresh.model_copy(update={"state": AskState.SETTLED})
        return self.model_copy(update={"asks": tuple(settled if each is afresh else each for each in self.asks)})

    def silence_would_end_at(self, at: datetime) -> datetime | None:
        """When the question before the target, who has said no, would have lapsed: to staff it is open until then."""
        asked = [ask for ask in self.asks if ask.kind == AskKind.OPT_IN and ask.role == Role.TARGET]
        newest = [ask for ask in asked[-1:] if self.ends_as_silence_would and ask.version == self.version]
        ends = (ask.due_at for ask in newest if ask.state != AskState.LAPSED and ask.until is None)
        return next((due_at for due_at in ends if due_at > at), None)

    @property
    def rests_for_staff(self) -> bool:
        """It has ended on a no after the requester was told: nobody but staff has anything to hear, at its deadline."""
        return isinstance(self.stage, Resting) and self.told and not self.asked_afresh()

    @property
    def is_over_for_the_requester(self) -> bool:
        """They were told that there is none, and nothing has been put to them since; it may sleep on for others."""
        return self.told and not self.was_introduced and not self.asked_afresh()

    def has_opted_in(self, role: Role) -> bool:
        return any(yes.role == role and yes.version == self.version for yes in self.opt_ins)

    def has_opted_in_by(self, ask: Ask) -> bool:
        """Whether the answer to this very ask is one of the yeses that count."""
        return any(yes.ask == ask.number for yes in self.opt_ins)

    def has_agreed(self, role: Role) -> bool:
        """Whether this party has said yes, as they know it themselves: whatever became of it meanwhile."""
        if not self.hears_second_thoughts:
            return self.has_opted_in(role)
        return any(ask.role == role and ask.agreed and ask.version == self.version for ask in self.asks)

    def stale_yeses(self, at: datetime) -> tuple[OptIn, ...]:
        """What counted as a yes, and at this instant no longer does: of each party the newest."""
        newest = {yes.role: yes for yes in self.opt_ins if yes.version == self.version}
        return tuple(yes for yes in newest.values() if yes.valid_until and yes.valid_until < at)

    def connectors_asked(self) -> int:
        return len({ask.person for ask in self.asks if ask.kind == AskKind.APPROVE and ask.version == self.version})

    def letters_to(self, role: Role) -> int:
        return dict(self.letters).get(role, 0)

    def is_about(self, person: PersonId) -> bool:
        """Whether this person is one of the two."""
        return person in (self.requester.id, self.target.id if self.target else None)

    def role_of(self, person: PersonId) -> Role | None:
        """What this person is in this introduction now; a connector who passed is nobody any more."""
        named = (
            (Role.REQUESTER, self.requester),
            (Role.TARGET, self.target),
            (Role.CONNECTOR, self.connector),
        )
        return next((role for role, somebody in named if somebody and somebody.id == person), None)


def begun(opening: Opening) -> Introduction:
    """As it stands before its first step."""
    return Introduction(
        id=opening.id,
        programme=opening.programme,
        policy=opening.policy,
        requester=opening.requester,
        target=opening.target,
        made_by=opening.made_by,
        asked_at=opening.asked_at,
        promised_at=opening.promised_at,
        zone=opening.zone,
        days=opening.days,
        clocks=opening.clocks,
        own_left_to_others=opening.own_left_to_others,
        later_keeps_its_time=opening.later_keeps_its_time,
        hears_second_thoughts=opening.hears_second_thoughts,
        ends_as_silence_would=opening.ends_as_silence_would,
        bounded=opening.bounded,
        route_may_be_named=opening.route_may_be_named,
        stage=Seeking(),
    )


def _follows(ask: Ask, earlier: Ask) -> bool:
    """The same question to the same person, who had answered "later" to the first."""
    same = (ask.kind, ask.person, ask.version) == (earlier.kind, earlier.person, earlier.version)
    return same and earlier.until is not None
