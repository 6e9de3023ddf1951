"""Answers of a connector. Yes in two strengths, "I'll forward it myself", or somebody better placed."""

from typing import Literal

from models.ids import ChannelId, PersonId, WordsId
from models.letters import LANGUAGES
from models.news import AddressGiven, ConnectorApproved, ConnectorForwards, News, Redirected
from store.asks.views import ConnectorView
from telling.languages import phrase
from web.answers.answer_context import Answering
from web.answers.wording.blind_wording import names_them
from web.shared.forms import SENTENCE

KNOWN = 200  # characters

NO_SENTENCE = phrase("This programme asks for a sentence of your own with each yes.")
NAMES = phrase("“%(words)s” would tell who asks. They learn it in the letter of introduction, if both agree.")
NO_LANGUAGE = phrase("Please choose the language we write in.")
NOT_THEIRS = phrase("This cannot be the address of %(target)s.")
DEAD = phrase("Our letter to this address could not be delivered.")
WHO = phrase("Please choose somebody from the list.")


def introduce(answering: Answering) -> News:
    return _approved(answering, "introduce")


def vouch(answering: Answering) -> News:
    return _approved(answering, "vouch")


def forward(answering: Answering) -> News:
    return ConnectorForwards(
        ask=answering.view.number,
        by=answering.view.person.id,
        sentence=own_sentence(answering),
        how_known=how_they_know(answering),
        wording=answering.wording,
    )


def give_address(answering: Answering) -> News | None:
    """Another address than the one that is dead. Which addresses we have of them, it tells nobody."""
    view, form = answering.view, answering.form
    address = form.address("address")
    if address is None or not isinstance(view, ConnectorView) or view.target is None:
        return None
    if address.mailbox in view.others_mailboxes:
        form.fault("address", NOT_THEIRS, target=view.target.name)
    if address.mailbox in view.dead_mailboxes:
        form.fault("address", DEAD)
    named = answering.kept.address(view.target.id, address, "the connector")
    return AddressGiven(ask=view.number, by=view.person.id, address=named)


def redirect(answering: Answering) -> News | None:
    chosen = answering.form.raw("to")
    to = next((each for each in answering.candidates if each.id == chosen), None)
    if to is None:
        answering.form.fault("to", WHO)
        return None
    return Redirected(ask=answering.view.number, by=answering.view.person.id, to=PersonId(to.id))


def _approved(answering: Answering, vouch: Literal["introduce", "vouch"]) -> News:
    address = _address_of_target(answering)
    return ConnectorApproved(
        ask=answering.view.number,
        by=answering.view.person.id,
        vouch=vouch,
        sentence=own_sentence(answering),
        how_known=how_they_know(answering),
        address=address,
        wording=answering.wording,
    )


def own_sentence(answering: Answering) -> WordsId | None:
    written = answering.form.text("sentence", SENTENCE)
    if not written and answering.view.policy.connector.sentence == "required":
        answering.form.fault("sentence", NO_SENTENCE)
    _refuse_names(answering, "sentence", written)
    return answering.kept.words("sentence", written)


def how_they_know(answering: Answering) -> WordsId | None:
    written = " ".join(answering.form.text("how_known", KNOWN).split())
    _refuse_names(answering, "how_known", written)
    return answering.kept.words("how_known", written)


def _refuse_names(answering: Answering, field: str, written: str) -> None:
    found = names_them(answering.view, written) if isinstance(answering.view, ConnectorView) else []
    if found:
        answering.form.fault(field, NAMES, words=", ".join(found))


def _address_of_target(answering: Answering) -> ChannelId | None:
    view, form = answering.view, answering.form
    if not isinstance(view, ConnectorView) or view.address_on_file or view.target is None:
        return None
    address, language = form.address("address"), form.raw("language")
    if language not in LANGUAGES:
        form.fault("language", NO_LANGUAGE)
    if address is None:
        return None
    if address.mailbox in view.others_mailboxes:
        form.fault("address", NOT_THEIRS, target=view.target.name)
    chosen = None if view.target_is_member else language
    return answering.kept.address(view.target.id, address, "the connector", chosen)
