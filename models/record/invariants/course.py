"""Invariants of the course: known answers, steps, reminders and deadlines only. S15, S19, S33, S35."""

from models.asks import AskKind, AskState
from models.effects import CheckSilence, Introduce, OpenAsk, ReopenAsk, WriteAgain, WriteLetter
from models.letters import LetterKind
from models.news import Answer, AnswerWaiting, Declined, HandedOver, NotYetAccepted, Resent, Silent, TimeIsUp, Undone
from models.policy.policy import LetterBudget
from models.record.invariants.facts import Facts, Happened

_ENDS = {"resting", "closed"}
_ANEW = {"confirming", "screening", "finding"}  # where a new version of the request begins
WAYS: dict[str, set[str]] = {
    "": {"confirming", "seeking", "screening", "finding"},
    "seeking": {"seeking", "confirming", *_ENDS},
    "confirming": {"confirming", "screening", "finding", *_ENDS},
    "screening": {"screening", "revising", "finding", "confirming", *_ENDS},
    "revising": {"revising", "screening", "confirming", *_ENDS},
    "finding": {"with_connector", *_ANEW, *_ENDS},
    "with_connector": {"with_connector", "with_parties", *_ANEW, *_ENDS},
    "with_parties": {"with_parties", "with_connector", "delivering", "passing_on", *_ANEW, *_ENDS},
    "passing_on": {"passing_on", "with_parties", *_ANEW, *_ENDS},
    "delivering": {"delivering", "with_parties", "following_up", *_ANEW, *_ENDS},
    "following_up": {"following_up", "closed"},
    "resting": {"resting", "finding", "with_parties", "closed"},
    "closed": set(),
}


def answers_answer_open_asks(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S15. An answer is to an open ask, by the person asked; an ask has one answer in force."""
    news, ask = happened.news, before.answered_ask(happened.news)
    if not isinstance(news, Answer):
        return None
    if not ask or ask.person != news.by:
        return "somebody answered what they were not asked"
    if isinstance(news, Undone):
        return None if ask.state == AskState.ANSWERED else "an ask was opened again that had no answer"
    if isinstance(news, Declined) and not before.introduced and not ask.is_open:
        later = ask.state == AskState.SETTLED and ask.person in before.laters
        return (
            None if later or ask.state in (AskState.ANSWERED, AskState.PUT_OFF) else "a no to what was never answered"
        )
    return None if ask.is_open else f"an answer to an ask that is {ask.state}"


def steps_are_legal(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S19. Each step follows the one before, along the ways the process knows; closed is for good."""
    if after.step != before.step + 1:
        return f"step {after.step} follows step {before.step}"
    if before.stage == "resting" and after.stage == "with_parties" and not isinstance(happened.news, Resent):
        return "what has ended goes on though no letter is sent again"
    if before.stage == "resting" and after.stage == "finding" and not _is_named(before, happened):
        return "what has ended goes on though nobody was named, or somebody has been asked"
    if after.stage not in WAYS[before.stage]:
        return f"there is no way from {before.stage or 'nothing'} to {after.stage}"
    return None


def _is_named(before: Facts, happened: Happened) -> bool:
    """An operator names whoever could introduce the two, before anybody was asked about it in any words."""
    asked = (ask for ask in before.asks if ask.kind != AskKind.CONFIRM)
    return isinstance(happened.news, HandedOver) and next(asked, None) is None


def nothing_stays_open(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S19. Once it is closed, no ask lies open before anybody."""
    waiting = [ask for ask in after.asks if ask.is_open or ask.state == AskState.PUT_OFF]
    return "an ask outlives its introduction" if after.stage == "closed" and waiting else None


def connectors_are_asked_one_at_a_time(before: Facts, happened: Happened, after: Facts) -> str | None:
    """N11. Never two connectors at once."""
    waiting = {
        ask.person
        for ask in after.asks
        if ask.kind == AskKind.APPROVE and (ask.is_open or ask.state == AskState.PUT_OFF)
    }
    return "two connectors are asked at once" if len(waiting) > 1 else None


def reminders_are_few(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S33. As many reminders as were planned when it was asked, two at most, and only while it is open."""
    for effect in happened.event.effects:
        if not isinstance(effect, WriteAgain):
            continue
        ask = after.ask(effect.ask)
        if not ask or not ask.is_open:
            return "somebody is reminded of what is no longer asked"
        if effect.reminder and before.reminded.count(effect.ask) > bool(ask.remind_again_at):
            return "somebody is reminded more often than was planned"
    return None


def silence_is_checked(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S35. Nobody is silent before their deadline, nor unless the store has looked."""
    news, ask = happened.news, before.answered_ask(happened.news)
    if isinstance(news, Silent | NotYetAccepted | AnswerWaiting) and news.ask not in before.checking:
        return "the store answered a question about silence that nobody had asked"
    if isinstance(news, Silent) and ask and happened.at < ask.due_at:
        return "silence before the deadline"
    checks = [before.ask(effect.ask) for effect in happened.event.effects if isinstance(effect, CheckSilence)]
    if any(each is None or not each.is_open or happened.at < each.due_at for each in checks):
        return "silence is looked for before the deadline"
    return None


def deadlines_lie_ahead(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S35. Whoever is asked, or asked again, has time to answer."""
    for effect in happened.event.effects:
        due = effect.ask.due_at if isinstance(effect, OpenAsk) else None
        due = effect.due_at if isinstance(effect, ReopenAsk) else due
        if due and due < happened.at:
            return "an ask is opened with a deadline that is past"
    return None


def nothing_moves_while_held(before: Facts, happened: Happened, after: Facts) -> str | None:
    """A hold stops reminders, silence and delivery; only the promise to the requester ends it by itself."""
    if not before.held:
        return None
    if isinstance(happened.news, Silent):
        return "somebody counts as silent while it is held"
    moving = [each for each in happened.event.effects if isinstance(each, CheckSilence | Introduce | WriteAgain)]
    if any(not isinstance(each, WriteAgain) or each.reminder for each in moving):
        return "it goes on while it is held"
    if isinstance(happened.news, TimeIsUp) and after.stage != "closed":
        return "time moves what is held"
    return "a hold outlives its introduction" if after.held and after.stage == "closed" else None


def letters_are_few(facts: Facts, budget: LetterBudget) -> str | None:
    """Whether anybody gets more letters than their policy allows, beyond one for each time they said "later"."""
    connectors = {ask.person: budget.connector for ask in facts.asks if ask.kind == AskKind.APPROVE}
    allowed = connectors | {facts.began.requester: budget.requester, facts.target: budget.target}
    for person in dict.fromkeys(facts.letters):
        letters = facts.letters.count(person) - facts.laters.count(person)
        if letters > allowed[person]:
            return f"{letters} letters to {person}"
    return None


def the_loop_is_closed(before: Facts, happened: Happened, after: Facts) -> str | None:
    """A connector who lent their name hears how it went, once, when it is over."""
    heard = [
        effect.to
        for effect in happened.event.effects
        if isinstance(effect, WriteLetter) and effect.letter == LetterKind.HOW_IT_WENT
    ]
    owed = after.stage == "closed" and after.approval and after.approval.person not in after.left
    if bool(heard) != bool(owed):
        return "the connector does not hear how it went" if owed else "a connector hears of what is not over"
    return None
