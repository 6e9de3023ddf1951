"""Consent asked for, one person after the other.

A connector first, one at a time; then, once one has approved, the parties.
"""

from datetime import datetime

from models.asks import Ask, AskKind, AskState
from models.effects import (
    DenyTie,
    ExtendAsk,
    FindConnector,
    HearApproval,
    KeepTie,
    RecordConsent,
    RevokeConsent,
    TakeUp,
    WriteAgain,
)
from models.ids import AskNumber, ChannelId, PersonId
from models.letters import LetterKind, Role
from models.news import (
    AnsweredInTwoLines,
    ConnectorApproved,
    ConnectorForwards,
    ConnectorFound,
    Lending,
    NotMe,
    OptedIn,
    Proposed,
    Redirected,
    RequestConfirmed,
    Somebody,
)
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.chapters.endings import rest
from models.process.state.introduction import Introduction, OptIn
from models.process.state.stages import (
    Confirming,
    Delivering,
    Finding,
    PassingOn,
    Screening,
    Seeking,
    WithConnector,
    WithParties,
)
from models.process.turn import Turn
from models.time.clocks import and_clock
from models.time.open_hours import open_to_all
from models.time.patience import after, due


def confirm_first(turn: Turn) -> Turn:
    """A request made for somebody is theirs only once they say so; nobody else is asked before."""
    introduction = turn.introduction
    turn.stand(Confirming())
    return turn.open(AskKind.CONFIRM, Role.REQUESTER, introduction.requester, introduction.policy.requester)


def confirmed(turn: Turn, ask: Ask, news: RequestConfirmed) -> Turn:
    """Their yes is their opt-in to this version, whatever the order."""
    return take_up(note_opt_in(turn, ask, news).change(quiet_until=_undoable_until(turn)))


def seek(turn: Turn) -> Turn:
    return turn.stand(Seeking())


def proposed(turn: Turn, news: Proposed) -> Turn:
    """Another person, so another version: no answer to the need counts as an answer to this."""
    clocks = and_clock(turn.introduction.clocks, news.target.zone, news.clock)
    turn.change(target=news.target, version=turn.introduction.version + 1, clocks=clocks)
    return confirm_first(turn)


def opt_in_with_request(turn: Turn, at: datetime, channels: tuple[ChannelId, ...], wording: str) -> Turn:
    """With the request itself the requester agrees to this version of it."""
    yes = opt_in(turn.introduction, Role.REQUESTER, turn.introduction.version, at)
    consent = RecordConsent(
        role=Role.REQUESTER,
        person=turn.introduction.requester.id,
        ask=None,
        channels=channels,
        wording=wording,
        valid_until=yes.valid_until,
    )
    return turn.change(opt_ins=(yes,)).cause(consent)


def take_up(turn: Turn) -> Turn:
    """From here on others may be asked: look what stands between the two, then screening, then a connector."""
    turn.cause(TakeUp())
    screening = turn.introduction.policy.screening
    if not screening:
        return find_connector(turn)
    return turn.stand(Screening(due_at=due(turn.now, screening.answer_within, turn.introduction.calendar())))


def find_connector(turn: Turn, prefer: PersonId | None = None, *, lent: bool = False) -> Turn:
    turn.change(connector=None, looked_for=True)
    last_resort = turn.introduction.connectors_asked() >= turn.introduction.policy.connector.candidates
    first = prefer or turn.introduction.ask_first
    return turn.stand(Finding()).cause(FindConnector(prefer=first, lent=lent, last_resort=last_resort))


def ask_connector(turn: Turn, news: ConnectorFound) -> Turn:
    lends, rules = turn.introduction.lends, turn.introduction.policy.connector
    has_said_yes = lends is not None and lends.by == news.connector.id
    clocks = and_clock(turn.introduction.clocks, news.connector.zone, news.clock)
    turn.stand(WithConnector()).change(connector=news.connector, ask_first=None, lends=None, clocks=clocks)
    turn.open(
        AskKind.APPROVE,
        Role.CONNECTOR,
        news.connector,
        rules,
        not_before=turn.introduction.quiet_until,
        with_letter=not has_said_yes,
    )
    return turn.cause(HearApproval(approval=_approval(turn, lends))) if lends and has_said_yes else turn


def _approval(turn: Turn, lends: Lending) -> ConnectorApproved:
    number = turn.introduction.asks[-1].number
    return ConnectorApproved(ask=number, **lends.model_dump())


def next_connector(turn: Turn, ask: Ask, state: AskState, news: object) -> Turn:
    """They said no, or nothing: the next best, if the policy has one more; never a cold letter."""
    turn.answer(ask, state)
    if isinstance(news, NotMe) and turn.introduction.target:
        turn.cause(DenyTie(connector=ask.person, person=turn.introduction.target.id))
    if turn.introduction.connectors_asked() < turn.introduction.policy.connector.most_asked:
        return find_connector(turn, news.to if isinstance(news, Redirected) else None)
    return rest(turn, Ending.LAPSED if state == AskState.LAPSED else Ending.DECLINED)


def hand_over_to(turn: Turn, another: PersonId) -> Turn:
    """An operator names who is asked instead: first of all candidates, if their own limits allow it."""
    return find_connector(take_from_connector(turn), another)


def find_named(turn: Turn, named: PersonId) -> Turn:
    """Nobody was found, and an operator knows of somebody: they are asked, or nobody is. Why, the store keeps."""
    turn.change(name_given=True).stand(Finding())
    return turn.cause(FindConnector(prefer=named, only=True))


def take_from_connector(turn: Turn) -> Turn:
    """Their question is before them no longer."""
    introduction = turn.introduction
    return turn.settle(introduction.open_asks(Role.CONNECTOR)).settle(introduction.put_off_asks())


def approved(turn: Turn, ask: Ask, target: Somebody, news: ConnectorApproved | ConnectorForwards) -> Turn:
    """The connector lends their name to this very request, and the parties are asked."""
    turn.answer(ask).change(approved=True, quiet_until=_undoable_until(turn)).stand(WithParties())
    turn.cause(KeepTie(connector=ask.person, person=target.id, how_known=news.how_known))
    turn.open(
        AskKind.OPT_IN,
        Role.TARGET,
        target,
        turn.introduction.policy.target,
        not_before=_undoable_until(turn),
        by_hand=isinstance(news, ConnectorForwards),
    )
    return _ask_requester(turn) if order_now(turn.introduction) == Order.TOGETHER else turn


def opted_in(turn: Turn, ask: Ask, news: OptedIn) -> Turn:
    """A party's yes. When both have said it, and lately, the letters leave at the first hour open to both."""
    introduction = note_opt_in(turn, ask, news).introduction
    if not introduction.has_opted_in(Role.TARGET):
        return turn
    if not introduction.has_opted_in(Role.REQUESTER):
        return turn if introduction.open_asks(Role.REQUESTER) else _ask_requester(turn)
    delivering = _delivering(turn)
    if introduction.stale_yeses(delivering.due_at):  # as is the yes of whoever is being asked for it again
        return renew(turn, delivering.due_at)
    return turn.stand(delivering)


def renew(turn: Turn, at: datetime) -> Turn:
    """A yes that is old by then is asked for again. Where that would be a letter too many, it has lapsed."""
    turn.stand(WithParties())
    for role in (yes.role for yes in turn.introduction.stale_yeses(at)):
        if turn.introduction.is_asked(role):
            continue
        if not turn.has_budget(role, 2):  # one to ask, one to introduce
            return rest(turn, Ending.LAPSED)
        _ask_anew(turn, role)
    return turn


def ask_beyond_cap(turn: Turn, role: Role) -> Turn:
    """Another introduction has taken this party's last place: they choose knowingly whether they want one more.

    Their yes counts no more, and they are asked like somebody whose yes grew old. The other party is told nothing.
    """
    introduction = turn.stand(WithParties()).introduction
    party = introduction.target if role == Role.TARGET else introduction.requester
    if party is None or not turn.has_budget(role, 2):  # one to ask, one to introduce
        return rest(turn, Ending.LAPSED)
    turn.change(opt_ins=tuple(yes for yes in introduction.opt_ins if yes.role != role))
    return _ask_anew(turn.cause(RevokeConsent(person=party.id)), role)


def note_opt_in(turn: Turn, ask: Ask, news: OptedIn | RequestConfirmed) -> Turn:
    _opt_in(turn.answer(ask), ask)
    return turn.cause(_consent(turn, ask, news))


def in_two_lines(turn: Turn, ask: Ask, news: AnsweredInTwoLines) -> Turn:
    turn.answer(ask)
    return turn.stand(PassingOn(ask=ask.number, words=news.words, due_at=_undoable_until(turn)))


def ask_again(turn: Turn, ask: Ask) -> Turn:
    """The day they named has come: a fresh ask, after another look at what stands between the two."""
    turn.settle([ask]).cause(TakeUp(again=AskNumber(len(turn.introduction.asks) + 1), role=ask.role))
    somebody = Somebody(id=ask.person, zone=ask.zone, days=turn.introduction.calendar(ask.person).days)
    rules = turn.introduction.rules_of(ask)
    return turn.open(ask.kind, ask.role, somebody, rules, again=True, renews=ask.renews)


def write_to_target(turn: Turn, ask: Ask) -> Turn:
    """They hold the link their connector forwarded; only a letter of their own carries one that may answer."""
    start = max(turn.now, turn.introduction.quiet_until or turn.now)
    due_at = due(start, turn.introduction.policy.target.answer_within, turn.introduction.calendar(ask.person))
    turn.count(Role.TARGET).update(ask, by_hand=False, due_at=due_at, checking=False)
    again = WriteAgain(ask=ask.number, letter=LetterKind.ASK_TARGET, not_before=start, reminder=False)
    return turn.cause(again, ExtendAsk(ask=ask.number, due_at=due_at))


def order_now(introduction: Introduction) -> Order:
    """Who has been told there is no introduction is asked afresh, and only once there is a yes to tell of."""
    return Order.TARGET_FIRST if introduction.told else introduction.policy.order


def _ask_requester(turn: Turn) -> Turn:
    if turn.introduction.has_opted_in(Role.REQUESTER):
        return turn
    requester, rules = turn.introduction.requester, turn.introduction.policy.requester
    return turn.open(AskKind.OPT_IN, Role.REQUESTER, requester, rules, not_before=_undoable_until(turn))


def _ask_anew(turn: Turn, role: Role) -> Turn:
    introduction = turn.introduction
    party = introduction.target if role == Role.TARGET else introduction.requester
    if party is None:
        return turn
    rules = introduction.policy.rules_for(role, renewal=True)
    not_before = _undoable_until(turn) if isinstance(turn.news, OptedIn) else None
    return turn.open(AskKind.OPT_IN, role, party, rules, not_before=not_before, renews=True)


def _delivering(turn: Turn) -> Delivering:
    """At the first instant inside both receivers' hours; at the latest after the bound, or when we promised."""
    introduction, ready = turn.introduction, _undoable_until(turn)
    hours, both = introduction.policy.hours, introduction.calendars_of_both()
    if not hours:
        return Delivering(due_at=ready)
    bounds = [after(turn.now, hours.deliver_within, calendar) for calendar in both]
    if not introduction.told:
        bounds.append(introduction.promised_at)
    by = max(ready, min(bounds))
    return Delivering(due_at=open_to_all(ready, both, by), by=by)


def opt_in(introduction: Introduction, role: Role, version: int, at: datetime, ask: AskNumber | None = None) -> OptIn:
    """A yes, and until when it counts in its giver's own days."""
    party = introduction.target if role == Role.TARGET else introduction.requester
    calendar, patience = (
        introduction.calendar(party.id if party else None),
        introduction.policy.party(role).yes_valid_for,
    )
    valid_until = after(at, patience, calendar) if patience else None
    return OptIn(role=role, version=version, at=at, ask=ask, valid_until=valid_until)


def _opt_in(turn: Turn, ask: Ask) -> Turn:
    yes = opt_in(turn.introduction, ask.role, ask.version, turn.now, ask.number)
    return turn.change(opt_ins=(*turn.introduction.opt_ins, yes))


def _consent(turn: Turn, ask: Ask, news: OptedIn | RequestConfirmed) -> RecordConsent:
    return RecordConsent(
        role=ask.role,
        person=ask.person,
        ask=ask.number,
        channels=news.channels,
        terms=news.terms if isinstance(news, OptedIn) else None,
        wording=news.wording,
        valid_until=turn.introduction.opt_ins[-1].valid_until,
    )


def _undoable_until(turn: Turn) -> datetime:
    return turn.introduction.policy.undoable_until(turn.now)
