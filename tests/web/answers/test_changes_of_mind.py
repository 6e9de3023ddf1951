"""People change their minds for as long as that can help, and with as few clicks as it took to agree."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from models.asks import AskKind
from models.letters import Role
from models.news import Edited, Stopped
from store.journal.inbox import has_waiting_stop
from store.tables import ask, consent, letter, words
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO
from tests.web.answers.house import Visits, words_of


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
    assert "Retiraste esta petición." in answer.text
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


async def test_a_no_can_be_undone_and_what_was_typed_comes_back(house: Visits) -> None:
    path, reason = await house.link(CARL, AskKind.APPROVE), "We fell out over a valve."
    answer = await house.post(path, choice="no", reason=reason, reason_readers="programme")
    assert "Nobody is told of it before" in answer.text
    assert house.introduction.open_asks(Role.CONNECTOR), "nobody has heard it"
    undone = await house.post(path, choice="undo")
    assert "You have undone your answer" in undone.text
    assert reason in undone.text
    kept = select(words.c.kind).where(words.c.body == reason)
    assert await house.value(kept) == "unsent.1.reason", "theirs alone"
    await house.post(path, choice="introduce")
    assert await house.value(kept) is None
    assert house.introduction.approved


async def test_a_no_is_heard_once_it_can_be_undone_no_longer(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="no")
    assert not [ask for ask in house.introduction.asks if ask.person == CLEO.id]
    await house.heard()
    assert house.introduction.open_asks(Role.CONNECTOR)[0].person == CLEO.id


async def test_a_no_that_can_be_undone_holds_up_no_letter_to_anybody_else(house: Visits) -> None:
    await house.approved()
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="no")
    for to, stopped in ((ROSA.id, False), (TOMOKO.id, True), (None, True)):
        stops = partial(has_waiting_stop, introduction_id=house.opening.id, to=to)
        assert await house.shell.database.read(stops) is stopped


async def test_new_words_come_after_a_no_to_the_old_ones(house: Visits) -> None:
    await house.approved()
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="no")
    house.shell.now += timedelta(seconds=1)
    await house.put(Edited(by=ROSA.id))
    house.shell.now += timedelta(seconds=10)
    await house.shell.sweep()
    said = await house.value(select(ask.c.answer).where(ask.c.person == TOMOKO.id, ask.c.version == 1))
    assert said["kind"] == "declined"


async def test_what_is_added_is_part_of_the_same_yes(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    assert (await house.post(path, choice="add")).status_code == 422, "nothing is added"
    added = await house.post(path, choice="add", minutes="yes", terms="Mornings.", more="+81 3 1234", more_kind="phone")
    assert "Twenty minutes are enough." in added.text
    added = await house.post(path, choice="add", booking="https://cal.test/tomoko")
    assert "https://cal.test/tomoko" in added.text
    stands = select(consent.c.channels, consent.c.terms).where(consent.c.revoked_at.is_(None))
    row = await house.row(stands.where(consent.c.person == TOMOKO.id))
    lines = (await house.body(row.terms)).split("\n")
    assert lines == ["Twenty minutes are enough.", "Mornings.", "Please book a time here: https://cal.test/tomoko"]
    assert (row.channels[0], len(row.channels)) == ("cha_tomoko_mail", 2)
    undone = await house.post(path, choice="undo")
    assert "Mornings." in undone.text, "what was typed comes back"


async def test_a_connector_adds_a_sentence_and_that_they_vouch_as_long_as_it_can_be_undone(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="introduce")
    added = await house.post(path, choice="add", sentence="Two hours well spent.", how_known="", vouch="yes")
    assert "you vouch for them" in words_of(added.text)
    assert "Two hours well spent." in added.text
    page = (await house.client.get(path)).text
    await house.shell.time_passes(timedelta(seconds=6))
    before = await house.kept()
    await house.post(path, page=page, choice="add", sentence="Three hours.", how_known="")
    assert await house.kept() == before, "the letter has left"
    assert "Two hours well spent." in await house.page(await house.link(TOMOKO, AskKind.OPT_IN))
