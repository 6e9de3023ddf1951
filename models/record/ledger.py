"""The ledger: what is written down for good.

Events of one introduction, in order, each bound to the one before by its hash.

An event holds opaque ids, facts and salted hashes only: erasing a person deletes their words and their salt elsewhere,
and this chain still verifies.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from models.asks import AskKind, AskState
from models.base import Frozen
from models.effects import Effect
from models.ids import AskNumber, IntroductionId, LetterId, PersonId, WordsId
from models.letters import LetterKind, Role
from models.news import News
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.state.stages import Closed, Screening
from models.process.timetable import next_wake


class Standing(Frozen):
    """Where an introduction stands after a step: the read model's row, and nothing that is not in it."""

    stage: str
    waiting_on: Literal["requester", "connector", "target", "parties", "operator", "nobody"]
    due_at: AwareDatetime | None
    version: int
    target: PersonId | None
    connector: PersonId | None
    approved: bool
    told: bool
    ending: Ending | None
    held: bool = False


class Began(Frozen):
    """The first event: who asks for whom, on which terms."""

    kind: Literal["began"] = "began"
    requester: PersonId
    target: PersonId | None
    made_by: MadeBy
    order: Order
    screened: bool
    promised_at: AwareDatetime
    policy: str
    effects: tuple[Effect, ...]
    standing: Standing
    hear_both: bool = False  # nothing is said to have come to nothing on one party's word
    own_left_to_others: bool = False  # neither of the two acts on it as an operator
    texts: tuple[tuple[str, str], ...] = ()  # what was written, by name, as salted hashes: "note", "why", …
    replies: tuple[News, ...] = ()  # what the store answered in the same transaction


class Moved(Frozen):
    """One step: the news heard, what it caused, where that leaves it."""

    kind: Literal["moved"] = "moved"
    step: int
    news: News
    effects: tuple[Effect, ...]
    standing: Standing
    texts: tuple[tuple[WordsId, str], ...] = ()  # words this step refers to, as salted hashes
    replies: tuple[News, ...] = ()  # what the store answered in the same transaction
    via: str = "link"  # the door an answer came through


MailState = Literal["started", "accepted", "unknown", "failed", "dropped"]
ENDED = ("resting", "closed")  # stages in which nothing more leads to an introduction
LEFT: tuple[MailState, ...] = ("accepted", "unknown")  # whether or not it arrived, it is not sent again


class Mailed(Frozen):
    """What became of a letter. Planning it is an effect of a step; from there on the mailroom writes."""

    kind: Literal["mailed"] = "mailed"
    letter: LetterId
    template: LetterKind
    state: MailState
    to: PersonId
    version: int
    ask: AskNumber | None = None
    reminder: bool = False
    note: str = ""  # salted hash of the note the letter carried, where it carried one


Event = Annotated[Began | Moved | Mailed, Field(discriminator="kind")]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Entry(Frozen):
    """One row of the ledger. `hash` covers everything else, `previous` included."""

    scope: IntroductionId
    seq: int
    at: AwareDatetime
    event: Event
    previous: str
    hash: str


class AskStanding(Frozen):
    """An ask as the read model shows it."""

    number: AskNumber
    kind: AskKind
    role: Role
    person: PersonId
    version: int
    due_at: AwareDatetime
    state: AskState


class AddedUp(Frozen):
    """What the ledger alone says the read model must hold."""

    standing: Standing
    asks: tuple[AskStanding, ...]
    step: int


START = "0" * 64


def standing(introduction: Introduction) -> Standing:
    """The read model's row for this introduction."""
    wake, stage = next_wake(introduction), introduction.stage
    return Standing(
        stage=stage.kind,
        waiting_on=_waiting_on(introduction),
        due_at=stage.due_at if isinstance(stage, Screening) else (wake.at if wake else None),
        version=introduction.version,
        target=introduction.target.id if introduction.target else None,
        connector=introduction.connector.id if introduction.connector else None,
        approved=introduction.approved,
        told=introduction.told,
        ending=stage.ending if isinstance(stage, Closed) else getattr(stage, "ending", None),
        held=introduction.held_at is not None,
    )


def began(
    opening: Opening,
    effects: tuple[Effect, ...],
    stands: Standing,
    texts: tuple[tuple[str, str], ...] = (),
    replies: tuple[News, ...] = (),
) -> Began:
    """What is written down of a request as it begins."""
    return Began(
        requester=opening.requester.id,
        target=opening.target.id if opening.target else None,
        made_by=opening.made_by,
        order=opening.policy.order,
        screened=opening.policy.screening is not None,
        promised_at=opening.promised_at,
        policy=f"{opening.policy.name}-{opening.policy.version}",
        hear_both=opening.policy.follow_up.hear_both,
        own_left_to_others=opening.own_left_to_others,
        effects=effects,
        standing=stands,
        texts=texts,
        replies=replies,
    )


def entry(scope: IntroductionId, last: Entry | None, at: datetime, event: Event) -> Entry:
    """The next row of a chain, after `last`."""
    seq, previous = (last.seq + 1, last.hash) if last else (1, START)
    return Entry(
        scope=scope, seq=seq, at=at, event=event, previous=previous, hash=seal(scope, seq, at, event, previous)
    )


def seal(scope: str, seq: int, at: datetime, event: Event, previous: str) -> str:
    """SHA-256 over the row in one canonical spelling."""
    return seal_text(scope, seq, at, canonical(event), previous)


def seal_text(scope: str, seq: int, at: datetime, body: str, previous: str) -> str:
    spelled = json.dumps([scope, seq, at.astimezone(UTC).isoformat(), body, previous], ensure_ascii=True)
    return hashlib.sha256(spelled.encode()).hexdigest()


def canonical(event: Event) -> str:
    """The one spelling of an event that is stored and hashed."""
    return json.dumps(EVENT.dump_python(event, mode="json"), sort_keys=True, separators=(",", ":"))


def add_up(events: Sequence[Event]) -> AddedUp | None:
    """Rebuild the read model from the events alone; None before the first."""
    where: Standing | None = None
    asks: dict[int, AskStanding] = {}
    step = 0
    for event in events:
        if isinstance(event, Mailed):
            continue
        where, step = event.standing, event.step if isinstance(event, Moved) else 1
        for effect in event.effects:
            _apply(asks, effect)
    return AddedUp(standing=where, asks=tuple(asks[n] for n in sorted(asks)), step=step) if where else None


def _apply(asks: dict[int, AskStanding], effect: Effect) -> None:
    match effect.kind:
        case "open_ask":
            kept = {name: getattr(effect.ask, name) for name in AskStanding.model_fields}
            asks[effect.ask.number] = AskStanding(**kept)
        case "settle_ask":
            asks[effect.ask] = asks[effect.ask].model_copy(update={"state": effect.state})
        case "reopen_ask":
            update = {"state": AskState.OPEN, "due_at": effect.due_at}
            asks[effect.ask] = asks[effect.ask].model_copy(update=update)
        case "extend_ask":
            asks[effect.ask] = asks[effect.ask].model_copy(update={"due_at": effect.due_at})


_WAITING_ON: dict[str, Literal["requester", "connector", "operator", "nobody"]] = {
    "confirming": "requester",
    "seeking": "operator",
    "screening": "operator",
    "revising": "requester",
    "with_connector": "connector",
}


def _waiting_on(
    introduction: Introduction,
) -> Literal["requester", "connector", "target", "parties", "operator", "nobody"]:
    kind = introduction.stage.kind
    if introduction.waits_for_a_name or (introduction.held_at and kind != "resting"):
        return "operator"
    if kind not in ("with_parties", "following_up"):
        return _WAITING_ON.get(kind, "nobody")
    roles = {ask.role for ask in (*introduction.open_asks(), *introduction.put_off_asks())}
    if not roles:
        return "nobody"
    if Role.CONNECTOR in roles:
        return "connector"
    if len(roles) > 1:
        return "parties"
    return "target" if Role.TARGET in roles else "requester"
