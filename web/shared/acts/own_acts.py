"""What a person may do about introductions as a whole, on pages of their own: offered and taken by one rule.

Asked of each as it stands once all is heard that was said, whether or not anybody could hear it at this moment.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from models.ids import IntroductionId
from models.letters import Role
from models.news import Edited, TookBack, Withdrew
from models.process.possible import Act, objection_to_keeping, possible
from models.process.state.introduction import Introduction
from models.process.verdict import Reason
from store.journal.state import as_people_said
from web.shared.acts.submit_news import WouldBeRefused

OwnAct = Withdrew | TookBack | Edited


def own_acts(
    connection: Connection, introductions: Collection[IntroductionId], role: Role, now: datetime
) -> dict[IntroductionId, frozenset[Act]]:
    """What this person may do about each of them. However many there are, they are read together."""
    cases = as_people_said(connection, introductions, now)
    return {each: possible(cases[each], role, now).acts if each in cases else frozenset() for each in introductions}


def look_once_more(connection: Connection, introduction: IntroductionId, news: OwnAct, now: datetime) -> None:
    """In the transaction that keeps it: WouldBeRefused where the core would refuse it."""
    case = as_people_said(connection, [introduction], now).get(introduction)
    why = against(case, news, now) if case else None
    if why:
        raise WouldBeRefused(why)


def against(case: Introduction, news: OwnAct, now: datetime) -> Reason | None:
    """Why the core would refuse it, but for a second: then it is kept, and heard after that."""
    return objection_to_keeping(case, Role.TARGET if isinstance(news, TookBack) else Role.REQUESTER, news, now)
