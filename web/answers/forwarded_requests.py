"""Forwarding: a request in a connector's own hands. A link that opens the ask to read, and asks for one's own."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from models.ids import ChannelId
from models.news import LinkRequested
from models.process.verdict import Reason
from store.access import link_tokens
from store.asks import asks
from store.asks.answer_attachments import Kept
from store.asks.views import ConnectorView, ForwardedView
from web.answers.connector_answers import NOT_THEIRS
from web.answers.pages import FAULTY, forwarded_page, forwarding_page, reader_for, refused_page
from web.shared.acts.submit_news import hand_in
from web.shared.forms import Form
from web.shared.house import House, house_of
from web.shared.http.security import read_nonce
from web.shared.token_links import form_sent, token_link

router = APIRouter()


async def forwarding(request: Request, view: ConnectorView) -> Response:
    """A fresh link for the connector to pass on, shown once: we keep only its hash."""
    house = house_of(request)
    now = house.clock()
    raw = await house.database.write(lambda connection: _mint(connection, view, now))
    return refused_page(request, view, Reason.SETTLED) if raw is None else forwarding_page(request, view, raw)


async def send_me_my_own(request: Request, forwarded: ForwardedView) -> Response:
    """Whoever holds a forwarded link may only ask for a letter; where we know their address, it goes nowhere else."""
    house = house_of(request)
    form = await form_sent(request, reader_for(request, forwarded.ask))
    nonce = read_nonce(house.keys, forwarded.token, form.raw("nonce"))
    if forwarded.requested:
        return RedirectResponse(request.url.path, 303)
    kept = Kept(forwarded.ask.introduction, forwarded.ask.person.id, house.clock())
    form.choice("choice", ("send",))
    address = None if forwarded.address else _typed(form, forwarded, kept)
    if form.faults or nonce is None:
        return forwarded_page(request, forwarded, form, FAULTY)
    news = LinkRequested(ask=forwarded.ask.number, by=forwarded.ask.person.id, address=address)
    await hand_in(house, forwarded.ask.introduction, news, via="link", nonce=nonce, beside=kept)
    # Refused or not: where it has ended, a connector who tries the link may not notice.
    return RedirectResponse(request.url.path, 303)


def _typed(form: Form, forwarded: ForwardedView, kept: Kept) -> ChannelId | None:
    address = form.address("address")
    if address is None:
        return None
    if address.mailbox in forwarded.others_mailboxes:
        form.fault("address", NOT_THEIRS, target=forwarded.ask.person.name)
        return None
    return kept.address(forwarded.ask.person.id, address, "the forwarded link")


async def find(house: House, raw: str) -> ForwardedView | None:
    now = house.clock()
    found = await house.database.read(lambda connection: asks.by_forwarded_link(connection, raw, now))
    return found if found and found.ask.approval else None


def _mint(connection: Connection, view: ConnectorView, now: datetime) -> str | None:
    found = asks.forwarded_ask(connection, view.introduction, view.version)
    if found is None or view.target is None:
        return None
    return link_tokens.mint(
        connection,
        "forwarded",
        view.target.id,
        now=now,
        expires_at=max(found.due_at, view.promised_at),
        introduction=view.introduction,
        ask=found.number,
        version=view.version,
    )


token_link(router, "/f/", find, forwarded_page, send_me_my_own)
