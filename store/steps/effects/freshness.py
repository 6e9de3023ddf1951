"""Freshness: whether a request may still be taken up, looked at again before anybody is asked anew.

Much may have changed since they said it.
"""

from models.effects import TakeUp
from models.ids import AskNumber
from models.letters import LetterKind, Role
from models.news import Barred, Undeliverable
from store.steps.effects import routes
from store.steps.effects.writer import Writing


def take_up(writing: Writing, effect: TakeUp) -> None:
    """Where they may not, no letter is planned for them: the store's reply ends the ask before anybody hears of it."""
    routes.take_up(writing, effect)
    if effect.again and not writing.is_barred:
        _look_again(writing, effect.again, effect.role)
    writing.asks_nobody = bool(effect.again and writing.replies)


def _look_again(writing: Writing, number: AskNumber, role: Role | None) -> None:
    """A pause, a block, an opt-out, a limit of their own; and the cap of today, where they were counted long ago."""
    connector, target = writing.recording.standing.connector, writing.target
    if role == Role.CONNECTOR and connector:
        if not routes.may_still_connect(writing, connector) or not routes.is_counted_lately(writing, connector, role):
            nobody = Undeliverable(letter=LetterKind.ASK_CONNECTOR, role=role, ask=number)
            writing.replies.append(nobody)
    elif role == Role.TARGET and target and not routes.is_counted_lately(writing, target, role):
        writing.replies.append(Barred())
