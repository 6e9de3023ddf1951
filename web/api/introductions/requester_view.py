"""An introduction as its requester's key sees it. As its requester may know it: progress, and never why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from models.ids import IntroductionId, PersonId
from models.process.possible import Act, Key, possible
from models.record.disclosure import Progress, happenings, updated_at
from store.access.api_keys import ApiKey, Scope
from store.journal.state import as_requesters_said
from store.views.progress import Seen
from web.api import schemas

# What a key may do, by the last word of each address; an edit goes to the address of the introduction itself.
ADDRESSES: dict[Act, schemas.KeysAct] = {
    Act.EDIT: "edit",
    Act.WITHDRAW: "withdrawal",
    Act.STOP: "stop",
    Act.HOLD: "hold",
    Act.RESUME: "resume",
}


KeysActs = dict[IntroductionId, tuple[schemas.KeysAct, ...]]


def acts_of(connection: Connection, key: ApiKey, found: Sequence[Seen], now: datetime) -> KeysActs:
    """What the core would take of this key now; of what ended without its requester being told, as of any other.

    However many they are, they are read together.
    """
    under_way = [each.id for each in found if each.requester_progress not in (Progress.CLOSED, Progress.INTRODUCED)]
    cases = as_requesters_said(connection, under_way if Scope.WRITE in key.scopes else [], now)
    may = {each: possible(case, Key(by=PersonId(key.id)), now).acts for each, case in cases.items()}
    return {
        each.id: tuple(word for act, word in ADDRESSES.items() if act in may.get(each.id, frozenset()))
        for each in found
    }


def introduction_view(seen: Seen, may: tuple[schemas.KeysAct, ...]) -> schemas.IntroductionResource:
    return schemas.IntroductionResource(
        id=seen.id,
        requester=seen.requester,
        target=_target(seen),
        made_by=seen.made_by,
        stage=seen.requester_progress,
        track=seen.track,
        asked_at=seen.asked_at,
        promised_at=seen.promised_at,
        updated_at=updated_at(seen),
        may=may,
    )


def events_view(seen: Seen) -> schemas.Events:
    """Their ids stay the same: who polls can tell what is new."""
    happened = tuple(
        schemas.EventResource(id=f"{seen.id}.{event.kind}", kind=event.kind, at=event.at) for event in happenings(seen)
    )
    return schemas.Events(introduction=seen.id, events=happened)


def _target(seen: Seen) -> str | schemas.SomebodyOutside | schemas.TargetByNeed | None:
    if seen.need is not None:
        return schemas.TargetByNeed(need=seen.need)
    if seen.named:
        return schemas.SomebodyOutside(name=seen.named.name, organisation=seen.named.organisation)
    return seen.target
