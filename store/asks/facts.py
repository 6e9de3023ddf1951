"""Facts on an ask's page. One small question to the store each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, exists, or_, select

from models.asks import LETTER_OF, AskKind, AskState
from models.ids import InboxKey, IntroductionId, PersonId
from models.letters import Role
from models.news import A_PARTYS_YES, LEAVING, TAKING_BACK, ConnectorForwards, News
from models.record.ledger import Entry
from models.record.warmth import ChainLink, Planned, Warm, warmth
from models.request.names import fitting_called
from store.asks.views import Approval, Given, LastTime, OwnChannel, Shown, Tie
from store.journal.inbox import news_of
from store.journal.withdrawals import TAKES_BACK, TAKES_BACK_OR_LEAVES
from store.people.names.search import sought
from store.requests.words import as_typed
from store.tables import ask, channel, consent, inbox, membership, person, tie, words

ON_A_PAGE = 80  # people
# Which field of the page each text of an answer was typed into.
TYPED_INTO: dict[str, dict[str, str]] = {
    "connector_approved": {"sentence": "sentence", "how_known": "how_known"},
    "connector_forwards": {"sentence": "sentence", "how_known": "how_known"},
    "opted_in": {"terms": "terms"},
    "answered_in_two_lines": {"words": "lines"},
    "declined": {"reason": "reason"},
    "reported": {"words": "words"},
    "thanked": {"words": "thanks"},
}


def shown(connection: Connection, person_id: PersonId) -> Shown | None:
    row = connection.execute(_PERSON, {"who": person_id}).one_or_none()
    return _shown(row) if row else None


def shown_as_typed(connection: Connection, introduction_id: IntroductionId, target: Shown | None) -> Shown | None:
    """Somebody outside as their requester called them: whether we knew them, and what else, never shows."""
    typed = as_typed(connection, [introduction_id]).get(introduction_id)
    if typed is None or target is None:
        return target
    return Shown(id=target.id, name=typed.name, headline="", organisation=typed.organisation, topics=())


def body_of(connection: Connection, words_id: str | None) -> str:
    """Somebody's words; empty where they have been erased, or were never given."""
    if words_id is None:
        return ""
    return connection.execute(_BODY, {"this": words_id}).scalar_one_or_none() or ""


def answer_to(connection: Connection, row: Row[Any], overruled: Collection[InboxKey], *, introduced: bool) -> Given:
    """The answer that stands, be it recorded or still in the inbox: what a person has sent us, they have said.

    `introduced`: as they may know it themselves; from then on who leaves takes no yes back any more.
    `overruled` does not stand: a yes after a no, say, that two pages sent at the same instant.
    """
    news: News | None = news_of(row.answer) if row.answer else None
    at: datetime | None = row.answered_at
    undone = taken_back = False
    of = {"this": row.introduction, "who": row.person, "asked": row.number}
    for sent in connection.execute(_SENT_BY[introduced], of):
        if sent.key in overruled:
            continue
        said = news_of(sent.news)
        if sent.kind in TAKING_BACK:
            taken_back = True
        elif sent.kind in LEAVING:  # nothing is shared any more: their yes is gone with them
            taken_back = taken_back or (news is not None and news.kind in A_PARTYS_YES)
        elif sent.state == "waiting":
            undone = sent.kind == "undone"
            news, at = (None, None) if undone else (said, sent.at)
    words = body_of(connection, _words_in(news)) if news else ""
    typed = typed_with(connection, news) if news else {}
    return Given(news=news, at=at, undone=undone, taken_back=taken_back, words=words, typed=typed)


def typed_with(connection: Connection, news: News) -> dict[str, str]:
    """The texts of an answer, by the field of the page each was typed into."""
    named = TYPED_INTO.get(news.kind, {})
    return {field: body_of(connection, getattr(news, name)) for name, field in named.items()}


def tie_between(connection: Connection, connector: PersonId | None, other: PersonId | None) -> Tie | None:
    """How a connector knows somebody; not any more once they have said that they do not."""
    row = connection.execute(_TIE, {"connector": connector, "other": other}).one_or_none()
    return Tie(evidence=row.evidence, since=row.since) if row else None


def has_address(connection: Connection, person_id: PersonId) -> bool:
    """Whether an address of theirs is on file, apart from what somebody gave for one introduction."""
    return bool(connection.execute(_HAS_ADDRESS, {"who": person_id}).scalar_one())


def is_member(connection: Connection, person_id: PersonId) -> bool:
    return bool(connection.execute(_IS_MEMBER, {"who": person_id}).scalar_one())


def approval(
    connection: Connection, introduction_id: IntroductionId, version: int, target: PersonId | None
) -> Approval | None:
    """The yes that stands for this version: whose, how far it goes, and their sentence."""
    row = connection.execute(_APPROVED, {"this": introduction_id, "of_version": version}).one_or_none()
    news = news_of(row.answer) if row and row.answer else None
    if row is None or news is None or news.kind not in ("connector_approved", "connector_forwards"):
        return None
    connector = shown(connection, row.person)
    assert connector, "an ask is always somebody's"
    known = tie_between(connection, row.person, target)
    return Approval(
        connector=connector,
        vouches=getattr(news, "vouch", "") == "vouch",
        sentence=body_of(connection, getattr(news, "sentence", None)),
        how_known=body_of(connection, getattr(news, "how_known", None)),
        since=known.since if known else None,
        at=row.answered_at,
        by_hand=isinstance(news, ConnectorForwards),
    )


def channels_of(connection: Connection, person_id: PersonId, introduction_id: IntroductionId) -> tuple[OwnChannel, ...]:
    """The reader's own channels, and what a connector gave for this introduction; dead ones are not offered."""
    rows = connection.execute(_CHANNELS, {"who": person_id, "this": introduction_id})
    return tuple(_own(row) for row in rows)


def last_time(connection: Connection, person_id: PersonId, introduction_id: IntroductionId) -> LastTime | None:
    """Their latest yes elsewhere, if any channel of it can still be offered."""
    row = connection.execute(_LAST_YES, {"who": person_id, "this": introduction_id}).one_or_none()
    if row is None:
        return None
    kept = tuple(each for each in channels_of(connection, person_id, introduction_id) if each.id in row.channels)
    return LastTime(channels=kept, terms=body_of(connection, row.terms), at=row.at) if kept else None


def mailboxes_of(connection: Connection, *people: PersonId) -> frozenset[str]:
    """Every mailbox known to be theirs."""
    return frozenset(connection.execute(_MAILBOXES, {"people": people}).scalars())


def dead_mailboxes(connection: Connection, introduction_id: IntroductionId) -> frozenset[str]:
    """What a connector gave for this introduction, and where nobody was reached."""
    return frozenset(connection.execute(_DEAD_MAILBOXES, {"this": introduction_id}).scalars())


def listed_members(
    connection: Connection, programme_id: str, without: Collection[str], named: str, only: str | None
) -> tuple[Shown, ...]:
    """Members who agreed to be listed by name, as many as a page can show: with a part of a name, or one by id."""
    query = (
        select(person)
        .join(membership, membership.c.person == person.c.id)
        .where(
            membership.c.programme == programme_id,
            membership.c.listed,
            membership.c.uninvited_since.is_(None),
            person.c.id.not_in(without),
            person.c.erased_at.is_(None),
        )
        .order_by(person.c.name_folded, person.c.id)
        .limit(ON_A_PAGE)
    )
    if only is not None:
        query = query.where(person.c.id == only)
    if named:
        query = query.where(*sought(named, person.c.name_folded))
    return tuple(_shown(row) for row in connection.execute(query))


def link_was_requested(connection: Connection, introduction_id: IntroductionId, number: int) -> bool:
    """Whoever holds a forwarded link has asked for one of their own. What came of it, a connector could see as well."""
    return bool(connection.execute(_LINK_REQUESTED, {"this": introduction_id, "asked": number}).scalar_one())


def thanks_from_requester(connection: Connection, introduction_id: IntroductionId) -> str:
    """The two lines that travel to the one they met."""
    row = connection.execute(_THANKS, {"this": introduction_id}).first()
    return body_of(connection, row.answer.get("words")) if row and row.answer else ""


def chain(row: Row[Any], ledger: Sequence[Entry]) -> tuple[ChainLink, ...]:
    """Why this person is being asked: what the ledger holds, in order. Empty once the ask is closed."""
    kind, role = AskKind(row.kind), Role(row.role)
    letter = Planned(kind=LETTER_OF[kind, role], to=row.person, version=row.version, ask=row.number)
    found = warmth(letter, ledger)
    return found.chain if isinstance(found, Warm) else ()


def masked(kind: str, value: str) -> str:
    """Enough for its owner to know it, too little for anybody else to use it."""
    if kind == "email":
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}•••@{domain}"
    if kind == "phone":
        return f"••• {value[-2:]}"
    return f"{value.partition('://')[2].partition('/')[0] or value[:1]}/•••"


def _shown(row: Row[Any]) -> Shown:
    return Shown(
        id=row.id,
        name=row.name,
        called=fitting_called(row.called, row.name),
        headline=row.headline,
        organisation=row.organisation,
        topics=tuple(row.topics),
    )


def _own(row: Row[Any]) -> OwnChannel:
    return OwnChannel(
        id=row.id,
        kind=row.kind,
        masked=masked(row.kind, row.value),
        label=row.label,
        source=row.source,
        of_this_introduction=row.introduction is not None,
    )


def _words_in(news: News) -> str | None:
    return next((key for name in ("sentence", "terms", "words") if (key := getattr(news, name, None))), None)


_OF_OTHERS = ("link_requested", "extended")  # about the question, but no answer to it


def _sent_by(*, introduced: bool) -> Select[Any]:
    about_this = and_(inbox.c.ask == _ASKED, inbox.c.state == "waiting", inbox.c.kind.not_in(_OF_OTHERS))
    about_all = TAKES_BACK if introduced else TAKES_BACK_OR_LEAVES
    return (
        select(inbox.c.key, inbox.c.kind, inbox.c.news, inbox.c.state, inbox.c.at)
        .where(inbox.c.introduction == _THIS, inbox.c.person == _WHO, or_(about_this, about_all))
        .order_by(inbox.c.at, inbox.c.key)
    )


# Built once: building a statement costs more than running it, and each page behind a link runs most of these.
_WHO: BindParameter[str] = bindparam("who")
_THIS: BindParameter[str] = bindparam("this")
_ASKED: BindParameter[int] = bindparam("asked")
_SENT_BY = {introduced: _sent_by(introduced=introduced) for introduced in (False, True)}
_PERSON = select(person).where(person.c.id == _WHO)
_BODY = select(words.c.body).where(words.c.id == _THIS)
_TIE = select(tie.c.evidence, tie.c.since).where(
    tie.c.connector == bindparam("connector"), tie.c.person == bindparam("other"), tie.c.denied_at.is_(None)
)
_HAS_ADDRESS = select(
    exists().where(
        channel.c.person == _WHO,
        channel.c.kind == "email",
        channel.c.introduction.is_(None),
        channel.c.stopped_at.is_(None),
    )
)
_IS_MEMBER = select(exists().where(membership.c.person == _WHO))
_APPROVED = (
    select(ask.c.person, ask.c.answer, ask.c.answered_at)
    .where(
        ask.c.introduction == _THIS,
        ask.c.version == bindparam("of_version"),
        ask.c.kind == AskKind.APPROVE,
        ask.c.state == AskState.ANSWERED,
    )
    .order_by(ask.c.number.desc())
    .limit(1)
)
_CHANNELS = (
    select(channel)
    .where(
        channel.c.person == _WHO,
        channel.c.stopped_at.is_(None),
        channel.c.ended_at.is_(None),
        or_(channel.c.introduction.is_(None), channel.c.introduction == _THIS),
    )
    .order_by(channel.c.created_at, channel.c.id)
)
_LAST_YES = (
    select(consent.c.channels, consent.c.terms, consent.c.at)
    .where(
        consent.c.person == _WHO,
        consent.c.role == Role.TARGET,
        consent.c.introduction != _THIS,
        consent.c.revoked_at.is_(None),
    )
    .order_by(consent.c.at.desc())
    .limit(1)
)
_MAILBOXES = select(channel.c.match_key).where(
    channel.c.person.in_(bindparam("people", expanding=True)),
    channel.c.match_key.is_not(None),
    channel.c.ended_at.is_(None),
)
_DEAD_MAILBOXES = select(channel.c.match_key).where(
    channel.c.introduction == _THIS, channel.c.stopped_at.is_not(None), channel.c.match_key.is_not(None)
)
_LINK_REQUESTED = select(
    exists().where(inbox.c.introduction == _THIS, inbox.c.ask == _ASKED, inbox.c.kind == "link_requested")
)
_THANKS = select(ask.c.answer).where(
    ask.c.introduction == _THIS, ask.c.kind == AskKind.THANKS, ask.c.state == AskState.ANSWERED
)
