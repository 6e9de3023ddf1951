"""A changed request is asked anew of those who agreed, and nothing of the older version counts but a no."""

from datetime import timedelta

import pytest

from models.asks import AskKind, AskState
from models.effects import FindConnector, RecordConsent, RevokeConsent, WriteLetter
from models.letters import Role
from models.news import Edited, HandedOver, Screened, Silent
from models.policy.policy import Order
from models.process.state.opening import MadeBy
from models.process.state.stages import Confirming, Delivering, Resting, Screening, WithConnector, WithParties
from models.process.verdict import Reason, Refused
from tests.cast import (
    CARL,
    CLEO,
    CORA,
    MONDAY,
    OLIVE,
    ROSA,
    ROSAS_MAIL,
    SOME_WORDS,
    STAN,
    TOMOKO,
    opening,
    play,
    policy,
)
from tests.models.exploration.causes import CONNECTORS, DAY, FROM_THE_REQUEST, HOUR, Story, connectors_decline
from tests.models.record.requesters_view import view, what_she_may_do
from tests.support.news_phrases import answers_in_two_lines, approves, confirms, declines, opts_in, undoes
from tests.support.play import Play, Store

MINE = Edited(by=ROSA.id, note=SOME_WORDS, channels=(ROSAS_MAIL,))
KEYS = Edited(by=OLIVE.id, made_by="key", note=SOME_WORDS)
FIELDS = {"requester.closings_every": None, "requester.promised_answer": "90 min", "requester.edits": 2}
TOGETHER = opening(policy("demo", FIELDS))
AT_REQUEST = opening(policy("demo", {**FIELDS, "order": Order.REQUESTER_AT_REQUEST}))
SCREENED = opening("accelerator")


def test_every_yes_is_void_and_who_approved_is_asked_first() -> None:
    playing = play(declines(CARL), approves(CLEO), opts_in(TOMOKO), opts_in(ROSA), begun=TOGETHER)
    assert isinstance(playing.introduction.stage, Delivering)
    playing.hear(MINE)
    introduction = playing.introduction
    assert (introduction.version, introduction.approved, introduction.opt_ins) == (2, False, ())
    assert {effect.person for effect in playing.effects() if isinstance(effect, RevokeConsent)} == {ROSA.id, TOMOKO.id}
    assert [effect.prefer for effect in playing.effects() if isinstance(effect, FindConnector)][-1] == CLEO.id
    assert isinstance(introduction.stage, WithConnector)
    (asked,) = introduction.open_asks()
    assert (asked.person, asked.version) == (CLEO.id, 2)


def test_who_said_no_is_not_asked_again() -> None:
    playing = play(declines(CARL), MINE, begun=TOGETHER)
    assert [ask.person for ask in playing.introduction.open_asks()] == [CLEO.id]
    playing.hear(declines(CLEO))
    assert isinstance(playing.introduction.stage, Resting)
    playing.hear(MINE)
    assert isinstance(playing.introduction.stage, Resting)
    assert playing.introduction.open_asks() == ()


def test_the_older_version_can_neither_be_answered_nor_undone() -> None:
    playing = play(approves(CARL), begun=TOGETHER)
    old = playing.introduction.asks
    playing.hear(MINE, approves(CARL))
    for ask in old:
        news = opts_in(TOMOKO)(playing.introduction).model_copy(update={"ask": ask.number, "by": ask.person})
        assert playing.hear(news) == Refused(reason=Reason.OLD_VERSION)
    undo = undoes(CARL)(playing.introduction).model_copy(update={"ask": old[0].number})
    assert playing.hear(undo) == Refused(reason=Reason.OLD_VERSION)
    assert playing.hear(Silent(ask=old[0].number)) == Refused(reason=Reason.OLD_VERSION)
    assert playing.introduction.approved


def test_with_the_request_the_new_words_carry_a_fresh_yes() -> None:
    playing = play(approves(CARL), MINE, approves(CARL), opts_in(TOMOKO), begun=AT_REQUEST)
    consents = [effect for effect in playing.effects() if isinstance(effect, RecordConsent)]
    assert [(each.role, each.ask) for each in consents[:2]] == [(Role.REQUESTER, None)] * 2
    assert isinstance(playing.introduction.stage, Delivering)


def test_two_lines_on_their_way_answer_the_older_version_too() -> None:
    playing = play(approves(CARL), answers_in_two_lines(TOMOKO), MINE, begun=AT_REQUEST)
    playing.time_passes(timedelta(minutes=1))
    assert not [effect for effect in playing.effects() if isinstance(effect, WriteLetter)]
    assert isinstance(playing.introduction.stage, WithConnector)


def test_it_is_read_again_where_the_policy_reads_requests() -> None:
    playing = play(Screened(by=OLIVE.id, approved=True), MINE, begun=SCREENED)
    assert isinstance(playing.introduction.stage, Screening)
    assert playing.introduction.promised_at == SCREENED.promised_at


def test_words_a_key_has_changed_are_hers_once_she_says_so() -> None:
    playing = play(approves(CARL), KEYS, begun=TOGETHER)
    assert isinstance(playing.introduction.stage, Confirming)
    (asked,) = playing.introduction.open_asks()
    assert (asked.person, asked.kind) == (ROSA.id, AskKind.CONFIRM)
    playing.hear(confirms(ROSA))
    assert [ask.person for ask in playing.introduction.open_asks()] == [CARL.id]


def test_what_was_made_for_her_becomes_hers_by_editing_it() -> None:
    playing = play(MINE, begun=opening(policy("demo", FIELDS), MadeBy.KEY))
    assert playing.introduction.asks[0].state == AskState.SETTLED
    assert [ask.person for ask in playing.introduction.open_asks()] == [CARL.id]


def test_as_often_as_the_policy_says_and_never_by_anybody_else() -> None:
    playing = play(MINE, MINE, begun=TOGETHER)
    assert playing.hear(MINE) == Refused(reason=Reason.EDITED_OFTEN)
    for who in (STAN, CARL, TOMOKO, OLIVE):
        assert play(begun=TOGETHER).hear(Edited(by=who.id)) == Refused(reason=Reason.NOT_YOURS)
    none = opening(policy("demo", {"requester.edits": 0}))
    assert play(begun=none).hear(MINE) == Refused(reason=Reason.EDITED_OFTEN)


def test_not_once_they_are_introduced_nor_while_the_letters_are_written() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=AT_REQUEST, store=Unheard(CONNECTORS))
    playing.time_passes(timedelta(seconds=6))
    assert playing.hear(MINE) == Refused(reason=Reason.BUSY)
    introduced = play(approves(CARL), opts_in(TOMOKO), begun=AT_REQUEST)
    introduced.time_passes(timedelta(seconds=6))
    assert introduced.hear(MINE) == Refused(reason=Reason.ALREADY_INTRODUCED)


class Unheard(Store):
    """A store that is still writing the letters."""

    def replies(self, step):  # type: ignore[no-untyped-def]
        yield from (reply for reply in super().replies(step) if reply.kind != "introduced")


def test_each_version_has_a_budget_of_letters_of_its_own() -> None:
    playing = play(approves(CARL), opts_in(ROSA), MINE, begun=TOGETHER)
    assert dict(playing.introduction.letters) == {Role.CONNECTOR: 1}


# An operator gives the question to somebody else.


def test_another_connector_is_asked_and_the_first_no_longer() -> None:
    playing = play(HandedOver(by=OLIVE.id, to=CLEO.id), begun=TOGETHER)
    first, second = playing.introduction.asks
    assert (first.state, second.person) == (AskState.SETTLED, CLEO.id)
    late = approves(CARL)(playing.introduction).model_copy(update={"ask": first.number})
    assert playing.hear(late) == Refused(reason=Reason.SETTLED)


@pytest.mark.parametrize("who", [ROSA, CARL, TOMOKO])
def test_it_is_handed_over_to_nobody_who_is_in_it_already(who: object) -> None:
    news = HandedOver.model_validate({"by": OLIVE.id, "to": who.id})  # type: ignore[attr-defined]
    assert play(begun=TOGETHER).hear(news) == Refused(reason=Reason.NOT_NOW)


def test_it_is_handed_over_only_while_a_connector_is_asked() -> None:
    playing = play(approves(CARL), begun=TOGETHER)
    assert isinstance(playing.introduction.stage, WithParties)
    assert playing.hear(HandedOver(by=OLIVE.id, to=CORA.id)) == Refused(reason=Reason.NOT_NOW)


# S8. That it can be edited, and what follows for her own eyes, does not tell how far it had got.


def _edited_after(story: Story, news: Edited) -> Play:
    playing = Play(opening("accelerator", MadeBy.KEY), Store(()))
    playing.hear(confirms(ROSA))
    story(playing)
    playing.time_passes(MONDAY + 7 * DAY)
    playing.hear(news)
    assert playing.refusals == []
    playing.time_passes(MONDAY + 100 * DAY)
    return playing


def nothing(_: Play) -> None:
    """Nobody has read it yet."""


@pytest.mark.parametrize("news", [MINE, KEYS])
@pytest.mark.parametrize("story", FROM_THE_REQUEST)
def test_an_edit_tells_nothing_of_what_had_happened(story: Story, news: Edited) -> None:
    playing, twin = (_edited_after(_with_connectors(each), news) for each in (story, connectors_decline))
    assert view(playing) == view(twin)
    assert what_she_may_do(playing, 17 * HOUR) == what_she_may_do(twin, 17 * HOUR)


def _with_connectors(story: Story) -> Story:
    def tell(playing: Play) -> None:
        playing.store.connectors = CONNECTORS
        story(playing)
        playing.store.connectors = ()  # whoever is asked anew is not there any more

    return tell
