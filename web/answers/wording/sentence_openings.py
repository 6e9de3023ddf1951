"""Openings of a connector's sentence; none is chosen for them, and none quotes what somebody wrote."""

from models.folding import fold
from store.asks.views import ConnectorView
from telling.languages import phrase, said

SINCE = phrase("I have known %(requester)s since %(year)s.")
KNOWS = phrase("I know %(requester)s, and I think the two of you should talk.")
TOPIC = phrase("%(requester)s works on %(topic)s, as you do.")
READ = phrase("I have read what %(requester)s writes, and I think it is worth your time.")


def openings(view: ConnectorView, language: str) -> list[str]:
    """Up to three beginnings, from names, years and topics. What is on file about a tie in words stays in its file."""
    if view.is_blind:
        return []
    found = [_of_tie_to_requester(view, language), _of_topics(view, language)]
    return [each for each in (*found, said(READ, language, requester=view.requester.name)) if each]


def _of_tie_to_requester(view: ConnectorView, language: str) -> str:
    if view.tie_to_requester is None:
        return ""
    if view.tie_to_requester.since:
        return said(SINCE, language, requester=view.requester.name, year=view.tie_to_requester.since.year)
    return said(KNOWS, language, requester=view.requester.name)


def _of_topics(view: ConnectorView, language: str) -> str:
    theirs = {fold(topic) for topic in view.target.topics} if view.target else set()
    shared = [topic for topic in view.requester.topics if fold(topic) in theirs]
    return said(TOPIC, language, requester=view.requester.name, topic=shared[0]) if shared else ""
