"""An introduction as its requester's key sees it. As its requester may know it: progress, and never why."""

from models.record.disclosure import happenings, updated_at
from store.views.progress import Seen
from web.api import schemas


def introduction_view(seen: Seen) -> schemas.IntroductionResource:
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
