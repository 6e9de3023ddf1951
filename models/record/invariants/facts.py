"""Facts the invariants need: the recorded events, added up one by one."""

from datetime import datetime
from typing import NamedTuple

from models.asks import HOW_IT_WAS, Ask, AskKind, AskState
from models.effects import (
    CheckSilence,
    Effect,
    ExtendAsk,
    Introduce,
    OpenAsk,
    RecordConsent,
    ReopenAsk,
    RevokeConsent,
    SettleAsk,
    WriteAgain,
    WriteLetter,
)
from models.ids import AskNumber, PersonId, WordsId
from models.letters import PARTIES, Role
from models.news import (
    AnsweredInTwoLines,
    AnswerWaiting,
    Barred,
    Blocked,
    CapReached,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    Edited,
    Erased,
    HeldBack,
    Introduced,
    News,
    NotYetAccepted,
    OptedOut,
    PutOff,
    Reported,
    RequestConfirmed,
    Resent,
    Silent,
    Thanked,
    TookBack,
    Undeliverable,
    Undone,
    Withdrew,
)
from models.outcomes import Ending
from models.process.state.opening import MadeBy
from models.record.ledger import Began, Moved

_WHILE_ASKED = ("with_parties", "passing_on")


class Happened(NamedTuple):
    """One recorded event of an introduction, and when (UTC)."""

    at: datetime
    event: Began | Moved

    @property
    def news(self) -> News | None:
        return self.event.news if isinstance(self.event, Moved) else None


class ApprovedVersion(NamedTuple):
    person: PersonId
    version: int


class Facts(NamedTuple):
    """What the events up to here add up to."""

    began: Began
    stage: str = ""
    step: int = 0
    version: int = 1
    target: PersonId | None = None
    connector: PersonId | None = None
    ending: Ending | None = None
    told: bool = False
    held: bool = False  # an operator holds it
    asks: tuple[Ask, ...] = ()  # as the effects alone say they stand
    checking: frozenset[AskNumber] = frozenset()  # the store is being asked whether this is silence
    reminded: tuple[AskNumber, ...] = ()
    approval: ApprovedVersion | None = None
    confirmed: bool = False  # the requester stands behind this version of the request
    consents: tuple[tuple[Role, RecordConsent, int], ...] = ()  # in force: whose, what, to which version
    introducing: bool = False
    introduced: bool = False
    refused: bool = False  # somebody's no, withdrawal, block or opt-out stands against a disclosure
    left: frozenset[PersonId] = frozenset()  # wants no more letters about this
    lines: WordsId | None = None
    reports: tuple[tuple[Role, str], ...] = ()  # what each party has said of the meeting, in order
    thanks: WordsId | None = None  # where the connector may read them
    letters: tuple[PersonId, ...] = ()  # a receiver for each letter planned and not dropped by an undo, reminders apart
    laters: tuple[PersonId, ...] = ()  # who asked to be asked later, each time

    @classmethod
    def before(cls, began: Began) -> "Facts":
        return cls(
            began=began, target=began.target, confirmed=began.made_by == MadeBy.REQUESTER and began.target is not None
        )

    def ask(self, number: AskNumber | None) -> Ask | None:
        return self.asks[number - 1] if number and number <= len(self.asks) else None

    def answered_ask(self, news: News | None) -> Ask | None:
        return self.ask(getattr(news, "ask", None))

    def person(self, role: Role) -> PersonId | None:
        return {Role.REQUESTER: self.began.requester, Role.TARGET: self.target, Role.CONNECTOR: self.connector}[role]

    def consent(self, role: Role) -> RecordConsent | None:
        """The yes of this party to the present version, if it is in force."""
        return next((yes for who, yes, version in self.consents if who == role and version == self.version), None)

    def after(self, happened: Happened) -> "Facts":
        heard = _undo(_hear(self, happened.news), happened)
        for effect in happened.event.effects:
            heard = _count(heard, effect, happened.event.standing.version)
        heard = heard._replace(letters=_letters(heard, happened))
        return _stand(heard, happened.event)


def _hear(facts: Facts, news: News | None) -> Facts:
    ask = facts.answered_ask(news)
    match news:
        case ConnectorApproved(by=by) | ConnectorForwards(by=by):
            return facts._replace(approval=ApprovedVersion(by, facts.version))
        case RequestConfirmed():
            return facts._replace(confirmed=True)
        case Edited():
            return facts._replace(letters=(), laters=())  # each version has a budget of its own
        case PutOff(by=by):
            return facts._replace(laters=(*facts.laters, by))
        case AnsweredInTwoLines(words=words):
            return facts._replace(lines=words)
        case Reported(outcome=outcome) if ask and ask.kind in HOW_IT_WAS:
            return facts._replace(reports=(*facts.reports, (ask.role, outcome.kind)))
        case Thanked(words=words, share_with_connector=True):
            return facts._replace(thanks=words)
        case _:
            return _hear_a_no(facts, news, ask)


def _undo(facts: Facts, happened: Happened) -> Facts:
    ask = facts.answered_ask(happened.news)
    if ask is None or not undoes(happened):
        return facts
    match ask.kind:
        case AskKind.APPROVE:
            return facts._replace(approval=None)
        case AskKind.CONFIRM:
            return facts._replace(confirmed=False, approval=None)
        case _:
            return facts


def _hear_a_no(facts: Facts, news: News | None, ask: Ask | None) -> Facts:
    match news:
        case OptedOut(by=by) | Blocked(by=by) | Erased(by=by):
            return facts._replace(left=facts.left | {by}, refused=facts.refused or _binds(facts, news))
        case Withdrew() | TookBack() | Barred():
            return facts._replace(refused=True, introducing=False)
        case Declined() if ask and ask.role in PARTIES:
            return facts._replace(refused=True)
        case Declined(by=by) if facts.approval and facts.approval.person == by:
            return facts._replace(approval=None)
        case _:
            return _hear_the_store(facts, news)


def _hear_the_store(facts: Facts, news: News | None) -> Facts:
    match news:
        case Introduced():
            both = tuple(person for role in PARTIES if (person := facts.person(role)))
            return facts._replace(introduced=True, introducing=False, letters=facts.letters + both)
        case HeldBack() | CapReached():
            return facts._replace(introducing=False)
        case Silent(ask=number) | NotYetAccepted(ask=number) | AnswerWaiting(ask=number):
            return facts._replace(checking=facts.checking - {number})
        case _:
            return facts


def _binds(facts: Facts, news: OptedOut | Blocked | Erased) -> bool:
    # A connector's approval outlives their wish for no more letters, but not their block, nor their being forgotten.
    if news.by in (facts.began.requester, facts.target):
        return True
    return not isinstance(news, OptedOut) and facts.approval is not None and facts.approval.person == news.by


def _count(facts: Facts, effect: Effect, version: int) -> Facts:
    match effect:
        case OpenAsk(ask=ask):
            return facts._replace(asks=(*facts.asks, ask))
        case SettleAsk(ask=number, state=state):
            return _change(facts, number, state=state)
        case ReopenAsk(ask=number, due_at=due_at):
            return _change(facts, number, state=AskState.OPEN, due_at=due_at)
        case ExtendAsk(ask=number, due_at=due_at):
            return _change(facts, number, due_at=due_at)
        case CheckSilence(ask=number):
            return facts._replace(checking=facts.checking | {number})
        case WriteAgain(ask=number, reminder=True):
            return facts._replace(reminded=(*facts.reminded, number))
        case RecordConsent(role=role, ask=number):
            answered = facts.ask(number)
            others = tuple(each for each in facts.consents if each[0] != role)
            return facts._replace(consents=(*others, (role, effect, answered.version if answered else version)))
        case RevokeConsent(person=person):
            return facts._replace(consents=tuple(each for each in facts.consents if each[1].person != person))
        case Introduce():
            return facts._replace(introducing=True)
        case _:
            return facts


def _letters(facts: Facts, happened: Happened) -> tuple[PersonId, ...]:
    effects, count = happened.event.effects, list(facts.letters)
    replaces = isinstance(happened.news, Resent) and facts.introduced  # it takes the place of one that came back
    for person, effect in letters_planned(facts, effects):
        if not replaces and not (isinstance(effect, WriteAgain) and effect.reminder):
            count.append(person)
    if undoes(happened):  # what the yes had caused never left the house
        dropped = [ask for effect in effects if isinstance(effect, SettleAsk) and (ask := facts.ask(effect.ask))]
        for ask in dropped:
            if ask.person in count and not ask.by_hand and not ask.on_page:
                count.remove(ask.person)
    unreached = facts.answered_ask(happened.news) if isinstance(happened.news, Undeliverable) else None
    if unreached and facts.stage in _WHILE_ASKED and unreached.person in count and not unreached.on_page:
        count.remove(unreached.person)  # the letter reached nobody
    return tuple(count)


def undoes(happened: Happened) -> bool:
    """Whether an answer is undone: by itself, or by a no said while it still could be."""
    reopened = any(isinstance(effect, ReopenAsk) for effect in happened.event.effects)
    return isinstance(happened.news, Undone) or (isinstance(happened.news, Declined) and reopened)


def _change(facts: Facts, number: AskNumber, **fields: object) -> Facts:
    asks = (ask.model_copy(update=fields) if ask.number == number else ask for ask in facts.asks)
    return facts._replace(asks=tuple(asks))


def _stand(facts: Facts, event: Began | Moved) -> Facts:
    where = event.standing
    risen = where.version > facts.version
    return facts._replace(
        stage=where.stage,
        step=event.step if isinstance(event, Moved) else 1,
        version=where.version,
        target=where.target,
        connector=where.connector,
        ending=where.ending,
        told=where.told,
        held=where.held,
        approval=None if risen else facts.approval,
        confirmed=_stands_behind(facts, event) if risen else facts.confirmed,
    )


def _stands_behind(facts: Facts, event: Began | Moved) -> bool:
    """Whoever edits their own request confirms it by that; a version made by anybody else is not theirs yet."""
    news = event.news if isinstance(event, Moved) else None
    return isinstance(news, Edited) and news.by == facts.began.requester and facts.target is not None


def letters_planned(facts: Facts, effects: tuple[Effect, ...]) -> list[tuple[PersonId, Effect]]:
    """The letters these effects plan, each with its receiver."""
    found: list[tuple[PersonId, Effect]] = []
    opened = {effect.ask.number: effect.ask for effect in effects if isinstance(effect, OpenAsk)}
    for effect in effects:
        match effect:
            case OpenAsk(ask=ask, letter=letter) if letter:
                found.append((ask.person, effect))
            case WriteAgain(ask=number):
                ask = opened.get(number) or facts.asks[number - 1]
                found.append((ask.person, effect))
            case WriteLetter(to=to):
                found.append((to, effect))
    return found
