"""A letter says that the request has changed only to somebody who has had a letter with the words before."""

from email.message import EmailMessage

import pytest

from models.ids import WordsId
from models.news import Edited
from store.tables import words
from tests.cast import CARL, ROSA, ROSAS_MAIL, TOMOKO, Person
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import ABOUT_TO_BE
from tests.support.news_phrases import approves

CHANGED = "The request has changed"


@pytest.mark.parametrize("has_read", [False, True])
@pytest.mark.parametrize("who", [CARL, TOMOKO])
async def test_who_never_had_a_letter_is_not_told_that_it_has_changed(
    at_desk: Desk, who: Person, has_read: bool
) -> None:
    case = await at_desk.asked()
    if who == TOMOKO:
        await at_desk.carry(Post())
        await case.hear(approves(CARL))
        at_desk.passes(ABOUT_TO_BE)
    if has_read:
        await at_desk.carry(Post())
    await _edited(case)
    post = Post()
    await at_desk.carry(post)
    if who == TOMOKO:
        await case.hear(approves(CARL))
        at_desk.passes(ABOUT_TO_BE)
        await at_desk.carry(post)
    letters = post.received(who.address)
    while len(letters) < 2:  # the first letter to this person about these words, and its reminder
        await case.wait()
        await at_desk.carry(post)
        letters = post.received(who.address)
    assert [CHANGED in _text(each) for each in letters] == [has_read, False], (
        "a reminder repeats words that they have had by then"
    )


async def _edited(case: Case) -> None:
    note = {"id": "wrd_new", "owner": ROSA.id, "introduction": case.id, "kind": "note", "at": case.desk.now}
    await case.desk.add(words, **note, body="Tomoko, my pumps ran for a year.")
    await case.hear(Edited(by=ROSA.id, note=WordsId("wrd_new"), channels=(ROSAS_MAIL,)))


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    return " ".join(str(body.get_content()).split())
