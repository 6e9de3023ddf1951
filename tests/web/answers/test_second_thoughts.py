"""Second thoughts on the pages: a no in another tab, and an undo that tells nothing of what others did."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.asks import AskKind
from models.letters import Role
from models.news import Blocked, Declined, OptedIn, Stopped
from models.policy.policy import Order
from models.process.state.opening import MadeBy
from models.process.state.stages import Resting, WithConnector
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO, TOMOKOS_MAIL, opening, policy
from tests.support.services.databases import Place
from tests.web.answers.house import Visits, visits

UNDONE = "You have undone your answer, and nothing has left. You can answer again."
BY_A_KEY = opening(policy("demo", {"order": Order.REQUESTER_AT_REQUEST}), MadeBy.KEY)


@pytest.fixture
async def by_a_key(place: Place, tmp_path: Path) -> AsyncIterator[Visits]:
    async with visits(tmp_path, BY_A_KEY, place=place) as opened:
        yield opened


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=6)])
async def test_a_connectors_no_in_another_tab_is_heard(house: Visits, later: timedelta) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    tab = (await house.client.get(path)).text
    await house.post(path, choice="introduce")
    await house.shell.time_passes(later)
    answer = await house.post(path, page=tab, choice="no")
    assert "No, thank you." in answer.text
    assert isinstance(house.introduction.stage, Resting if later else WithConnector)
    assert "No, thank you." in await house.page(path)
    assert not house.introduction.open_asks(Role.TARGET)


async def test_a_no_pressed_on_the_page_that_said_yes_is_heard(house: Visits) -> None:
    """Back in the browser shows the page as it was, with the same nonce: another answer is another act."""
    path = await house.link(CARL, AskKind.APPROVE)
    page = (await house.client.get(path)).text
    await house.post(path, page=page, choice="introduce")
    await house.post(path, page=page, choice="no")
    assert "No, thank you." in await house.page(path)


async def test_an_answer_pressed_twice_is_one_answer_and_so_is_its_undo(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    page = (await house.client.get(path)).text
    sent = [await house.post(path, page=page, choice="introduce") for _ in range(2)]
    assert all("We have your answer" in each.text for each in sent)
    answered = (await house.client.get(path)).text
    undone = [await house.post(path, page=answered, choice="undo") for _ in range(2)]
    assert all(UNDONE in each.text for each in undone)
    assert await house.kept() == 2


async def test_words_of_an_answer_that_comes_too_late_come_back(house: Visits) -> None:
    path, sentence = await house.link(CARL, AskKind.APPROVE), "Rosa builds what Tomoko writes about."
    page = (await house.client.get(path)).text
    await house.post(path, choice="no")
    late = await house.post(path, page=page, choice="introduce", sentence=sentence)
    assert late.status_code == 409
    assert sentence in late.text
    assert "We had your answer already, and it stands." in late.text


async def test_a_no_after_the_introduction_is_told_that_it_comes_after_it(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    page = (await house.client.get(path)).text
    await house.post(path, page=page, choice="yes", channels="cha_tomoko_mail")
    await house.post(await house.link(ROSA, AskKind.OPT_IN), choice="yes", channels="cha_rosa_mail")
    await house.shell.time_passes(timedelta(seconds=6))
    late = await house.post(path, page=page, choice="no", reason="Too busy after all.")
    assert "You have been introduced already" in late.text
    assert "Too busy after all." in late.text


@pytest.mark.parametrize(
    "said", [{"choice": "yes", "channels": "cha_tomoko_mail"}, {"choice": "two_lines", "lines": "Do."}]
)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=4)])
async def test_a_targets_no_in_another_tab_is_heard(house: Visits, said: dict[str, str], later: timedelta) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    tab = (await house.client.get(path)).text
    await house.post(path, **said)
    await house.shell.time_passes(later)
    answer = await house.post(path, page=tab, choice="no")
    assert "No, thank you." in answer.text
    assert isinstance(house.introduction.stage, Resting)


async def test_a_requesters_no_in_another_tab_is_heard(house: Visits) -> None:
    await house.approved()
    path = await house.link(ROSA, AskKind.OPT_IN)
    tab = (await house.client.get(path)).text
    await house.post(path, choice="yes", channels="cha_rosa_mail")
    answer = await house.post(path, page=tab, choice="no")
    assert "No, gracias." in answer.text
    assert isinstance(house.introduction.stage, Resting)
    assert not house.introduction.has_opted_in(Role.REQUESTER)


async def test_a_no_nobody_could_hear_yet_is_shown_as_said(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    tab = (await house.client.get(path)).text
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    house.shell.engine.away = True
    answer = await house.post(path, page=tab, choice="no")
    assert "No, thank you." in answer.text


@pytest.mark.parametrize("no_is_recorded", [False, True])
async def test_a_yes_sent_with_a_no_at_the_same_instant_is_never_shown(house: Visits, *, no_is_recorded: bool) -> None:
    """Two tabs: both are kept, the no is heard first, and the yes waits behind it to be refused."""
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    ask = house.introduction.open_asks(Role.TARGET)[0].number
    no, yes = Declined(ask=ask, by=TOMOKO.id), OptedIn(ask=ask, by=TOMOKO.id, channels=(TOMOKOS_MAIL,))
    if no_is_recorded:
        await house.shell.hear(no)
    else:
        await house.put(no)
    house.shell.now += timedelta(milliseconds=1)
    await house.put(yes)
    page = await house.page(path)
    assert "No, thank you." in page
    assert "Take my yes back" not in page


async def test_a_later_can_become_a_no_by_a_button(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="later", until="5")
    page = await house.page(path)
    assert "You need not wait until then: you can say no now." in page
    await house.post(path, choice="no")
    assert "No, thank you." in await house.page(path)


async def test_a_connector_takes_a_yes_back_by_a_button(house: Visits) -> None:
    await house.approved()
    path = await house.link(CARL, AskKind.APPROVE)
    assert "Until they are introduced, one click takes your yes back." in await house.page(path)
    await house.post(path, choice="no")
    assert "No, thank you." in await house.page(path)
    assert isinstance(house.introduction.stage, Resting)


async def test_once_they_are_introduced_no_page_offers_a_no(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    tab = (await house.client.get(path)).text
    await house.introduced()
    assert "Take my yes back" not in await house.page(path)
    kept = await house.kept()
    answer = await house.post(path, page=tab, choice="no")
    assert "can no longer be taken back" in answer.text
    assert await house.kept() == kept


async def test_who_confirmed_has_an_undo_though_the_target_has_blocked_them(by_a_key: Visits) -> None:
    house = by_a_key
    path = await house.link(ROSA, AskKind.CONFIRM)
    await house.post(path, choice="yes", channels="cha_rosa_mail")
    as_it_was = await house.page(path)
    assert "Deshacer" in as_it_was
    await house.shell.hear(Blocked(by=TOMOKO.id))
    assert await house.page(path) == as_it_was, "not a word tells of it"
    answer = await house.post(path, choice="undo")
    assert "Deshiciste tu respuesta y no salió nada. Puedes responder de nuevo." in answer.text
    assert house.introduction.open_asks(Role.REQUESTER)


@pytest.mark.parametrize("ended_by", ["requester", "operator"])
async def test_a_target_has_an_undo_though_it_has_ended(house: Visits, ended_by: str) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    as_it_was = await house.page(path)
    assert "Undo" in as_it_was
    if ended_by == "requester":
        (hers,) = house.introduction.open_asks(Role.REQUESTER)
        await house.shell.hear(Declined(ask=hers.number, by=ROSA.id))
    else:
        await house.shell.hear(Stopped(by=OLIVE.id))
    assert isinstance(house.introduction.stage, Resting)
    assert await house.page(path) == as_it_was, "not a word tells of it"
    answer = await house.post(path, choice="undo")
    assert UNDONE in answer.text
    await house.post(path, choice="no")
    assert "No, thank you." in await house.page(path)


async def test_a_connector_has_an_undo_though_it_has_ended(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce")
    as_it_was = await house.page(path)
    await house.shell.hear(Stopped(by=OLIVE.id))
    assert await house.page(path) == as_it_was
    assert UNDONE in (await house.post(path, choice="undo")).text
    assert CLEO.id not in {ask.person for ask in house.introduction.asks}
