"""Screening: what an operator does with a request they have read.

Let it pass, decline it, or send it back with advice.
"""

from models.letters import LetterKind, Role
from models.news import Lending, News, Screened, SentBack
from models.process.chapters.consent import find_connector
from models.process.state.introduction import Introduction
from models.process.state.stages import Revising, Screening
from models.process.turn import Turn
from models.process.verdict import Reason
from models.time.patience import due


def objection_to_screening(introduction: Introduction, news: News) -> Reason | None:
    """Why an operator's word on a request is not taken, or None."""
    match news:
        case Screened(lends=Lending() as lends):
            return _against_lending(introduction, news, lends)
        case SentBack():
            return _against_sending_back(introduction)
        case _:
            return None


def pass_on(turn: Turn, news: Screened) -> Turn:
    """It goes to a connector: first to whoever has just lent their name, if the store finds that they may be asked."""
    turn.change(lends=news.lends)
    return find_connector(turn, news.lends.by if news.lends else None, lent=news.lends is not None)


def _against_lending(introduction: Introduction, news: Screened, lends: Lending) -> Reason | None:
    """One's own name only, with a yes to the request, and not as one of the two it is about."""
    if lends.by != news.by or introduction.role_of(lends.by):
        return Reason.NOT_YOURS
    if introduction.policy.connector.sentence == "required" and not lends.sentence:
        return Reason.SENTENCE_NEEDED
    return None if news.approved and introduction.target else Reason.NOT_AN_ANSWER


def _against_sending_back(introduction: Introduction) -> Reason | None:
    """Only where its requester could still change it."""
    screening = introduction.policy.screening
    if not isinstance(introduction.stage, Screening) or not screening or not screening.send_back:
        return Reason.NOT_NOW
    return Reason.EDITED_OFTEN if introduction.edits >= introduction.policy.requester.edits else None


def send_back(turn: Turn, news: SentBack) -> Turn:
    """The requester reads the advice, and changes the request or lets it be: then it ends as any other, on its day."""
    turn.write(LetterKind.ADVICE, Role.REQUESTER, turn.introduction.requester, news.words)
    return turn.stand(Revising())


def to_backup(turn: Turn) -> Turn:
    """The first operator did not get to it: it is the backup's now, and overdue after that until the promised day."""
    rules = turn.introduction.policy.screening
    assert rules, "only what is read waits for somebody to read it"
    due_at = due(turn.now, rules.backup_within, turn.introduction.calendar())
    return turn.stand(Screening(due_at=due_at, backup=True))
