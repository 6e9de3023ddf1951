"""An ask as the person who was asked sees it.

Their ask with everything its page may show, and nothing of anybody else's.

One view per role (“who sees what” in docs/safety.md): what a reader may not see is not read.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.asks import AskKind
from models.ids import AskNumber, IntroductionId, PersonId
from models.letters import Role
from models.news import Somebody
from models.policy.durations import CapRules
from models.policy.policy import Order
from models.process.objections import told_to_late_answer
from models.process.possible import Possible, is_carried, possible
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.timetable import lies_ahead
from models.record.disclosure import LoopClosed, Progress, agreed_at_request, is_unnamed
from models.record.retelling import retold
from models.request.guidance.readers import UNNAMED
from models.time.clocks import clock_in
from models.time.open_hours import Calendar
from store.access.link_tokens import as_minted, find, token_hash
from store.asks import unsent_words
from store.asks.facts import (
    answer_to,
    approval,
    chain,
    channels_of,
    dead_mailboxes,
    has_address,
    is_member,
    last_time,
    link_was_requested,
    listed_members,
    mailboxes_of,
    shown,
    shown_as_typed,
    thanks_from_requester,
    tie_between,
)
from store.asks.held_answers import held
from store.asks.late_reports import both_are_there
from store.asks.views import (
    AnsweredQuestion,
    AskView,
    ByHand,
    ConnectorView,
    ForwardedView,
    RequesterView,
    Shown,
    TargetView,
    Texts,
    Tie,
    View,
)
from store.boundaries import introduction_caps
from store.journal.ledger import entries
from store.journal.state import as_said
from store.people.looks import LOOK, OWN_LOGO, look_of
from store.people.photos import on_show
from store.requests.answers import answers_among, own_texts
from store.requests.door import own_names
from store.requests.words import texts
from store.tables import ask, introduction, logo, person, programme


def by_link(connection: Connection, raw: str, now: datetime) -> View | None:
    """The ask this link opens; None for a link that is unknown, expired or for something else."""
    found = find(connection, raw, "ask")
    if found is None or found.has_expired(now) or found.introduction is None or found.ask is None:
        return None
    view = by_number(connection, found.introduction, found.ask, now)
    return view if view and view.person.id == found.person else None


def by_number(connection: Connection, introduction_id: IntroductionId, number: AskNumber, now: datetime) -> View | None:
    """One ask as the person who was asked sees it, with what they may do about it now."""
    row = connection.execute(_ROW, {"this": introduction_id, "asked": number}).one_or_none()
    if row is None:
        return None
    base = _base(connection, row, now)
    match base.role:
        case Role.CONNECTOR:
            lent = row.connector == base.person.id
            return _for_connector(
                connection, base, LoopClosed(row.connector_heard) if lent and row.connector_heard else None
            )
        case Role.TARGET:
            return _for_target(connection, base, row.target_progress, now)
        case Role.REQUESTER:
            return _for_requester(connection, base, now, told=row.told_at is not None)


def by_forwarded_link(connection: Connection, raw: str, now: datetime) -> ForwardedView | None:
    """The ask a connector has forwarded by hand. It can be read; answering takes a link of the person's own."""
    found = find(connection, raw, "forwarded")
    if found is None or found.has_expired(now) or found.introduction is None or found.ask is None:
        return None
    carried = forwarded_ask(connection, found.introduction, found.version or 0)
    view = by_number(connection, found.introduction, carried.number if carried else found.ask, now)
    if not isinstance(view, TargetView) or view.person.id != found.person or not view.is_carried:
        return None
    address = next((each for each in view.channels if each.kind == "email"), None)
    written_to = view.is_open and not view.by_hand
    connector = [view.approval.connector.id] if view.approval else []
    return ForwardedView(
        token=token_hash(as_minted(raw)),
        ask=view,
        address=address,
        requested=written_to or link_was_requested(connection, view.introduction, view.number),
        others_mailboxes=mailboxes_of(connection, view.requester.id, *connector),
    )


def forwarded_ask(connection: Connection, introduction_id: IntroductionId, version: int) -> ByHand | None:
    """The target's question that a connector carries by hand, whatever has become of it; else the newest one."""
    row = connection.execute(_CARRIED, {"this": introduction_id, "of_version": version}).one_or_none()
    return ByHand(number=row.number, due_at=row.due_at) if row else None


def better_placed(connection: Connection, view: AskView, named: str = "", only: str | None = None) -> tuple[Shown, ...]:
    """Whom a connector may name in their place: listed members, apart from those it is about."""
    without = {view.person.id, view.requester.id, *([view.target.id] if view.target else [])}
    return listed_members(connection, view.programme, without, named, only)


# Built once: building a statement costs more than running it, and each page behind a link runs these.
_ROW = (
    select(
        ask,
        introduction.c.opening,
        introduction.c.requester,
        introduction.c.target,
        introduction.c.stage,
        introduction.c.version.label("version_now"),
        introduction.c.told_at,
        introduction.c.closed_at,
        introduction.c.requester_progress,
        introduction.c.requester_since,
        introduction.c.target_progress,
        introduction.c.target_since,
        introduction.c.connector,
        introduction.c.connector_heard,
        introduction.c.promised_at,
        programme.c.id.label("programme_id"),
        programme.c.name.label("programme_name"),
        *LOOK,
        person.c.language,
        person.c.zone,
    )
    .join(introduction, introduction.c.id == ask.c.introduction)
    .join(programme, programme.c.id == introduction.c.programme)
    .outerjoin(logo, OWN_LOGO)
    .join(person, person.c.id == ask.c.person)
    .where(ask.c.introduction == bindparam("this"), ask.c.number == bindparam("asked"), person.c.erased_at.is_(None))
)
_CARRIED = (
    select(ask.c.number, ask.c.due_at)
    .where(
        ask.c.introduction == bindparam("this"),
        ask.c.version == bindparam("of_version"),
        ask.c.role == Role.TARGET,
        ask.c.kind == AskKind.OPT_IN,
    )
    .order_by(ask.c.by_hand.desc(), ask.c.number.desc())
    .limit(1)
)


def _base(connection: Connection, row: Row[Any], now: datetime) -> AskView:
    me = shown(connection, row.person)
    requester = shown(connection, row.requester)
    assert me, "an ask is always somebody's"
    assert requester, "a request is always somebody's"
    opening, ledger = Opening.read_back(row.opening), entries(connection, row.introduction)
    if opening.policy.photos_and_places:
        requester = requester.model_copy(update={"on_show": on_show(connection, requester.id)})
    said = as_said(connection, retold(opening, ledger), PersonId(row.person), now)
    return AskView(
        introduction=row.introduction,
        programme=row.programme_id,
        programme_name=row.programme_name,
        look=look_of(row, row.programme_id, row.programme_name),
        number=row.number,
        kind=row.kind,
        role=row.role,
        person=me,
        language=row.language,
        zone=row.zone,
        calendar=_calendar(opening, said.introduction, row.person, row.zone),
        targets_calendar=_calendar(opening, said.introduction, row.target, row.zone),
        version=row.version,
        opened_at=row.opened_at,
        due_at=row.due_at,
        state=row.state,
        by_hand=row.by_hand,
        is_current=row.version == row.version_now,
        answer=answer_to(connection, row, said.overruled, introduced=_introduced_at(row) is not None),
        introduced_at=_introduced_at(row),
        asked_together=opening.policy.order == Order.TOGETHER and row.told_at is None,
        promised_at=row.promised_at,
        policy=opening.policy,
        requester=requester,
        target=shown(connection, row.target) if row.target else None,
        texts=_texts(texts(connection, row.introduction, row.version), opening, Role(row.role)),
        chain=chain(row, ledger),
        is_blind=opening.blind,
        **_as_it_stands(connection, said.introduction, row, now),
    )


def _texts(written: dict[str, str], opening: Opening, reader: Role) -> Texts:
    """Of the answers to the programme's own questions only what this role reads; requesters read all they wrote."""
    asked, answers = opening.policy.request, answers_among(written)
    read = asked.questions if reader == Role.REQUESTER else asked.read_by(reader)
    given = tuple(AnsweredQuestion(asked=each, answer=answers[each.id]) for each in read if each.id in answers)
    return Texts(**own_texts(written), answers=given)


def _as_it_stands(
    connection: Connection, introduction: Introduction | None, row: Row[Any], now: datetime
) -> dict[str, Any]:
    """What the core says of this ask and its reader, once all is heard that was said; of nothing, nothing."""
    asked = introduction.ask(row.number) if introduction else None
    if introduction is None or asked is None:
        return {"is_open": False, "may": Possible(), "is_carried": False}
    given = asked.answered_at if asked.agreed else None
    other_is_gone = introduction.closed and not both_are_there(connection, introduction.id)
    may = Possible() if other_is_gone else possible(introduction, Role(row.role), now)
    unheard = held(connection, introduction.id, asked.number, asked.person, now)
    return {
        "is_open": asked.is_open and row.version == row.version_now,
        "may": may.with_held(asked.number, unheard.until) if unheard else may,
        "is_carried": is_carried(introduction, row.version),
        "yes_waits_until": introduction.policy.undoable_until(given) if given else None,
        "unsent": unsent_words.given_back(connection, introduction.id, asked.number, asked.person),
        "put_off_until": asked.until,
        "is_over": introduction.closed and _introduced_at(row) is not None,
        "other_is_gone": other_is_gone,
        "too_late": told_to_late_answer(introduction, asked),
        "ahead": {wake.what: wake.at for wake in lies_ahead(introduction)} if row.role == Role.REQUESTER else {},
        "came_late": bool(row.closed_at and row.answered_at and row.answered_at > row.closed_at),
        # The stage itself, not what its reader may know: of it only that the target's yes has been heard is told, as an
        # end they have not heard of and a delivery read alike; once it is closed, so does their own column.
        "agreed_with_request": agreed_at_request(introduction, row.stage),
    }


def _introduced_at(row: Row[Any]) -> datetime | None:
    """As this party may know it."""
    known = {
        Role.REQUESTER: (row.requester_progress, row.requester_since),
        Role.TARGET: (row.target_progress, row.target_since),
    }
    progress, since = known.get(row.role, (None, None))
    return since if progress == Progress.INTRODUCED else None


def _calendar(opening: Opening, case: Introduction | None, who: str | None, zone: str) -> Calendar:
    """As the workflow counts for this person: their days and clocks are what was told to it, not what they are now."""
    if case and who and case.role_of(PersonId(who)):
        return case.calendar(PersonId(who))
    named = (each for each in (opening.requester, opening.target) if each and each.id == who)
    party = next(named, Somebody(id=PersonId(who or ""), zone=zone))
    return opening.policy.calendar(clock_in(opening.clocks, party.zone), party.days)


def _for_connector(connection: Connection, base: AskView, heard: str | None) -> View:
    target = base.target.id if base.target else None
    return ConnectorView(
        **base.fields(),
        tie=tie_between(connection, base.person.id, target) or Tie(),
        tie_to_requester=tie_between(connection, base.person.id, base.requester.id),
        address_on_file=bool(target and has_address(connection, target)),
        target_is_member=bool(target and is_member(connection, target)),
        heard=LoopClosed(heard) if heard else None,
        requester_names=own_names(connection, base.requester.id),
        others_mailboxes=mailboxes_of(connection, base.person.id, base.requester.id),
        dead_mailboxes=dead_mailboxes(connection, base.introduction),
    )


def _for_target(connection: Connection, base: AskView, progress: Progress, now: datetime) -> View:
    given = approval(connection, base.introduction, base.version, base.person.id)
    told = _unnamed(base) if is_unnamed(blind=base.is_blind, target_progress=progress) else {}
    return TargetView(
        **base.fields() | told,
        approval=given,
        channels=channels_of(connection, base.person.id, base.introduction),
        full=_full(connection, base, now),
        last_time=last_time(connection, base.person.id, base.introduction),
        thanks=thanks_from_requester(connection, base.introduction),
        ended=progress == Progress.CLOSED,
    )


def _unnamed(base: AskView) -> dict[str, Any]:
    """Asked without a name: of the requester they get the ask and the words written for that, and nothing else."""
    nobody = Shown(id=base.requester.id, name="", headline="", organisation="", topics=())
    return {"requester": nobody, "texts": Texts(**{name: getattr(base.texts, name) for name in UNNAMED})}


def _for_requester(connection: Connection, base: AskView, now: datetime, *, told: bool) -> View:
    # Who approved, and in which words, is theirs to know once it stands in the letter that introduces them.
    target = shown_as_typed(connection, base.introduction, base.target)
    who = base.target.id if base.target else None
    given = approval(connection, base.introduction, base.version, who) if base.introduced_at else None
    return RequesterView(
        **base.fields() | {"target": target},
        channels=channels_of(connection, base.person.id, base.introduction),
        full=_full(connection, base, now),
        approval=given,
        told=told,
    )


def _full(connection: Connection, base: AskView, now: datetime) -> CapRules | None:
    """Whether a yes here is one introduction more than they said; asked only where there is a yes to give."""
    if not base.is_open or base.kind != AskKind.OPT_IN:
        return None
    return introduction_caps.reached_on_page(
        connection, base.policy, base.role, base.person.id, base.introduction, base.programme, now
    )
