"""Reminders: "our only one" is said only where it is."""

from tests.cast import CARL
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.support.news_phrases import puts_off


async def test_what_comes_back_after_later_may_have_been_reminded_of_before(at_desk: Desk) -> None:
    """Both questions had a reminder, and each of them called itself the only one."""
    case, post = await at_desk.asked(), Post()
    await _letters_after(case, post, 2)
    await case.hear(puts_off(CARL, at_desk.now + at_desk.rules.connector.answer_within.nominal / 10))
    texts = await _letters_after(case, post, 4)
    assert ["Our only reminder" in text for text in texts] == [False, True, False, False]
    assert "A reminder." in texts[3]


async def _letters_after(case: Case, post: Post, count: int) -> list[str]:
    await case.desk.carry(post)
    while len(post.received(CARL.address)) < count:
        await case.wait()
        await case.desk.carry(post)
    bodies = (each.get_body(("plain",)) for each in post.received(CARL.address))
    return [str(body.get_content()) for body in bodies if body]
