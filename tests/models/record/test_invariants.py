"""Each invariant notices what it is there to notice. A sound history is spoilt in one place, and must be caught."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.asks import AskState
from models.effects import (
    CheckSilence,
    CountNoShow,
    Introduce,
    OpenAsk,
    RecordConsent,
    SettleAsk,
    WriteAgain,
    WriteLetter,
)
from models.ids import AskNumber, ChannelId
from models.letters import LetterKind
from models.news import ConnectorApproved, Declined, Held, Introduced, OptedIn, OptedOut, Reported, TookBack, Undone
from models.outcomes import Ending, Met, NoShow
from models.policy.policy import LetterBudget
from models.record.invariants import INVARIANTS, violations
from models.record.invariants.course import letters_are_few
from models.record.invariants.facts import Facts, Happened
from models.record.ledger import Moved
from tests.cast import CARL, CLEO, MONDAY, ROSA, TOMOKO, play
from tests.models.exploration.spoilt_histories import (
    History,
    also,
    causing,
    declined,
    heard,
    held,
    history,
    instead,
    lapsed,
    letter,
    made_by_a_key,
    met,
    opened,
    standing,
    two_lines,
    where,
    without,
)
from tests.support.news_phrases import approves, declines

CHA_OTHER = ChannelId("cha_other")
SPOILT: dict[str, Callable[[], History]] = {}


def spoils(rule: str) -> Callable[[Callable[[], History]], Callable[[], History]]:
    """Marks a spoilt history with the rule that must catch it."""

    def keep(story: Callable[[], History]) -> Callable[[], History]:
        SPOILT[rule] = story
        return story

    return keep


@spoils("S1 the target is not asked before the approval")
def asks_the_target_early() -> History:
    story = met()
    return also(story, 1, letter(LetterKind.ASK_TARGET, TOMOKO.id))


@spoils("S1 nobody is asked before the requester stands behind it")
def asks_others_early() -> History:
    return also(made_by_a_key(), 0, letter(LetterKind.ASK_CONNECTOR, CARL.id))


@spoils("S2 answers count for their version")
def hears_an_older_version() -> History:
    story = met()
    return standing(story, heard(story, ConnectorApproved) - 1, version=2)


@spoils("S3 a disclosure rests on three yeses")
def lacks_a_consent() -> History:
    story = met()
    kept = tuple(e for e in story[heard(story, OptedIn)].event.effects if not isinstance(e, RecordConsent))
    return instead(story, heard(story, OptedIn), effects=kept)


@spoils("S3 a disclosure rests on fresh yeses")
def introduces_on_an_old_yes() -> History:
    story = met()
    number = heard(story, OptedIn)
    old = tuple(
        effect.model_copy(update={"valid_until": story[number].at}) if isinstance(effect, RecordConsent) else effect
        for effect in story[number].event.effects
    )
    return instead(story, number, effects=old)


@spoils("S4 a consent is what was said")
def widens_a_consent() -> History:
    story = met()
    number = heard(story, OptedIn)
    wider = tuple(
        effect.model_copy(update={"channels": (CHA_OTHER,)}) if isinstance(effect, RecordConsent) else effect
        for effect in story[number].event.effects
    )
    return instead(story, number, effects=wider)


@spoils("S5 introduced once")
def introduces_twice() -> History:
    story = met()
    return also(story, causing(story, Introduce), Introduce())


@spoils("S6 disclosed on both sides")
def writes_to_one_side() -> History:
    story = met()
    return also(story, heard(story, Introduced), letter(LetterKind.INTRODUCTION_TO_TARGET, TOMOKO.id))


@spoils("S7 nothing is disclosed after a no")
def introduces_after_a_no() -> History:
    story = met()
    return instead(story, heard(story, OptedIn), news=TookBack(by=TOMOKO.id))


@spoils("S8 only time tells of an ending")
def tells_at_once() -> History:
    story = declined()
    return also(story, heard(story, Declined), letter(LetterKind.NO_INTRODUCTION, ROSA.id))


@spoils("S8 closings are alike")
def closes_with_words() -> History:
    story = declined()
    number = causing(story, WriteLetter, letter=LetterKind.NO_INTRODUCTION)
    return also(story, number, letter(LetterKind.NO_INTRODUCTION, ROSA.id, "wrd_because"))


@spoils("S8 others leave the requester's asks open")
def settles_her_ask() -> History:
    story = history(play(approves(CARL), declines(TOMOKO)))
    hers = AskNumber(3)
    return also(story, heard(story, Declined), SettleAsk(ask=hers, state=AskState.SETTLED))


@spoils("S9 words reach whom they were written for")
def passes_words_on() -> History:
    story = two_lines()
    number = causing(story, WriteLetter, letter=LetterKind.TWO_LINES)
    return also(story, number, letter(LetterKind.TWO_LINES, ROSA.id, "wrd_others"))


@spoils("S9 the target meets the approving connector only")
def names_another_connector() -> History:
    story = met()
    return standing(story, heard(story, ConnectorApproved), connector=CLEO.id)


@spoils("S11 who left is left alone")
def writes_to_who_left() -> History:
    story = met()
    number = heard(story, Introduced) + 1
    return also(
        instead(story, number, news=OptedOut(by=TOMOKO.id)), number, letter(LetterKind.WAS_IT_USEFUL, TOMOKO.id)
    )


@spoils("S15 answers answer open asks")
def answers_twice() -> History:
    story = met()
    number = heard(story, ConnectorApproved)
    settled = tuple(e for e in story[number].event.effects if not isinstance(e, SettleAsk))
    undone = instead(story, number, effects=settled)
    return instead(undone, number, news=Undone(ask=AskNumber(1), by=CARL.id))


@spoils("S19 steps are legal")
def skips_a_step() -> History:
    story = met()
    return [*story[:2], *story[3:]]


@spoils("S19 nothing stays open")
def leaves_an_ask_open() -> History:
    story = met()
    kept = tuple(effect for effect in story[-1].event.effects if not isinstance(effect, SettleAsk))
    return instead(story, len(story) - 1, effects=kept)


@spoils("S33 reminders are few")
def reminds_twice() -> History:
    story = lapsed()
    number = causing(story, WriteAgain)
    (reminder,) = [effect for effect in story[number].event.effects if isinstance(effect, WriteAgain)]
    return also(story, number + 1, reminder)


@spoils("S35 silence is checked")
def takes_silence_for_granted() -> History:
    story = lapsed()
    return without(story, causing(story, CheckSilence))


@spoils("nothing moves while it is held")
def goes_on_while_held() -> History:
    story = held()
    return also(story, heard(story, Held) + 1, CheckSilence(ask=AskNumber(1)))


@spoils("S19 only an outcome is heard after the end")
def goes_on_after_the_end() -> History:
    story = met()
    at, last = story[-1]
    assert isinstance(last, Moved)
    late = Reported(ask=AskNumber(1), by=CARL.id, outcome=Met())
    return [*story, Happened(at, last.model_copy(update={"step": last.step + 1, "news": late, "effects": ()}))]


@spoils("S31 nobody runs their own introduction")
def holds_her_own() -> History:
    story = held()
    return instead(story, heard(story, Held), news=Held(by=ROSA.id))


@spoils("S35 deadlines lie ahead")
def gives_no_time() -> History:
    story = met()
    number = causing(story, OpenAsk)
    late = opened(story, number).model_copy(update={"due_at": MONDAY - timedelta(days=1)})
    return instead(story, number, effects=(OpenAsk(ask=late, letter=None, not_before=MONDAY),))


@spoils("N11 connectors are asked one at a time")
def asks_two_connectors() -> History:
    story = declined()
    number = heard(story, Declined)
    kept = tuple(effect for effect in story[number].event.effects if not isinstance(effect, SettleAsk))
    return instead(story, number, effects=kept)


@spoils("the loop is closed")
def leaves_the_connector_in_the_dark() -> History:
    story = met()
    number = len(story) - 1
    kept = tuple(effect for effect in story[number].event.effects if not isinstance(effect, WriteLetter))
    return instead(story, number, effects=kept)


@spoils("N21 nothing came of it only where both say so")
def takes_one_word_for_both() -> History:
    story = met()
    return standing(story, len(story) - 1, ending=Ending.DID_NOT_MEET)


@spoils("N24 only the other party tells of a no-show")
def counts_her_by_silence() -> History:
    return also(lapsed(), 1, CountNoShow(person=ROSA.id, by=TOMOKO.id))


@spoils("N24 a no-show that is denied does not count")
def counts_what_is_denied() -> History:
    story = met()
    last = len(story) - 1
    told = story[last].news
    assert isinstance(told, Reported)
    absent = told.model_copy(update={"outcome": NoShow()})
    return also(instead(story, last, news=absent), last, CountNoShow(person=ROSA.id, by=TOMOKO.id))


@spoils("N18 nobody is asked twice whether they wrote")
def asks_twice_about_writing() -> History:
    story = met()
    number = where(story, lambda happened: "written" in str(happened.event.effects))
    again = opened(story, number).model_copy(update={"number": AskNumber(99)})
    return also(story, len(story) - 1, OpenAsk(ask=again, letter=None, not_before=MONDAY))


@pytest.mark.parametrize("story", [met, lapsed, two_lines, declined, made_by_a_key])
def test_a_sound_history_breaks_no_rule(story: Callable[[], History]) -> None:
    assert not list(violations(story()))


@pytest.mark.parametrize("rule", INVARIANTS)
def test_a_spoilt_history_is_caught(rule: str) -> None:
    caught = {violation.rule for violation in violations(SPOILT[rule]())}
    assert rule in caught


def test_it_begins_with_its_beginning() -> None:
    with pytest.raises(ValueError, match="begins"):
        list(violations(met()[1:]))


def test_letters_beyond_the_budget_are_counted() -> None:
    facts = Facts.before(met()[0].event)  # type: ignore[arg-type]
    for happened in met():
        facts = facts.after(happened)
    assert letters_are_few(facts, LetterBudget(requester=4, connector=2, target=3)) is None
    assert letters_are_few(facts, LetterBudget(requester=4, connector=2, target=2)) == "3 letters to per_tomoko"
