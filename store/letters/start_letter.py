"""The start of a letter. The gate, the mark, the ledger's event and the link's token, all in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from models.base import Frozen
from models.ids import LetterId
from models.record.ledger import Began, Entry, Moved
from store.access import link_tokens
from store.asks.facts import is_member
from store.boundaries import invitations, resting_asks
from store.boundaries.invitations import Invitation
from store.boundaries.resting_asks import Pause
from store.engine.secrets import Keys
from store.journal import ledger
from store.letters import delivery_results, first_letters, gate, outbox, staff_letters
from store.letters.approved_texts import note_hash
from store.letters.letter_facts import LetterFacts, facts
from store.letters.outbox import Letter
from store.letters.receiving_address import Destination, address_of
from store.letters.staff_letters import ToldItem
from store.people.presentation import Face, ProgrammeFace, face_of, programme_named, programme_of
from store.tables import letter as letters
from store.tables import person

A_WHILE = timedelta(minutes=15)  # until it is looked again whether a programme writes
KEEPS_OPENING = timedelta(days=60)  # after an ask's deadline its link still opens a page, which says how things stand
SIGN_IN_LASTS = timedelta(hours=1)
UNSUBSCRIBING_LASTS = timedelta(days=366)  # mail programs show the button for as long as they keep the letter


class Started(Frozen):
    """A letter on its way: everything needed to write it and to hand it to the relay."""

    letter: Letter
    address: Destination
    receiver: Face
    programme: ProgrammeFace
    facts: LetterFacts | None  # None: a letter about its reader alone
    token: str | None
    token_until: datetime | None
    leaving: str | None = None  # the token of its one-click unsubscribe; a sign-in link, asked for just now, has none
    agreed_at: datetime | None = None  # its reader said yes before, and is asked again because that is long ago
    pause: Pause | None = None  # of the asks of its reader, where it tells of one
    invitation: Invitation | None = None  # what it invites its reader to
    desk: tuple[ToldItem, ...] = ()  # what needs its reader, an operator
    is_first: bool = False  # nothing but sign-in links has gone from this programme to its reader before
    requested: bool = False  # its reader held a forwarded link, and asked for a letter of their own


def start(
    connection: Connection, letter_id: LetterId, mailroom: str, keys: Keys, domain: str, now: datetime
) -> Started | None:
    """Start this letter if it may start. None where it may not, or is not this mailroom's to start."""
    found = outbox.get(connection, letter_id)
    if found is None:
        return None
    if found.introduction:
        # Whoever records a step or puts a stop into the inbox waits until this is decided, or was first.
        ledger.hold(connection, found.introduction)
    planned = outbox.get(connection, letter_id)
    if planned is None or planned.state != "planned" or planned.claimed_by != mailroom or planned.not_before > now:
        return None
    if not planned.introduction:
        return _ABOUT_READER[planned.kind](connection, planned, keys, domain, now)
    return _about_introduction(connection, planned, keys, domain, now)


def _about_introduction(
    connection: Connection, planned: Letter, keys: Keys, domain: str, now: datetime
) -> Started | None:
    told = facts(connection, planned)
    if told is None or planned.introduction is None:
        return None
    events = ledger.entries(connection, planned.introduction)
    case = gate.Case(connection, planned, told, events, now)
    verdict = gate.may_start(case, keys)
    if not isinstance(verdict, gate.Go) or case.receiver is None:
        _keep_back(connection, planned, verdict, now)
        return None
    begun = _mark(connection, planned, verdict.address, domain, now)
    if begun is None:
        return None
    receiver = _in_their_language(connection, case.receiver, verdict.address)
    delivery_results.write_down(connection, begun, "started", now, note_hash(begun, told))
    token, until = _ask_link(connection, begun, told, now)
    return Started(
        letter=begun,
        address=verdict.address,
        receiver=receiver,
        programme=told.programme,
        facts=told,
        token=token,
        token_until=until,
        leaving=_leaving_link(connection, begun, now),
        is_first=first_letters.is_first(connection, begun, told.programme.id),
        agreed_at=_agreed_before(begun, events),
        requested=_was_forwarded(begun, events),
    )


def _sign_in(connection: Connection, planned: Letter, keys: Keys, domain: str, now: datetime) -> Started | None:
    """A way in, for whoever asked for one. It may go to somebody who opted out, but to no suppressed address."""
    address = address_of(connection, keys, planned.person)
    programme = programme_of(connection, planned.person)
    if not isinstance(address, Destination) or programme is None:
        why = address if isinstance(address, str) else "no programme"
        delivery_results.dropped(connection, planned, why, now)
        return None
    begun, until = _mark(connection, planned, address, domain, now), now + SIGN_IN_LASTS
    if begun is None:
        return None
    token = link_tokens.mint(connection, "sign_in", begun.person, now=now, expires_at=until, letter=begun.id)
    return Started(
        letter=begun,
        address=address,
        receiver=face_of(connection, begun.person),
        programme=programme,
        facts=None,
        token=token,
        token_until=until,
    )


def _of_pause(connection: Connection, planned: Letter, keys: Keys, domain: str, now: datetime) -> Started | None:
    """Somebody's asks rest: they hear of it once, with a link that ends it. Not where it is over, or they opted out."""
    address, pause = (
        address_of(connection, keys, planned.person),
        resting_asks.told_by(connection, planned.id, now),
    )
    receiver = face_of(connection, planned.person)
    if not isinstance(address, Destination) or pause is None or receiver.is_gone:
        delivery_results.dropped(
            connection, planned, address if isinstance(address, str) else "not needed any more", now
        )
        return None
    begun = _mark(connection, planned, address, domain, now)
    if begun is None:
        return None
    token = link_tokens.mint(connection, "return", begun.person, now=now, expires_at=pause.until, letter=begun.id)
    return Started(
        letter=begun,
        address=address,
        receiver=receiver,
        programme=programme_named(connection, pause.programme),
        facts=None,
        token=token,
        token_until=pause.until,
        leaving=_leaving_link(connection, begun, now),
        pause=pause,
    )


def _of_desk(connection: Connection, planned: Letter, keys: Keys, domain: str, now: datetime) -> Started | None:
    """What needs an operator. Not to one who is none any more; it opens nothing by itself, and has no such button as
    would end all their letters at once."""
    address, receiver = address_of(connection, keys, planned.person), face_of(connection, planned.person)
    office, told = staff_letters.office(connection, planned.person), staff_letters.lines(connection, planned.id)
    if not isinstance(address, Destination) or office is None or not told or receiver.is_gone:
        why = address if isinstance(address, str) else "not needed any more"
        delivery_results.dropped(connection, planned, why, now)
        return None
    begun = _mark(connection, planned, address, domain, now)
    if begun is None:
        return None
    return Started(
        letter=begun,
        address=address,
        receiver=receiver,
        programme=programme_named(connection, office),
        facts=None,
        token=None,
        token_until=None,
        desk=told,
    )


def _of_invitation(connection: Connection, planned: Letter, keys: Keys, domain: str, now: datetime) -> Started | None:
    """A welcome. Behind its link a way in is asked for: the letter may be forwarded, and opens nothing by itself."""
    address, receiver = address_of(connection, keys, planned.person), face_of(connection, planned.person)
    invitation = invitations.invited_by(connection, planned.id)
    if not isinstance(address, Destination) or invitation is None or receiver.is_gone:
        why = address if isinstance(address, str) else "not needed any more"
        delivery_results.dropped(connection, planned, why, now)
        return None
    programme = programme_named(connection, invitation.programme)
    if programme.letters_paused_at:
        outbox.hold_until(connection, planned.id, now + A_WHILE)
        return None
    begun = _mark(connection, planned, address, domain, now)
    if begun is None:
        return None
    return Started(
        letter=begun,
        address=address,
        receiver=receiver,
        programme=programme,
        facts=None,
        token=None,
        token_until=None,
        leaving=_leaving_link(connection, begun, now),
        invitation=invitation,
        is_first=True,
    )


# By kind, and by no other: what this version does not know is not taken for a way in.
_ABOUT_READER = {
    "sign_in": _sign_in,
    resting_asks.LETTER: _of_pause,
    staff_letters.LETTER: _of_desk,
    invitations.LETTER: _of_invitation,
}


def _keep_back(connection: Connection, planned: Letter, verdict: gate.GateRuling, now: datetime) -> None:
    match verdict:
        case gate.Hold(until=until):
            outbox.hold_until(connection, planned.id, until)
        case gate.Nowhere(why=why):
            delivery_results.failed_unsent(connection, planned, why, now)
        case gate.Drop(why=why, news=news):
            delivery_results.dropped(connection, planned, why, now)
            if news == "undeliverable":
                delivery_results.undeliverable(connection, planned, now)
            elif news == "barred":
                delivery_results.barred(connection, planned, now)


def _mark(connection: Connection, planned: Letter, to: Destination, domain: str, now: datetime) -> Letter | None:
    """The one instant from which a letter may be on the wire. Its Message-ID stays the same in every attempt."""
    attempt = {"state": "started", "started_at": now, "relay_said": None, "channel": to.channel, "waits_since": None}
    values = attempt | {"message_id": f"<{planned.id}@{domain}>"}
    connection.execute(update(letters).where(letters.c.id == planned.id, letters.c.state == "planned").values(values))
    return planned.model_copy(update={name: value for name, value in values.items() if name in Letter.model_fields})


def _in_their_language(connection: Connection, receiver: Face, address: Destination) -> Face:
    """Of somebody who is no member, whoever gave their address says which; with the first letter it is theirs."""
    if not address.language or address.language == receiver.language or is_member(connection, receiver.id):
        return receiver
    connection.execute(update(person).where(person.c.id == receiver.id).values(language=address.language))
    return receiver.model_copy(update={"language": address.language})


def _ask_link(
    connection: Connection, begun: Letter, told: LetterFacts, now: datetime
) -> tuple[str | None, datetime | None]:
    ask = told.ask(begun.ask)
    if ask is None:
        return None, None
    until = max(ask.due_at, now) + KEEPS_OPENING
    token = link_tokens.mint(
        connection,
        "ask",
        begun.person,
        now=now,
        expires_at=until,
        introduction=told.id,
        ask=ask.number,
        version=begun.version,
        letter=begun.id,
    )
    return token, until


def _leaving_link(connection: Connection, begun: Letter, now: datetime) -> str:
    until = now + UNSUBSCRIBING_LASTS
    return link_tokens.mint(connection, "unsubscribe", begun.person, now=now, expires_at=until, letter=begun.id)


def _was_forwarded(begun: Letter, events: Sequence[Entry]) -> bool:
    """Whether this ask was first carried by the connector's own hand."""
    return any(
        effect.kind == "open_ask" and effect.ask.number == begun.ask and effect.ask.by_hand
        for entry in events
        if isinstance(entry.event, Began | Moved)
        for effect in entry.event.effects
    )


def _agreed_before(begun: Letter, events: Sequence[Entry]) -> datetime | None:
    """When its reader gave the yes that has grown old, if that is why they are asked."""
    agreed: datetime | None = None
    for entry in events:
        for effect in entry.event.effects if isinstance(entry.event, Began | Moved) else ():
            if effect.kind == "record_consent" and effect.person == begun.person:
                agreed = entry.at
            if effect.kind == "open_ask" and effect.ask.number == begun.ask:
                return agreed if effect.ask.renews else None
    return None
