"""Warmth: why a letter may go out. The chain of approvals and consents that allows it, read from the ledger alone.

The mailroom asks before it starts a letter, `introbroker verify` asks afterwards, and the person who received it is
shown the same chain in plain words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from models.asks import Ask, AskKind, AskState
from models.base import Frozen
from models.effects import Effect
from models.ids import AskNumber, PersonId
from models.letters import DELIVERY, FOLLOW_UP, PARTIES, RECEIVER, LetterKind, Role
from models.news import Edited, News
from models.outcomes import Ending
from models.process.state.opening import MadeBy
from models.record.ledger import Began, Entry, Event, Moved


class ChainLink(Frozen):
    """One event a letter rests on."""

    seq: int
    at: datetime
    what: Literal[
        "requested", "confirmed", "screened", "sent_back", "approved", "opted_in", "answered", "introduced", "ended"
    ]
    person: PersonId | None
    version: int


class Warm(Frozen):
    """The letter is allowed, because of these."""

    chain: tuple[ChainLink, ...]


class Cold(Frozen):
    """The letter is not allowed: `missing` is what the ledger does not hold."""

    missing: Literal[
        "request", "confirmation", "screening", "approval", "opt_in", "open_ask", "delivery", "ending", "receiver"
    ]


class Planned(Frozen):
    """A letter as the gate needs to know it."""

    kind: LetterKind
    to: PersonId
    version: int
    ask: AskNumber | None = None


ENTRIES = Sequence[Entry]

_NEEDS_APPROVAL = (LetterKind.ASK_ADDRESS, LetterKind.ASK_TARGET, LetterKind.ASK_REQUESTER)


def warmth(letter: Planned, entries: ENTRIES) -> Warm | Cold:
    """Whether the ledger, as it stands, holds what this letter needs."""
    facts = _Facts(entries)
    if facts.began is None:
        return Cold(missing="request")
    cold = facts.wrong_receiver(letter) or facts.ask_not_open(letter) or _missing(letter, facts)
    return Cold(missing=cold) if cold else Warm(chain=facts.chain(letter))


def _missing(
    letter: Planned, facts: "_Facts"
) -> Literal["confirmation", "screening", "approval", "opt_in", "delivery", "ending"] | None:
    kind = letter.kind
    if kind == LetterKind.CONFIRM_REQUEST:
        return None
    if not facts.confirmed and not (kind == LetterKind.NO_INTRODUCTION and facts.asked_themselves):
        return "confirmation"
    if kind == LetterKind.NO_INTRODUCTION:
        return None if facts.told else "ending"
    if kind == LetterKind.ADVICE:
        return None if facts.sent_back and facts.sent_back.version == letter.version else "screening"
    if not facts.screened:
        return "screening"
    if kind == LetterKind.ASK_CONNECTOR:
        return None
    if not facts.approved_for(letter.version) or not facts.asks_who_approved(letter):
        return "approval"
    if kind in _NEEDS_APPROVAL:
        return None
    return _missing_after_answers(letter, facts)


def _missing_after_answers(letter: Planned, facts: "_Facts") -> Literal["opt_in", "delivery", "ending"] | None:
    kind = letter.kind
    if kind == LetterKind.TWO_LINES:
        return None if facts.ending == Ending.TWO_LINES else "opt_in"
    if kind in DELIVERY and not facts.both_opted_in(letter.version):
        return "opt_in"
    if kind in (*DELIVERY, *FOLLOW_UP):
        return None if facts.introduced else "delivery"
    return None if facts.ending else "ending"


class _Facts:
    """What the events add up to, as far as letters depend on it."""

    def __init__(self, entries: ENTRIES) -> None:
        self.began: Began | None = None
        self.asks: dict[AskNumber, Ask] = {}
        self.confirmed = self.told = False
        self.approval: ChainLink | None = None
        self.introduced: ChainLink | None = None
        self.screening: ChainLink | None = None
        self.sent_back: ChainLink | None = None
        self.confirmation: ChainLink | None = None
        self.opt_ins: dict[Role, ChainLink] = {}
        self.valid_until: dict[Role, datetime | None] = {}
        self.disclosed_at: datetime | None = None
        self.ending: Ending | None = None
        self.target: PersonId | None = None
        self.requested: ChainLink | None = None
        self.end: ChainLink | None = None
        for each in entries:
            self._hear(each, each.event)

    @property
    def asked_themselves(self) -> bool:
        """Who asked hears of the end, also where nobody was found for what they need."""
        return self.began is not None and self.began.made_by == MadeBy.REQUESTER

    @property
    def screened(self) -> bool:
        return bool(self.began and (not self.began.screened or self.screening))

    def approved_for(self, version: int) -> bool:
        return self.approval is not None and self.approval.version == version

    def asks_who_approved(self, letter: Planned) -> bool:
        """Whoever is asked for another address is the one who lent their name."""
        return letter.kind != LetterKind.ASK_ADDRESS or bool(self.approval and self.approval.person == letter.to)

    def both_opted_in(self, version: int) -> bool:
        return all(
            role in self.opt_ins and self.opt_ins[role].version == version and self._is_fresh(role) for role in PARTIES
        )

    def _is_fresh(self, role: Role) -> bool:
        """Whether their yes still counted when both were told of each other."""
        until = self.valid_until[role]
        return until is None or self.disclosed_at is None or self.disclosed_at <= until

    def wrong_receiver(self, letter: Planned) -> Literal["receiver"] | None:
        ask = self.asks.get(letter.ask) if letter.ask else None
        if ask:
            return None if ask.person == letter.to else "receiver"
        expected = {
            Role.REQUESTER: self.began.requester if self.began else None,
            Role.TARGET: self.target,
            Role.CONNECTOR: self.approval.person if self.approval else None,
        }
        return None if expected[RECEIVER[letter.kind]] == letter.to else "receiver"

    def ask_not_open(self, letter: Planned) -> Literal["open_ask"] | None:
        if letter.ask is None:
            return None
        ask = self.asks.get(letter.ask)
        return None if ask and ask.is_open and ask.version == letter.version else "open_ask"

    def chain(self, letter: Planned) -> tuple[ChainLink, ...]:
        links: list[ChainLink | None] = [self.requested, self.confirmation]
        if letter.kind == LetterKind.ADVICE:
            links.append(self.sent_back)
        if letter.kind not in (LetterKind.CONFIRM_REQUEST, LetterKind.NO_INTRODUCTION):
            links.append(self.screening)
        if letter.kind not in _BEFORE_APPROVAL:
            links.append(self.approval)
        if letter.kind in (*DELIVERY, *FOLLOW_UP, LetterKind.HOW_IT_WENT):
            links += [*self.opt_ins.values(), self.introduced]
        if letter.kind in (LetterKind.NO_INTRODUCTION, LetterKind.HOW_IT_WENT, LetterKind.TWO_LINES):
            links.append(self.end)
        return tuple(link for link in links if link)

    def _hear(self, row: Entry, event: Event) -> None:
        if isinstance(event, Began):
            self._begin(row, event)
        elif isinstance(event, Moved):
            self._move(row, event)

    def _begin(self, row: Entry, event: Began) -> None:
        self.began, self.target = event, event.target
        self.confirmed = event.made_by == MadeBy.REQUESTER and event.target is not None
        self.requested = ChainLink(seq=row.seq, at=row.at, what="requested", person=event.requester, version=1)
        self._effects(row, event.effects, 1)

    def _move(self, row: Entry, event: Moved) -> None:
        where, news = event.standing, event.news
        self._effects(row, event.effects, where.version)
        self.target, self.told = where.target, self.told or where.told
        self.ending = where.ending if where.stage == "closed" else None
        link = ChainLink(
            seq=row.seq, at=row.at, what="approved", person=getattr(news, "by", None), version=where.version
        )
        self._heard(news, link)
        if any(reply.kind == "introduced" for reply in event.replies):  # the letters are planned; the news comes next
            self.introduced = link.model_copy(update={"what": "introduced", "person": None})
            self.disclosed_at = row.at
        if not where.approved:
            self.approval = None
        if where.stage == "closed":
            self.end = link.model_copy(update={"what": "ended", "person": None})

    def _heard(self, news: News, link: ChainLink) -> None:
        match news.kind:
            case "request_confirmed":
                self.confirmed, self.confirmation = True, link.model_copy(update={"what": "confirmed"})
            case "proposed":
                self.confirmed = False
            case "edited":
                self._edited(news, link)
            case "screened":
                self.screening = link.model_copy(update={"what": "screened"}) if news.approved else None
            case "sent_back":
                self.sent_back = link.model_copy(update={"what": "sent_back"})
            case "connector_approved" | "connector_forwards":
                self.approval = link
            case "introduced":
                self.introduced = link.model_copy(update={"what": "introduced"})
            case "undone":
                self._undo(news.ask)

    def _edited(self, news: Edited, link: ChainLink) -> None:
        """All begins anew with these words; only the requester's own are theirs at once."""
        self.approval = self.screening = self.sent_back = self.confirmation = None
        requester = self.began.requester if self.began else None
        self.requested = link.model_copy(update={"what": "requested", "person": requester})
        self.confirmed = news.by == requester and self.target is not None

    def _undo(self, number: AskNumber) -> None:
        ask = self.asks.get(number)
        if ask and ask.kind == AskKind.CONFIRM:
            self.confirmed, self.confirmation = False, None

    def _effects(self, row: Entry, effects: tuple[Effect, ...], version: int) -> None:
        for effect in effects:
            match effect.kind:
                case "open_ask":
                    self.asks[effect.ask.number] = effect.ask
                case "settle_ask":
                    self._set(effect.ask, effect.state)
                case "reopen_ask":
                    self._set(effect.ask, AskState.OPEN)
                case "record_consent":
                    self.valid_until[effect.role] = effect.valid_until
                    self.opt_ins[effect.role] = ChainLink(
                        seq=row.seq,
                        at=row.at,
                        what="opted_in",
                        person=effect.person,
                        version=self._version(effect.ask, version),
                    )
                case "revoke_consent":
                    gone = [role for role, link in self.opt_ins.items() if link.person == effect.person]
                    for role in gone:
                        del self.opt_ins[role]

    def _version(self, number: AskNumber | None, version: int) -> int:
        return self.asks[number].version if number else version

    def _set(self, number: AskNumber, state: AskState) -> None:
        self.asks[number] = self.asks[number].model_copy(update={"state": state})


_BEFORE_APPROVAL = (
    LetterKind.CONFIRM_REQUEST,
    LetterKind.NO_INTRODUCTION,
    LetterKind.ADVICE,
    LetterKind.ASK_CONNECTOR,
)
