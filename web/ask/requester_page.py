"""Data of a requester's page: their draft, what the door says to it, and whom they can choose."""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from models.policy.policy import Policy
from models.policy.tracks import TrackRules
from models.request.door import (
    DoorFacts,
    agrees_with_request,
    asks_left,
    faults,
    first_told_at,
    is_blind,
    promised_at,
    rules_for,
)
from models.request.faults import Fault
from models.request.notes import tidy
from models.request.plain_text import Unfit
from store.people.directory import Directory, ListedMember, directory, member, suggestions
from store.people.person import Belonging, Channel, Profile
from store.requests.door import at_the_door
from store.requests.usual_time import usual_days_of
from web.ask.draft import Draft


class TrackChoice(Frozen):
    """One of the tracks a request can take, and what it would mean if it were sent now."""

    name: str
    rules: TrackRules
    policy: Policy
    promised_at: datetime


class RequestDesk(Frozen):
    """Read in one go, so that what stands side by side was true at one time."""

    programme: Belonging
    policy: Policy  # on the chosen track, where one is chosen
    tracks: tuple[TrackChoice, ...]
    facts: DoorFacts
    found: tuple[Fault, ...]
    directory: Directory
    chosen: ListedMember | None
    channels: tuple[Channel, ...]
    draft: Draft
    agrees: bool  # with the request itself to what is shared, and is not asked later
    would_agree: bool  # if it named somebody
    is_blind: bool  # the one asked for is not told who asks, before they are introduced
    promised_at: datetime
    told_first_at: datetime | None  # in batches, where there is no introduction; None: as promised
    usual_days: int | None  # within which introductions come about here, where that can be said

    @property
    def texts(self) -> dict[str, str]:
        """As they would be kept."""
        written = self.draft.request(self.programme.programme, PersonId("")).texts
        return {name: "" if isinstance(words := tidy(text), Unfit) else words for name, text in written.items()}

    @property
    def shared(self) -> tuple[Channel, ...]:
        return tuple(each for each in self.channels if each.id in self.draft.channels)

    @property
    def rests_until(self) -> datetime | None:
        """Until when the requester's own asks rest, if they do."""
        return self.facts.asks_rest_until

    @property
    def left(self) -> int:
        return asks_left(self.facts, self.policy.requester)


def lay_out(connection: Connection, me: Profile, programme: Belonging, draft: Draft, now: datetime) -> RequestDesk:
    asked = draft.request(programme.programme, me.person.id)
    door = at_the_door(connection, asked, now)
    rules = rules_for(asked, door.facts, door.policy)
    promised = promised_at(now, rules, door.facts)
    return RequestDesk(
        programme=programme,
        policy=rules,
        tracks=tracks(door.policy, door.facts, now),
        facts=door.facts,
        found=faults(asked, door.facts, door.policy, now),
        directory=_people(connection, me.person.id, programme.programme, draft),
        chosen=member(connection, programme.programme, draft.chosen) if draft.chosen else None,
        channels=tuple(each for each in me.channels if each.id in door.facts.own_channels),
        draft=draft,
        agrees=agrees_with_request(asked, rules),
        would_agree=agrees_with_request(asked.model_copy(update={"whom": None}), rules),
        is_blind=is_blind(asked, rules),
        promised_at=promised,
        told_first_at=first_told_at(now, rules, door.facts),
        usual_days=usual_days_of(connection, programme.programme, draft.track, now, promised),
    )


def _people(connection: Connection, me: PersonId, programme: ProgrammeId, draft: Draft) -> Directory:
    """Whoever looks for somebody gets whom they look for; whoever does not, also whom they could ask."""
    found = directory(connection, programme, me, draft.looked_for, draft.chosen)
    if draft.looked_for.strip():
        return found
    return found.suggesting(suggestions(connection, programme, me, draft.about))


def tracks(policy: Policy, facts: DoorFacts, now: datetime) -> tuple[TrackChoice, ...]:
    """The patient ones first."""
    whole = [(name, rules, policy.on_track(name)) for name, rules in policy.tracks.items()]
    found = [
        TrackChoice(name=name, rules=rules, policy=each, promised_at=promised_at(now, each, facts))
        for name, rules, each in whole
    ]
    return tuple(sorted(found, key=lambda track: (track.promised_at, track.name), reverse=True))
