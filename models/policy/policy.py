"""A policy: how patient and how strict a programme is.

Versioned data; a running introduction keeps the version it began under.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator

from models.base import Frozen
from models.letters import Role
from models.policy.durations import CapRules, Lasting, OnTheClock
from models.policy.kinds import KIND, KindRules
from models.policy.questions import RequestRules
from models.policy.retention import RetentionRules
from models.policy.terms import TermRules
from models.policy.tracks import TRACK, TrackRules
from models.time.clocks import ZoneClock
from models.time.open_hours import Calendar, Days, Hours
from models.time.patience import Patience, next_batch, next_of_days


class Order(StrEnum):
    """Who is asked when, once a connector has approved."""

    TOGETHER = "together"
    TARGET_FIRST = "target_first"
    REQUESTER_AT_REQUEST = "requester_at_request"


DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY_NAMES: tuple[DayName, ...] = get_args(DayName)
SEVEN_BUSINESS_DAYS = Patience(amount=7, unit="bd").nominal


class AnswerRules(Frozen):
    """How long somebody has to answer an ask, and when they are reminded: once, twice of a long one, if at all."""

    answer_within: Lasting
    remind_after: Lasting | None = None
    remind_again_after: Lasting | None = Field(
        default=None, description="a second and last reminder, where they have more than seven business days"
    )

    @model_validator(mode="after")
    def _reminder_before_deadline(self) -> Self:
        if self.remind_after and self.remind_after.nominal >= self.answer_within.nominal:
            raise ValueError("remind_after must be shorter than answer_within")
        return self

    @model_validator(mode="after")
    def _second_reminder_of_a_long_ask(self) -> Self:
        again = self.remind_again_after
        if not again:
            return self
        if not self.remind_after or not self.remind_after.nominal < again.nominal < self.answer_within.nominal:
            raise ValueError("remind_again_after must lie between remind_after and answer_within")
        if self.answer_within.nominal <= SEVEN_BUSINESS_DAYS:
            raise ValueError("remind_again_after is for asks that wait longer than 7 bd; leave it out")
        return self


class PartyRules(AnswerRules):
    """A party's yes grows old: after that they are asked again before anything is shared."""

    yes_valid_for: Lasting | None = Field(default=None, description="None: a yes counts until it is taken back")
    renew_within: Lasting | None = Field(default=None, description="to answer then; None: like the first time")

    @property
    def for_renewal(self) -> AnswerRules:
        """How patient we are with somebody who has said yes before: no reminder where their time is another."""
        return AnswerRules(answer_within=self.renew_within) if self.renew_within else self

    @model_validator(mode="after")
    def _renewed_only_what_grows_old(self) -> Self:
        if self.renew_within and not self.yes_valid_for:
            raise ValueError("renew_within needs yes_valid_for: without it no yes grows old")
        return self


class RequesterRules(PartyRules):
    open_asks: int = Field(ge=1, le=100, description="introductions one requester may have under way")
    new_asks: int = Field(ge=1, le=100, description="requests one requester may make in each `new_asks_per`")
    new_asks_per: Lasting
    note_words: int = Field(ge=20, le=400, description="longest note, in words")
    similar_note: int = Field(ge=50, le=100, description="per cent alike at which two notes count as the same")
    pair_cool_down: Lasting = Field(description="until the same person may be asked for again")
    promised_answer: Lasting = Field(description="by when the requester hears, whatever happened")
    edits: int = Field(default=0, ge=0, le=10, description="times a request may be changed; all are then asked again")
    closings_every: Lasting | None = Field(
        default=None, description="tell of endings earlier, in batches; then a no can be dated to a batch"
    )
    closings_on: tuple[DayName, ...] = Field(
        default=(), description="or tell of them on these days of the week, in the morning where the requester lives"
    )
    wanted: bool = Field(default=False, description="each request says what is wanted of whom it asks for")
    goal: bool = Field(default=False, description="each request says what success would be")
    introductions: CapRules | None = Field(default=None, description="introductions one requester gets, at most")
    help_within: Lasting | None = Field(
        default=None, description="every request after the first needs one help given in this time before it"
    )

    @model_validator(mode="after")
    def _batches_of_one_kind(self) -> Self:
        if self.closings_every and self.closings_on:
            raise ValueError("closings_every or closings_on: endings are told in batches of one kind")
        return self

    @property
    def tells_in_batches(self) -> bool:
        return bool(self.closings_every or self.closings_on)

    def next_telling(self, asked_at: datetime, now: datetime, calendar: Calendar) -> datetime | None:
        """When an ending that comes at `now` would be told, before the promised day; None: on that day alone."""
        if self.closings_on:
            return next_of_days(now, [DAY_NAMES.index(each) for each in self.closings_on], calendar)
        return next_batch(asked_at, now, self.closings_every, calendar) if self.closings_every else None


class ScreeningRules(Frozen):
    answer_within: Lasting
    backup_within: Lasting
    send_back: bool = Field(
        default=False, description="an operator may send a request back with advice instead of declining it"
    )
    requests: Literal["all", "first_and_flagged"] = Field(
        default="all", description="which are read: all, or the first of each requester and those that look unusual"
    )


class ConnectorRules(AnswerRules):
    candidates: int = Field(ge=1, le=10, description="connectors asked, one after the other, at most")
    cap: int = Field(ge=1, le=100, description="asks one connector gets in each `cap_per`, at most")
    cap_per: Lasting
    later_up_to: Lasting
    tie_fresh_for: Lasting = Field(description="a tie confirmed longer ago counts as stale and comes last")
    must_know_requester: bool
    sentence: Literal["optional", "required"]
    another_address: bool = Field(
        default=False, description="where the target's address is dead, ask whoever approved for another, once"
    )
    vouch: Literal["optional", "required"] = "optional"
    last_resort: bool = Field(
        default=False, description="staff who know the one asked for are asked once no other is left, and not before"
    )
    from_one_requester: CapRules | None = Field(
        default=None, description="asks one connector gets from one and the same requester, at most"
    )

    @property
    def most_asked(self) -> int:
        """Connectors one request may ask, one after the other."""
        return self.candidates + int(self.last_resort)


class TargetRules(PartyRules):
    cap: int = Field(ge=1, le=100, description="asks one target gets in each `cap_per`, at most")
    cap_per: Lasting
    later_up_to: Lasting
    introductions: CapRules | None = Field(default=None, description="introductions one target gets, at most")
    blind: Literal["never", "chosen", "always"] = Field(
        default="never", description="whether they are asked without learning who asks, before the introduction"
    )


class FollowUpRules(Frozen):
    writes_within: Lasting = Field(description="who writes first promises to do so within this time")
    written: Lasting = Field(description="after delivery: has the requester written?")
    did_you_meet: Lasting = Field(description="after delivery: did you meet?")
    did_you_meet_again: Lasting = Field(description="after delivery: once more, if nobody answered")
    thanks: Lasting = Field(description="after a reported meeting: the thank-you")
    outcome: Lasting = Field(description="after delivery: the connector hears how it went, at the latest")
    first_contact: Lasting | None = Field(
        default=None,
        description="after delivery: has the requester written? The other party is asked, where they have"
        " not said so; leave out for never",
    )
    term: TermRules | None = Field(
        default=None,
        description="where people meet for a term: both are asked once more as it ends, in place of"
        " `did_you_meet_again`, and the connector hears then",
    )
    hear_both: bool = Field(
        default=False, description="a connector is told that nothing came of it only where both parties say so"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        asked = ("written", *(["first_contact"] if self.first_contact else []))
        for earlier, later in pairwise((*asked, "did_you_meet", "did_you_meet_again", "outcome")):
            if getattr(self, earlier).nominal >= getattr(self, later).nominal:
                raise ValueError(f"{later} must come after {earlier}")
        return self


class HoursRules(Hours):
    """Letters, reminders and deadlines fall into these hours of each receiver's working days."""

    deliver_within: Lasting = Field(
        description="after the second yes: the introduction leaves at the first hour open to both, at the latest then"
    )


class PauseRules(Frozen):
    """When somebody's asks rest for a while: nothing new is asked of them, and they make no new request."""

    no_shows: int | None = Field(default=None, ge=1, le=10, description="reported by the other party, that pause")
    unanswered: int | None = Field(default=None, ge=2, le=10, description="asks in a row without an answer, that pause")
    counted_within: Lasting = Field(description="older no-shows and unanswered asks no longer count")
    lasts: Lasting = Field(description="how long; one click of theirs, or an operator, ends it earlier")

    @model_validator(mode="after")
    def _counts_something(self) -> Self:
        if self.no_shows is None and self.unanswered is None:
            raise ValueError("no_shows or unanswered must be given; leave the table out for no pauses")
        return self


class LetterBudget(Frozen):
    """Most letters one person gets about one introduction; reminders are counted apart."""

    requester: int = Field(ge=2, le=10)
    connector: int = Field(ge=2, le=10)
    target: int = Field(ge=2, le=10)


class Policy(Frozen):
    """One version of one policy. Every field changes a decision, a letter or a timetable."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    version: int = Field(ge=1)
    order: Order
    undo_for: OnTheClock
    requester: RequesterRules
    connector: ConnectorRules
    target: TargetRules
    follow_up: FollowUpRules
    letters: LetterBudget
    screening: ScreeningRules | None = None
    hours: HoursRules | None = None
    retention: RetentionRules = RetentionRules()
    pauses: PauseRules | None = None
    photos_and_places: bool = Field(
        default=True,
        description="whoever is asked sees the requester's photo and public places, where the requester lets them",
    )
    request: RequestRules = RequestRules()
    tracks: dict[Annotated[str, Field(pattern=TRACK)], TrackRules] = Field(
        default={}, description="what the requester chooses from, by name; empty: there is nothing to choose"
    )
    kinds: dict[Annotated[str, Field(pattern=KIND)], KindRules] = Field(
        default={}, description="kinds of people with caps of their own, by name; others fall under the general caps"
    )

    def __hash__(self) -> int:
        return self.version  # tracks keep their names in a dict; a handful of policies are told apart by what they say

    def on_track(self, name: str) -> "Policy":
        """The policy as a request on this track lives it, whole. Without tracks it is this one."""
        track = self.tracks.get(name)
        return self._laid_under(track) if track else self

    def calendar(self, clock: ZoneClock, days: Days) -> Calendar:
        """How somebody's days pass under this policy."""
        return Calendar(clock=clock, days=days, hours=self.hours)

    def rules_for(self, role: Role, *, renewal: bool = False) -> AnswerRules:
        if renewal:
            return self.party(role).for_renewal
        by_role: dict[Role, AnswerRules] = {
            Role.REQUESTER: self.requester,
            Role.CONNECTOR: self.connector,
            Role.TARGET: self.target,
        }
        return by_role[role]

    def later_up_to(self, role: Role) -> Patience:
        """How far ahead "later" may name a day."""
        return self.connector.later_up_to if role == Role.CONNECTOR else self.target.later_up_to

    def undoable_until(self, answered_at: datetime) -> datetime:
        """The instant until which an answer can be undone, and until which what it causes waits."""
        return answered_at + self.undo_for.nominal

    @property
    def reminds_twice(self) -> bool:
        """Whether somebody may be reminded of a question a second time."""
        return any(rules.remind_again_after for rules in (self.requester, self.connector, self.target))

    def party(self, role: Role) -> PartyRules:
        return self.target if role == Role.TARGET else self.requester

    @model_validator(mode="after")
    def _no_shows_can_be_reported(self) -> Self:
        if self.pauses and self.pauses.no_shows and not self.follow_up.hear_both:
            raise ValueError("follow_up.hear_both must be true where no-shows are counted: else nobody is asked")
        return self

    @model_validator(mode="after")
    def _another_address_is_a_letter(self) -> Self:
        if self.connector.another_address and self.letters.connector < 3:
            raise ValueError("letters.connector must be 3 at least where connector.another_address is true")
        return self

    @model_validator(mode="after")
    def _each_track_makes_a_policy(self) -> Self:
        if len(self.tracks) == 1:
            raise ValueError("tracks must be two or more, or none: one is no choice")
        for name, track in self.tracks.items():
            try:
                self._laid_under(track)
            except ValidationError as error:
                raise ValueError(f"tracks.{name}.{_first_fault(error)}") from None
        return self

    def _laid_under(self, track: TrackRules) -> "Policy":
        return Policy.model_validate(track.laid_over(self.model_dump(mode="json", exclude={"tracks"})))

    @model_validator(mode="after")
    def _promise_can_be_kept(self) -> Self:
        longest = self._longest_way_to_a_yes()
        if self.requester.promised_answer.nominal < longest:
            raise ValueError(
                "requester.promised_answer is shorter than everybody's time to answer added up "
                f"({longest.total_seconds() / 86400:.4g} days)"
            )
        return self

    @model_validator(mode="after")
    def _working_hours_are_known(self) -> Self:
        counted = [name for name, patience in _patiences(self) if patience.unit == "wh"]
        if counted and not self.hours:
            raise ValueError(f"{counted[0]} counts working hours: say in [hours] which these are")
        return self

    def _longest_way_to_a_yes(self) -> timedelta:
        total = self.connector.most_asked * self.connector.answer_within.nominal + self.target.answer_within.nominal
        if self.screening:
            total += self.screening.answer_within.nominal + self.screening.backup_within.nominal
        if self.order == Order.TARGET_FIRST:
            total += self.requester.answer_within.nominal
        elif self.requester.yes_valid_for and self.requester.yes_valid_for.nominal < total:
            total += self.requester.for_renewal.answer_within.nominal
        return total


def _patiences(table: BaseModel, prefix: str = "") -> Iterator[tuple[str, Patience]]:
    """Every duration of a policy, by the name of its field."""
    for name in type(table).model_fields:
        match getattr(table, name):
            case Patience() as patience:
                yield prefix + name, patience
            case BaseModel() as inner:
                yield from _patiences(inner, f"{prefix}{name}.")


def _first_fault(error: ValidationError) -> str:
    """Its field first, as every rule over several fields names it."""
    first = error.errors(include_url=False)[0]
    path = ".".join(map(str, first["loc"]))
    if first["type"] == "missing":
        return f"{path} is missing: the policy at large has none"
    context: dict[str, Any] = first.get("ctx", {})
    return ".".join([*([path] if path else []), str(context.get("error") or first["msg"])])
