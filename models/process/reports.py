"""Both parties' reports, added up. One word against the other is settled kindly: nothing is concluded from it.

A no-show counts only where the other party reports it, and only as long as the one it is said of does not tell it
otherwise. Nobody counts as absent by silence, and nobody by their own word.
"""

from models.asks import Ask, AskKind
from models.effects import CountNoShow, Effect, ForgetMeeting, KeepTie, SetNoShowAside
from models.ids import PersonId
from models.letters import Role
from models.outcomes import DidNotMeet, Ending, Met, NoShow, Outcome, RatherNot, Wrote
from models.process.state.introduction import Introduction
from models.process.state.stages import FollowingUp

OTHER = {Role.REQUESTER: Role.TARGET, Role.TARGET: Role.REQUESTER}
SETTLED = (Met, DidNotMeet, NoShow, RatherNot)  # after one of these nothing more is asked about the meeting


def is_an_answer(introduction: Introduction, ask: Ask, outcome: Outcome) -> bool:
    """Whether this question has such an answer, under this policy."""
    if isinstance(outcome, NoShow | RatherNot) and not introduction.policy.follow_up.hear_both:
        return False
    match ask.kind, outcome:
        case AskKind.WRITTEN, RatherNot():
            return ask.role == Role.TARGET
        case AskKind.WRITTEN, _:
            return isinstance(outcome, Wrote)
        case AskKind.MEET, _:
            return not isinstance(outcome, Wrote)
        case AskKind.CLOSING, _:  # the term is over: nothing lies ahead, and nobody is missed any more
            return isinstance(outcome, Met | DidNotMeet | RatherNot)
        case _:
            return False


def said_of_meeting(stage: FollowingUp, role: Role) -> Outcome | None:
    """The last this party has said of the meeting."""
    theirs = [outcome for who, outcome in stage.outcomes if who == role and not isinstance(outcome, Wrote)]
    return theirs[-1] if theirs else None


def reported_ending(introduction: Introduction, stage: FollowingUp) -> Ending:
    """What the reports add up to: one who says they met is enough, unless the other says that nobody came."""
    said = [said_of_meeting(stage, role) for role in OTHER]
    none = [isinstance(outcome, DidNotMeet | NoShow) for outcome in said]
    both = introduction.policy.follow_up.hear_both
    if both and _contradict(said):
        return Ending.DELIVERED
    if any(isinstance(outcome, Met) for _, outcome in stage.outcomes):
        return Ending.MET
    if both:
        return Ending.DID_NOT_MEET if all(none) else Ending.DELIVERED
    return Ending.DID_NOT_MEET if any(none) else Ending.DELIVERED


def follows(introduction: Introduction, stage: FollowingUp, role: Role, outcome: Outcome) -> list[Effect]:
    """What this party's report, the last in `stage`, leaves behind: ties where they met, a no-show where one counts."""
    target = introduction.target
    if target is None:
        return []
    requester_speaks = role == Role.REQUESTER
    me, other = (introduction.requester, target) if requester_speaks else (target, introduction.requester)
    they_said = said_of_meeting(stage, OTHER[role])
    aside: list[Effect] = [SetNoShowAside(person=me.id)] if isinstance(they_said, NoShow) else []
    match outcome:
        case Met():
            return aside or _ties(introduction.requester.id, target.id)
        case NoShow() if isinstance(they_said, NoShow):
            return aside  # each waited for the other: nobody was absent
        case NoShow() if isinstance(they_said, Met):
            return _forget(me.id, other.id)
        case NoShow():
            return [CountNoShow(person=other.id, by=me.id)]
        case _:
            return []


def _contradict(said: list[Outcome | None]) -> bool:
    kinds = {outcome.kind for outcome in said if outcome}
    return {"met", "no_show"} <= kinds


def _ties(one: PersonId, other: PersonId) -> list[Effect]:
    return [KeepTie(connector=a, person=b, met=True) for a, b in ((one, other), (other, one))]


def _forget(one: PersonId, other: PersonId) -> list[Effect]:
    return [ForgetMeeting(connector=a, person=b) for a, b in ((one, other), (other, one))]
