"""An introduction as a key that works for operators sees it. As the console does, and of nobody a no."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from models.base import Frozen
from models.ids import IntroductionId, PersonId
from models.process.possible import Act
from store.access.api_keys import ApiKey
from store.privacy.erasure import records_of
from store.views.introductions import DeskReader, is_for
from store.views.letters.letter_lines import LetterLine
from store.views.read_marks import read_mark
from store.views.staff_story import Story, story
from web.api.entrance.operators import operator_of
from web.api.schemas import Id
from web.shared.acts.staff_acts import Acts, acts_at
from web.shared.http.problems import Refusal

ACTS: dict[Act, Literal["screening", "advice"]] = {Act.SCREEN: "screening", Act.SEND_BACK: "advice"}


class DeskLetter(Frozen):
    """One letter, and whether it may go out again now."""

    id: Id
    kind: str
    to: Id
    reminder: bool
    state: str = Field(
        description="planned, started, accepted, unknown, failed or dropped; due: leaves now if still needed"
    )
    at: AwareDatetime = Field(description="when it settled, or when it may leave")
    may_be_repeated: bool


class Desk(Frozen):
    """One introduction as an operator reads it. A party's no, their silence and a block are told apart nowhere."""

    id: Id
    stage: str
    waiting_on: str
    due_at: AwareDatetime | None
    promised_at: AwareDatetime
    held: bool
    track: str = Field(description="the kind of request, where there was a choice; else empty")
    texts: dict[str, str] = Field(description="what the requester wrote, by name, in its newest version")
    answers: dict[str, str] = Field(description="to the programme's own questions, those that staff read, by their ids")
    letters: tuple[DeskLetter, ...]
    may: tuple[Literal["screening", "advice"], ...] = Field(
        description="what this operator could do here now, by the last word of its address"
    )


def at_the_desk(connection: Connection, key: ApiKey, introduction: str, operator: str, now: datetime) -> Story:
    """The introduction as this operator of the key's programme may work on it; else why not."""
    of_the_key = DeskReader((key.programme,))
    if not is_for(connection, IntroductionId(introduction), of_the_key):
        raise Refusal(404, "not_found")
    records = records_of.records(connection, operator_of(connection, key, operator))
    found = story(connection, IntroductionId(introduction), now, of_the_key._replace(records=records))
    if found is None:
        raise Refusal(404, "not_found")
    if found.listed.requester in records:
        raise Refusal(403, "own_part")
    return found


def drawn(connection: Connection, found: Story, operator: str, now: datetime) -> Desk:
    acts, one = acts_at(connection, found, PersonId(operator), now), found.listed
    return Desk(
        id=one.id,
        stage=one.stage,
        waiting_on=one.waiting_on,
        due_at=one.due_at,
        promised_at=one.promised_at,
        held=one.held,
        track=found.opening.track,
        texts=dict(found.texts),
        answers={asked.id: answer for asked, answer in found.answers},
        letters=tuple(_letter(each, acts) for each in found.letters),
        may=tuple(word for act, word in ACTS.items() if act in acts),
    )


def etag_of(connection: Connection, found: Story) -> str:
    return f'"step-{read_mark(connection, found.listed)}"'


def _letter(line: LetterLine, acts: Acts) -> DeskLetter:
    return DeskLetter(
        id=line.id,
        kind=line.kind,
        to=line.to,
        reminder=line.reminder,
        state=line.state,
        at=line.settled_at or line.not_before,
        may_be_repeated=line.id in acts.resendable,
    )
