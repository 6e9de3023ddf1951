"""Openings of a connector's sentence. Drawn from what we know of the ties; none is chosen for them."""

from models.folding import fold
from store.asks.views import ConnectorView
from telling.languages import phrase, said

SINCE = phrase("I have known %(requester)s since %(year)s.")
KNOWS = phrase("I know %(requester)s, and I think the two of you should talk.")
TOPIC = phrase("%(requester)s works on %(topic)s, as you do.")
TIE = phrase("%(evidence)s: that is why I thought of you.")
READ = phrase("I have read what %(requester)s writes, and I think it is worth your time.")


def openings(view: ConnectorView, language: str) -> list[str]:
    """Up to four beginnings. Each says only what somebody has told us."""
    if view.is_blind:
        return [each for each in (_of_tie(view, language),) if each]
    found = [_of_tie_to_requester(view, language), _of_topics(view, language), _of_tie(view, language)]
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


def _of_tie(view: ConnectorView, language: str) -> str:
    evidence = view.tie.evidence.strip().rstrip(".")
    return said(TIE, language, evidence=evidence) if evidence else ""
