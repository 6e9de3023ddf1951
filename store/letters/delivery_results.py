"""Delivery results: a letter accepted, refused or of unknown fate.

Written once, by whoever carried it, with its event in the ledger and the news it makes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from models.asks import AskState
from models.ids import IntroductionId
from models.letters import DELIVERY, RECEIVER, LetterKind
from models.news import AcceptedLate, Barred, News, Undeliverable
from models.record.ledger import Mailed, MailState
from store.journal import inbox, ledger
from store.journal.disclosure_columns import append_mailed, is_kept_back
from store.letters import other_addresses
from store.letters.outbox import STARTED_OR_LEFT, Letter, Retries
from store.letters.relay import circuit_breaker
from store.tables import ask, channel, introduction, letter

LATE = 10  # a letter is late when it left after a tenth of the time its reader has to answer
AT_ONCE = timedelta(seconds=2)  # but not while nobody would call it late


def accepted(connection: Connection, started: Letter, said: str, now: datetime) -> bool:
    """The relay has taken it. If that was late, its reader's time to answer starts now."""
    if not _settle(connection, started, "accepted", said, now):
        return False
    if _is_late(connection, started, now) and started.ask:
        _tell(connection, started, AcceptedLate(ask=started.ask, at=now), now)
    return True


def unknown(connection: Connection, started: Letter, said: str, now: datetime) -> bool:
    """Nobody can tell whether the relay has taken it: it is asked where it can be, and never sent again blindly."""
    return _settle(connection, started, "unknown", said, now)


def refused(
    connection: Connection,
    started: Letter,
    said: str,
    now: datetime,
    *,
    dead_address: str | None,
    by_policy: bool = False,
) -> bool:
    """Refused for good. Where the relay says that nobody has this address, nothing is sent there any more."""
    if not _settle(connection, started, "failed", said, now):
        return False
    if dead_address:
        _stop(connection, started, dead_address, now)
    elif by_policy:
        circuit_breaker.refused_by_policy(connection, started, now)
    undeliverable(connection, started, now, address_is_dead=bool(dead_address))
    return True


def bounced(connection: Connection, left: Letter, said: str, now: datetime, *, address_is_dead: bool) -> bool:
    """The relay had taken it, and it came back: it has not reached anybody after all."""
    returned = {"state": "failed", "settled_at": now, "relay_said": said}
    if not _change(connection, left, returned, from_states=STARTED_OR_LEFT):
        return False
    write_down(connection, left, "failed", now)
    used = connection.execute(select(channel.c.value).where(channel.c.id == left.channel)).scalar_one_or_none()
    if address_is_dead and used:
        _stop(connection, left, used, now)
    undeliverable(connection, left, now, f"{left.id}.came_back", address_is_dead=address_is_dead)
    return True


def not_sent(connection: Connection, started: Letter, said: str, now: datetime, retries: Retries) -> bool:
    """Certainly not taken: this attempt has failed, and the next one follows, unless it was the last."""
    if retries.is_last(started.tries):
        return refused(connection, started, said, now, dead_address=None)
    again = {"state": "planned", "claimed_by": None, "started_at": None, "settled_at": None, "relay_said": said}
    again |= {"may_have_left": None}  # whoever says that it has not left knows
    later = {"tries": started.tries + 1, "next_try_at": now + retries.wait(started.tries)}
    if not _change(connection, started, again | later):
        return False
    write_down(connection, started, "failed", now)
    return True


def write_down(connection: Connection, which: Letter, state: MailState, now: datetime, note: str = "") -> None:
    """The ledger's event: what became of this letter. A sign-in link belongs to no introduction and to no ledger."""
    if which.introduction and isinstance(which.kind, LetterKind):
        event = Mailed(
            letter=which.id,
            template=which.kind,
            state=state,
            to=which.person,
            version=which.version,
            ask=which.ask,
            reminder=which.reminder,
            note=note,
        )
        append_mailed(connection, IntroductionId(which.introduction), now, event)


def dropped(connection: Connection, planned: Letter, why: str, now: datetime) -> bool:
    """It may not leave, and never will. Why stays with it, for an operator to see."""
    return _settle(connection, planned, "dropped", why, now)


def failed_unsent(connection: Connection, planned: Letter, why: str, now: datetime) -> bool:
    """There is nowhere to send it."""
    if not _settle(connection, planned, "failed", why, now):
        return False
    undeliverable(connection, planned, now, address_is_dead=why in ("no address", "address stopped"))
    return True


def undeliverable(
    connection: Connection, settled: Letter, now: datetime, nonce: str = "", *, address_is_dead: bool = False
) -> None:
    """The introduction hears of it where it waits for this reader, or was delivered by this letter."""
    if settled.reminder or not isinstance(settled.kind, LetterKind):
        return
    if _ask_is_open(connection, settled) or settled.kind in DELIVERY or _may_be_open_to_staff(connection, settled, now):
        news = Undeliverable(
            letter=settled.kind,
            role=RECEIVER[settled.kind],
            ask=settled.ask,
            address_is_dead=address_is_dead and other_addresses.needs_another(connection, settled),
        )
        _tell(connection, settled, news, now, nonce)


def barred(connection: Connection, settled: Letter, now: datetime) -> None:
    """Something stands between the two that the introduction has not heard of."""
    if _ask_is_open(connection, settled):
        _tell(connection, settled, Barred(), now)


def _settle(connection: Connection, which: Letter, state: MailState, said: str, now: datetime) -> bool:
    if not _change(connection, which, {"state": state, "settled_at": now, "relay_said": said}):
        return False
    write_down(connection, which, state, now)
    return True


def _change(
    connection: Connection, which: Letter, values: Mapping[str, object], from_states: tuple[str, ...] = ()
) -> bool:
    """Only this very attempt is settled: another mailroom may have moved the letter on since."""
    if which.introduction:
        ledger.hold(connection, which.introduction)
    states = from_states or (("planned",) if which.state == "planned" else ("started", "unknown"))
    changed = connection.execute(
        update(letter)
        .where(letter.c.id == which.id, letter.c.state.in_(states), letter.c.state != values["state"])
        .where(letter.c.started_at.is_not_distinct_from(which.started_at))
        .values(values)
    )
    return changed.rowcount == 1


def _is_late(connection: Connection, started: Letter, now: datetime) -> bool:
    due_at = _due_at(connection, started)
    if due_at is None or started.reminder:
        return False
    return now - started.not_before > max(AT_ONCE, (due_at - started.not_before) / LATE)


def _ask_is_open(connection: Connection, which: Letter) -> bool:
    return _due_at(connection, which) is not None


def _may_be_open_to_staff(connection: Connection, which: Letter, now: datetime) -> bool:
    """Whether staff may not know yet that it has ended: to them the letter's question may be open."""
    query = select(introduction.c.id).where(introduction.c.id == which.introduction, is_kept_back(now))
    return connection.execute(query).first() is not None


def _due_at(connection: Connection, which: Letter) -> datetime | None:
    """Until when its ask may be answered; None where it carries none, or the ask is no longer open."""
    return connection.execute(
        select(ask.c.due_at).where(
            ask.c.introduction == which.introduction, ask.c.number == which.ask, ask.c.state == AskState.OPEN
        )
    ).scalar_one_or_none()


def _tell(connection: Connection, which: Letter, news: News, now: datetime, nonce: str = "") -> None:
    if which.introduction:
        introduction, kept_as = IntroductionId(which.introduction), nonce or which.id
        inbox.put(connection, introduction_id=introduction, news=news, via="mailroom", nonce=kept_as, now=now)


def _stop(connection: Connection, started: Letter, address: str, now: datetime) -> None:
    connection.execute(
        update(channel)
        .where(
            channel.c.person == started.person,
            channel.c.kind == "email",
            channel.c.value == address,
            channel.c.stopped_at.is_(None),
        )
        .values(stopped_at=now)
    )
