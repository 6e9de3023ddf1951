"""Additions to a yes while it can still be undone: the same yes, said once more as a whole."""

from models.ids import ChannelId, WordsId
from models.news import ConnectorApproved, ConnectorForwards, News, OptedIn
from store.asks.views import RequesterView, TargetView
from telling.languages import phrase
from web.answers import connector_answers, party_answers
from web.answers.answer_context import Answering

NOTHING = phrase("Please choose or write what you would like to add.")


def said_with_more(answering: Answering) -> News | None:
    """The yes with what they add, or None where the form has faults, or adds nothing."""
    before = answering.view.answer.news
    match before:
        case OptedIn():
            news: News = _party(answering, before)
        case ConnectorApproved() | ConnectorForwards():
            news = _connector(answering, before)
        case _:
            return None
    if news == before and not answering.form.faults:
        answering.form.fault("add", NOTHING)
    return None if answering.form.faults else news


def _party(answering: Answering, before: OptedIn) -> OptedIn:
    terms = _terms(answering, before.terms) if isinstance(answering.view, TargetView) else before.terms
    return before.model_copy(update={"channels": _channels(answering, before.channels), "terms": terms})


def _channels(answering: Answering, before: tuple[ChannelId, ...]) -> tuple[ChannelId, ...]:
    """What they had agreed to, and what they add."""
    assert isinstance(answering.view, TargetView | RequesterView)
    return tuple(dict.fromkeys((*before, *party_answers.chosen_channels(answering))))


def _terms(answering: Answering, before: WordsId | None) -> WordsId | None:
    """Those they had given, each once, and those they add."""
    had = answering.view.answer.words if before else ""
    lines = party_answers.terms_typed(answering.form).split("\n")
    added = [line for line in lines if line and line not in had.split("\n")]
    return answering.kept.words("terms", "\n".join(filter(None, [had, *added]))) if added else before


def _connector(
    answering: Answering, before: ConnectorApproved | ConnectorForwards
) -> ConnectorApproved | ConnectorForwards:
    """Their words as they stand in the form now: it held those they had written."""
    said: dict[str, str | None] = {}
    if _is_new(answering, "sentence"):
        said["sentence"] = connector_answers.own_sentence(answering)
    if _is_new(answering, "how_known"):
        said["how_known"] = connector_answers.how_they_know(answering)
    if isinstance(before, ConnectorApproved) and answering.form.ticked("vouch"):
        said["vouch"] = "vouch"
    return before.model_copy(update=said)


def _is_new(answering: Answering, field: str) -> bool:
    return answering.form.raw(field).strip() != answering.view.answer.typed.get(field, "").strip()
