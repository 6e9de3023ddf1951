"""Views of an ask: a frozen one per role, read in one go and shown as it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, ChannelId, IntroductionId, PersonId, ProgrammeId
from models.letters import Role
from models.news import News
from models.policy.durations import CapRules
from models.policy.policy import Policy
from models.policy.questions import Question
from models.process.possible import Possible
from models.process.timetable import Waking
from models.process.verdict import Reason
from models.record.disclosure import LoopClosed
from models.record.warmth import ChainLink
from models.time.open_hours import Calendar
from store.people.looks import ProgrammeLook
from store.people.photos import OnShow


class Shown(Frozen):
    """A person as others see them before any introduction: never how to reach them."""

    id: PersonId
    name: str
    headline: str
    organisation: str
    topics: tuple[str, ...]
    called: str = ""  # in letters, where they have said so
    on_show: OnShow = OnShow()  # of the requester alone, where they and the policy let it be seen


class AnsweredQuestion(Frozen):
    """An answer to a question of the programme's own."""

    asked: Question
    answer: str


class Texts(Frozen):
    """The requester's own words, in the version that was asked about."""

    need: str = ""
    why: str = ""
    read: str = ""
    offer: str = ""
    note: str = ""
    goal: str = ""
    wanted: str = ""
    answers: tuple[AnsweredQuestion, ...] = ()  # those that whoever looks may read
    blind: str = ""  # what the target reads instead, where they are asked without a name


class Tie(Frozen):
    """How somebody knows somebody, as far as we have been told."""

    evidence: str = ""
    since: date | None = None


class Approval(Frozen):
    """The connector's yes to this very request."""

    connector: Shown
    vouches: bool
    sentence: str
    how_known: str  # as they wrote it for this reader; what else is on file about the tie stays theirs
    since: date | None
    at: datetime
    by_hand: bool


class OwnChannel(Frozen):
    """One way to reach the reader, told so that they know it and nobody else learns it: links are forwarded."""

    id: ChannelId
    kind: str
    masked: str
    label: str
    source: str
    of_this_introduction: bool  # the connector gave it, for this introduction only


class LastTime(Frozen):
    """What they agreed to the last time they said yes, as far as it still holds."""

    channels: tuple[OwnChannel, ...]
    terms: str
    at: datetime


class Given(Frozen):
    """The answer that stands: recorded, or still on its way. After an undo, none stands."""

    news: News | None = None
    at: datetime | None = None
    undone: bool = False
    taken_back: bool = False  # the whole request withdrawn, or the yes taken back after the undo had passed
    words: str = ""  # their own, where the answer holds any
    typed: Mapping[str, str] = {}  # the same, each by the field of the page it was typed into


class AskView(Frozen):
    """What every ask's page needs, whoever reads it."""

    introduction: IntroductionId
    programme: ProgrammeId
    programme_name: str
    look: ProgrammeLook
    number: AskNumber
    kind: AskKind
    role: Role
    person: Shown
    language: str
    zone: str
    calendar: Calendar  # how their days pass, as the process counts them
    targets_calendar: Calendar
    version: int
    opened_at: datetime
    due_at: datetime
    state: AskState
    by_hand: bool
    is_current: bool  # asked about the version of the request that stands now
    answer: Given
    introduced_at: datetime | None  # None to a connector, who hears in the end
    asked_together: bool  # the parties are asked at the same time, as long as the requester has not been told of an end
    promised_at: datetime
    policy: Policy
    requester: Shown
    target: Shown | None
    texts: Texts
    chain: tuple[ChainLink, ...]
    is_blind: bool = False  # the target does not learn who asks before they are introduced
    # As it stands once all is heard that was said.
    is_open: bool  # the question lies before its reader now
    may: Possible  # what they may do now, as the core says it
    is_carried: bool  # a connector may pass it on by hand, and what they have passed on can be read
    yes_waits_until: datetime | None = None  # so long what their yes causes waits, be that past or not
    unsent: Mapping[str, str] = {}  # what they had typed with an answer they undid, by field
    put_off_until: datetime | None = None  # as it counts now, where they said "later"
    is_over: bool = False  # introduced, and nothing more is asked
    other_is_gone: bool = False  # it is over, and one of the two is forgotten: nothing more is written down
    too_late: Reason | None = None  # why its page takes no answer any more, as the core says it
    came_late: bool = False  # their answer was heard only once it was over: it is kept, and no letter tells of it
    ahead: Mapping[
        Waking, datetime
    ] = {}  # once introduced, what its requester may look forward to, as the process has it
    agreed_with_request: bool = False  # a target may read that the requester's yes stands already

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in AskView.model_fields}


class ConnectorView(AskView):
    """They see who asks, for whom and with which words; no other connector, no score."""

    tie: Tie
    tie_to_requester: Tie | None
    address_on_file: bool
    target_is_member: bool
    requester_names: tuple[str, ...]  # what a sentence may not say where the target is not told who asks
    others_mailboxes: frozenset[str]  # the connector's own and the requester's: neither can be the target's
    heard: LoopClosed | None = None  # how it ended, once that is told to them
    dead_mailboxes: frozenset[str] = frozenset()  # what was given for this introduction, and reached nobody


class TargetView(AskView):
    """They see the requester and the connector who approved; no one else who was asked, or could have been."""

    approval: Approval | None
    channels: tuple[OwnChannel, ...]
    full: CapRules | None  # as many introductions as they said, with what they have said yes to: a yes is one more
    last_time: LastTime | None
    thanks: str
    ended: bool  # without an introduction, as far as they know


class RequesterView(AskView):
    """They see their own words. Who approved is theirs to know after delivery."""

    channels: tuple[OwnChannel, ...]
    full: CapRules | None  # as many introductions as one may have: a yes is one more
    approval: Approval | None
    told: bool  # they have heard that there is none for now


class ForwardedView(Frozen):
    """What a link the connector carries by hand opens: the ask, and whether we know where to write."""

    token: str
    ask: TargetView
    address: OwnChannel | None
    requested: bool  # the person has asked for a link of their own
    others_mailboxes: frozenset[str]  # the requester's and the connector's: neither can be theirs


class ByHand(Frozen):
    """An ask whose link a connector passes on."""

    number: AskNumber
    due_at: datetime


View = ConnectorView | TargetView | RequesterView
