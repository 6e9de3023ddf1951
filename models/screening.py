"""What may an operator do with a request they have read? Let it pass, decline it, or send it back with advice."""

from models.calendar import due
from models.introduction import Introduction, Revising, Screening
from models.letters import LetterKind, Role
from models.news import News, SentBack
from models.policy import ScreeningRules
from models.turn import Turn
from models.verdict import Reason


def objection_to_screening(introduction: Introduction, news: News) -> Reason | None:
    """Why this request cannot be sent back, or None: only where its requester could still change it."""
    if not isinstance(news, SentBack):
        return None
    screening = introduction.policy.screening
    if not isinstance(introduction.stage, Screening) or not screening or not screening.send_back:
        return Reason.NOT_NOW
    return Reason.EDITED_OFTEN if introduction.edits >= introduction.policy.requester.edits else None


def send_back(turn: Turn, news: SentBack) -> Turn:
    """The requester reads the advice, and changes the request or lets it be: then it ends as any other, on its day."""
    turn.write(LetterKind.ADVICE, Role.REQUESTER, turn.introduction.requester, news.words)
    return turn.stand(Revising())


def to_backup(turn: Turn, rules: ScreeningRules) -> Turn:
    """The first operator did not get to it: it is the backup's now, and overdue after that until the promised day."""
    due_at = due(turn.now, rules.backup_within, turn.introduction.calendar())
    return turn.stand(Screening(due_at=due_at, backup=True))
