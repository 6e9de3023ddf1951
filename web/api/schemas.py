"""Schemas of the API. Closed shapes: a field that is not named here is an error."""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Discriminator, Field, Tag, model_validator

from models.base import Frozen
from models.process.state.opening import MadeBy
from models.record.disclosure import Milestone, Progress
from models.request.notes import BYTES
from models.request.plain_text import NAME_LIMIT

ID = r"^[a-z]{3}_[A-Za-z0-9_-]{1,36}$"
WhyRefused = Literal["closed", "already_introduced", "changed", "refused"]


READ = "Read by staff, by connectors who are asked, and by the target once a connector has said yes to these words"
WANTED = (
    "what is wanted of them: `twenty_minutes`, `one_mail`, `one_answer`, `feedback`, or a line of the "
    "requester's own of at most 12 words"
)
UNDER_NAME = "with the operator's name, and by staff"
NAMED = "read by staff and by connectors who are asked"


class _Strict(Frozen):
    model_config = ConfigDict(strict=True)  # false is no number, 1 is no text


Id = Annotated[str, Field(pattern=ID, max_length=40)]
Text = Annotated[str, Field(max_length=BYTES, description="plain text, at most 4096 bytes")]


class SomebodyOutside(_Strict):
    """By name and where they work. Never an address: that is the connector's to give."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_LIMIT, description=NAMED)]
    organisation: Annotated[str, Field(min_length=1, max_length=NAME_LIMIT, description=NAMED)]


class TargetByNeed(_Strict):
    """Who is not known yet: what is needed. An operator proposes somebody."""

    need: Annotated[str, Field(min_length=1, max_length=BYTES, description=READ)]


def _kind_of_target(value: Any) -> str | None:
    if isinstance(value, str):
        return "by_id"
    if isinstance(value, dict):
        return "by_need" if "need" in value else "by_name"
    if isinstance(value, SomebodyOutside | TargetByNeed):
        return "by_need" if isinstance(value, TargetByNeed) else "by_name"
    return None


Target = Annotated[
    Annotated[Id, Tag("by_id")] | Annotated[SomebodyOutside, Tag("by_name")] | Annotated[TargetByNeed, Tag("by_need")],
    Discriminator(_kind_of_target),
]


class NewIntroduction(_Strict):
    """A request made for somebody. The requester is asked first whether this is what they want to say."""

    requester: Id = Field(description="a person of this key's programme who may ask")
    target: Target = Field(description="the id of a listed person, somebody outside, or a need")
    why: Text = Field(default="", description=f"why this person; needed unless a need was named. {READ}")
    read: Text = Field(default="", description=f"what of theirs the requester has read or heard. {READ}")
    offer: Text = Field(description=f"what the requester offers. {READ}")
    note: Text = Field(description=f"written to be forwarded, in the requester's own voice. {READ}")
    wanted: Text = Field(default="", description=f"{WANTED}; needed where the policy asks it. {READ}")
    goal: Text = Field(default="", description=f"what success would be; needed where the policy asks it. {READ}")
    blind: Text = Field(
        default="",
        description="what the target reads until both agree, where the programme asks without names; read by staff and "
        "by connectors who are asked, too",
    )
    answers: dict[str, Text] = Field(
        default={},
        max_length=50,
        description="to the programme's own questions, by their ids; read by those whom the policy names",
    )
    unnamed: bool = Field(default=False, description="ask without the requester's name, where that may be chosen")
    track: Annotated[str, Field(max_length=41)] = Field(
        default="", description="the kind of request, where the programme's policy has several tracks"
    )


class Changes(_Strict):
    """New words for a request under way. What is left out stays as it is."""

    why: Text | None = Field(default=None, description=READ)
    read: Text | None = Field(default=None, description=READ)
    offer: Text | None = Field(default=None, description=READ)
    note: Text | None = Field(default=None, description=READ)
    wanted: Text | None = Field(default=None, description=f"{WANTED}. {READ}")
    goal: Text | None = Field(default=None, description=f"what success would be. {READ}")
    answers: dict[str, Text] = Field(
        default={},
        max_length=50,
        description="to the programme's own questions, by their ids; what is not named stays, read by those whom the "
        "policy names",
    )
    blind: Text | None = Field(
        default=None, description="where the request is read without a name; read by staff, connectors and the target"
    )


DecidingOperator = Annotated[Id, Field(description="the operator who decided it, by the id of the person")]


class Reading(_Strict):
    """What an operator decided who has read a request."""

    operator: DecidingOperator
    answer: Literal["approve", "decline"]


class Advice(_Strict):
    """What its requester should change, in plain words."""

    operator: DecidingOperator
    words: Annotated[
        str,
        Field(
            max_length=BYTES,
            description=f"at most 1000 characters, without links; read by the requester, {UNDER_NAME}",
        ),
    ]


class Repetition(_Strict):
    """A letter once more, with one line under the operator's name where they wish."""

    operator: DecidingOperator
    line: Annotated[
        str,
        Field(
            max_length=BYTES,
            description=f"at most 200 characters, without links; read by the letter's reader, {UNDER_NAME}",
        ),
    ] = ""


class GivenKind(_Strict):
    """Of which of the policy's kinds somebody is from now on."""

    operator: DecidingOperator
    kind: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(description="null: of none")


class Inviting(_Strict):
    """Who invites."""

    operator: DecidingOperator


class Side(_Strict):
    """Somebody, or an organisation: one of the two is named."""

    person: Id | None = None
    organisation: (
        Annotated[str, Field(min_length=1, max_length=NAME_LIMIT, description="read by staff alone")] | None
    ) = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.person is None) == (self.organisation is None):
            raise ValueError("either a person or an organisation")
        return self


class NewConflict(_Strict):
    """Two who are not to be introduced to one another."""

    operator: DecidingOperator
    one: Side
    other: Side


class ByOperator(_Strict):
    """Nothing but who decided it: the address says the rest."""

    operator: DecidingOperator


class Nothing(_Strict):
    """No field: the address says it all."""


KeysAct = Literal["edit", "withdrawal", "stop", "hold", "resume"]


class IntroductionResource(Frozen):
    """One introduction, as its requester may know it. Why it closed is in nobody's view but the operators'."""

    id: Id
    requester: Id
    target: Id | SomebodyOutside | TargetByNeed | None = Field(description="as it was named in the request")
    made_by: MadeBy
    stage: Progress
    track: str = Field(description="the kind of request, where there was a choice; else empty")
    asked_at: AwareDatetime
    promised_at: AwareDatetime = Field(description="by then the requester hears, whatever happens")
    updated_at: AwareDatetime
    may: tuple[KeysAct, ...] = Field(
        description="what this key could do now, by the last word of its address; `edit` is the PATCH"
    )


class Page(Frozen):
    introductions: tuple[IntroductionResource, ...]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class EventResource(Frozen):
    id: str
    kind: Milestone
    at: AwareDatetime


class Events(Frozen):
    introduction: Id
    events: tuple[EventResource, ...]


class VerdictResource(Frozen):
    """`taken`: it has happened. `recorded`: it is kept for good, and heard as soon as it can be."""

    introduction: Id
    act: Id = Field(description="`GET /acts/{act}` tells what has become of it")
    verdict: Literal["taken", "recorded"]


class ActResource(Frozen):
    """What a program handed in, and what has become of it."""

    id: Id
    introduction: Id
    act: str = Field(description="`withdrawal`, `edit`, `stop`, `hold`, `resume`, `screening`, `advice`, `repetition`")
    at: AwareDatetime = Field(description="when it was handed in")
    outcome: Literal["recorded", "taken", "refused"] = Field(description="`recorded`: it waits to be heard")
    reason: WhyRefused | None = Field(description="why it was refused, by the name of the problem")


class Erasure(Frozen):
    """Somebody being forgotten: `asked` (gone for everybody already), then `wiped`, `forgotten` (by the files as well),
    and `done` (Temporal's histories are gone too)."""

    id: Id
    person: Id
    state: Literal["asked", "wiped", "forgotten", "done"]
    asked_at: AwareDatetime
    done_at: AwareDatetime | None


class Export(Frozen):
    """What staff may read about one person; sections of rows with the same fields. `left_out`: what is in none."""

    person: Id
    at: AwareDatetime
    sections: dict[str, list[dict[str, Any]]]
    left_out: str


class Health(Frozen):
    state: Literal["well"]
    mark: str | None = None
