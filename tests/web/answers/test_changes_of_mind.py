"""People change their minds for as long as that can help, and with as few clicks as it took to agree."""

from datetime import timedelta

from sqlalchemy import select

from models.asks import AskKind
from models.news import Stopped
from store.tables import letter
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.web.answers.house import Visits


async def test_a_yes_is_undone_while_its_letters_wait(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce", sentence="Do meet.")
    assert "Undo" in await house.page(path)
    answer = await house.post(path, choice="undo")
    assert "You have undone your answer, and nothing has left. You can answer again." in answer.text
    opened_again = await house.page(path)
    assert "Would you introduce Rosa Prieto to Tomoko Abe?" in opened_again
    assert "You have undone your answer" not in opened_again, "said once, not on every look"
    assert not house.introduction.approved
    await house.post(path, choice="no")
    assert "No, thank you." in await house.page(path)


async def test_an_undo_nobody_could_hear_yet_is_shown_as_done(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce")
    house.shell.engine.away = True
    answer = await house.post(path, choice="undo")
    assert "You have undone your answer, and nothing has left. You can answer again." in answer.text


async def test_after_its_time_a_yes_cannot_be_undone(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce")
    page = (await house.client.get(path)).text
    await house.shell.time_passes(timedelta(seconds=6))
    assert "Undo" not in await house.page(path)
    before = await house.kept()
    answer = await house.post(path, page=page, choice="undo")
    assert "We have your answer" in answer.text
    assert await house.kept() == before
    assert house.introduction.approved


async def test_an_approval_on_which_somebody_has_built_cannot_be_undone(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce")
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="yes", channels="cha_tomoko_mail")
    assert "Undo" not in await house.page(path)


async def test_the_target_takes_a_yes_back_until_the_introduction(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    await house.shell.time_passes(timedelta(seconds=6))
    page = await house.page(path)
    assert "Undo" not in page
    assert "Take my yes back" in page
    answer = await house.post(path, choice="take_back")
    assert "You have taken your yes back." in answer.text
    assert "Take my yes back" not in answer.text
    await house.post(await house.link(ROSA, AskKind.OPT_IN), choice="yes", channels="cha_rosa_mail")
    await house.shell.time_passes(timedelta(minutes=45))
    assert not await house.shell.database.read(
        lambda connection: connection.execute(
            select(letter.c.id).where(letter.c.kind.startswith("introduction_to"))
        ).all()
    )


async def test_the_requester_withdraws_with_one_click(house: Visits) -> None:
    await house.approved()
    path = await house.link(ROSA, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_rosa_mail")
    await house.shell.time_passes(timedelta(seconds=6))
    assert "Retirar mi petición" in await house.page(path)
    answer = await house.post(path, choice="withdraw")
    assert "Has retirado esta petición." in answer.text
    assert house.introduction.closed


async def test_after_the_introduction_nothing_is_taken_back(house: Visits) -> None:
    await house.introduced()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    page = await house.page(path)
    assert "Take my yes back" not in page
    assert "can no longer be taken back here" in page
    before = await house.kept()
    for choice in ("take_back", "undo", "withdraw", "no"):
        await house.post(path, page=f'name="nonce" value="{await house.nonce(path)}"', choice=choice)
    assert await house.kept() == before


async def test_the_end_of_an_introduction_does_not_show_before_it_is_told(house: Visits) -> None:
    """Twins: in one an operator has ended it. Whoever said yes sees the same page in both."""
    await house.approved()
    paths = [await house.link(who, AskKind.OPT_IN) for who in (TOMOKO, ROSA)]
    await house.post(paths[0], choice="yes", channels="cha_tomoko_mail")
    before = await house.page(paths[0])
    requester_before = await house.page(paths[1])
    await house.shell.hear(Stopped(by=OLIVE.id))
    assert house.introduction.stage.kind == "resting"
    assert await house.page(paths[0]) == before
    assert await house.page(paths[1]) == requester_before
