"""Caps on being introduced: how many introductions somebody has had, or has said yes to, in the time that counts.

Asked before somebody is asked, shown on the page where they answer, and counted in the transaction that introduces.
"""

from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, select

from models.asks import AskKind, AskState
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.letters import Role
from models.outcomes import Ending
from models.policy.durations import CapRules
from models.policy.policy import Policy
from store.journal.withdrawals import TAKES_BACK_OR_LEAVES
from store.tables import ask, inbox, introduction

_WHO: BindParameter[str] = bindparam("who")
_PROGRAMME: BindParameter[str] = bindparam("programme")
_SINCE: BindParameter[datetime] = bindparam("had_since")
_LATELY = (introduction.c.programme == _PROGRAMME, introduction.c.delivered_at > _SINCE)
# Built once: building a statement costs more than running it, and every introduction runs these.
_HAD = {
    Role.TARGET: select(func.count()).where(introduction.c.target == _WHO, *_LATELY),
    Role.REQUESTER: select(func.count()).where(  # unless they say that they never met, as at the door
        introduction.c.requester == _WHO,
        func.coalesce(introduction.c.ending, "") != Ending.DID_NOT_MEET,
        *_LATELY,
    ),
}
_ANSWER = (
    select(ask.c.answer)
    .where(
        ask.c.introduction == bindparam("this"),
        ask.c.person == _WHO,
        ask.c.kind == AskKind.OPT_IN,
        ask.c.version == bindparam("version"),
        ask.c.state == AskState.ANSWERED,
    )
    .order_by(ask.c.number.desc())
    .limit(1)
)
_TAKEN_BACK = exists().where(inbox.c.introduction == introduction.c.id, inbox.c.person == _WHO, TAKES_BACK_OR_LEAVES)
# Of what they said themselves: whether another has said no meanwhile, this does not tell.
_SAID = (
    select(ask.c.introduction, ask.c.answer)
    .join(introduction, introduction.c.id == ask.c.introduction)
    .where(
        ask.c.person == _WHO,
        ask.c.role == Role.TARGET,
        ask.c.kind == AskKind.OPT_IN,
        ask.c.state == AskState.ANSWERED,
        introduction.c.id != bindparam("this"),
        introduction.c.programme == _PROGRAMME,
        introduction.c.target_progress == "in_progress",
        ~_TAKEN_BACK,
    )
)


def cap_for(policy: Policy, role: Role) -> CapRules | None:
    """How many introductions a policy gives to whoever is in this role; None where it does not say."""
    return policy.target.introductions if role == Role.TARGET else policy.requester.introductions


def has_had_enough(
    connection: Connection, policy: Policy, role: Role, who: PersonId, programme: ProgrammeId, now: datetime
) -> bool:
    """Whether they have been introduced as often as one may be in this time."""
    share = cap_for(policy, role)
    return share is not None and _had(connection, share, role, who, programme, now) >= share.cap


def has_chosen_more(connection: Connection, this: IntroductionId, version: int, who: PersonId) -> bool:
    """Whether the yes that stands was said knowing that it is one more."""
    answer = connection.execute(_ANSWER, {"this": this, "version": version, "who": who}).scalar()
    return bool(answer and answer.get("beyond_cap"))


def reached_on_page(
    connection: Connection,
    policy: Policy,
    role: Role,
    who: PersonId,
    this: IntroductionId,
    where: ProgrammeId,
    now: datetime,
) -> CapRules | None:
    """The cap that a yes on this page would exceed: with the introductions they had, and a target's other yeses."""
    share = cap_for(policy, role)
    if share is None:
        return None
    said = _said(connection, this, who, where) if role == Role.TARGET else 0
    return share if _had(connection, share, role, who, where, now) + said >= share.cap else None


def _had(
    connection: Connection, share: CapRules, role: Role, who: PersonId, programme: ProgrammeId, now: datetime
) -> int:
    this = {"who": who, "programme": programme, "had_since": now - share.cap_per.nominal}
    return int(connection.execute(_HAD[role], this).scalar_one())


def _said(connection: Connection, this: IntroductionId, who: PersonId, programme: ProgrammeId) -> int:
    rows = connection.execute(_SAID, {"this": this, "who": who, "programme": programme})
    return len({row.introduction for row in rows if (row.answer or {}).get("kind") == "opted_in"})
