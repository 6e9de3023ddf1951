"""Wording for a requester whose name is not told. As "this person", in the reader's language."""

from models.request.blindness import telling
from store.asks.views import ConnectorView, View
from telling.languages import phrase, said

THIS_PERSON = phrase("this person")


def as_told(view: View) -> View:
    """The view as its pages speak: a requester without a name is "this person" in every sentence."""
    if view.requester.name:
        return view
    called = view.requester.model_copy(update={"name": said(THIS_PERSON, view.language)})
    return view.model_copy(update={"requester": called})


def names_them(view: ConnectorView, words: str) -> list[str]:
    """What in a connector's own words would tell the target who asks, where they are not to learn it yet."""
    return telling(words, view.requester_names) if view.is_blind else []
