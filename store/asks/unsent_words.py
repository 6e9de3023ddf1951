"""Words of an answer that was undone: theirs alone, and given back on the page of the question until they answer anew.

Nobody else ever reads them; they go with the next answer, and with everything else of the introduction.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from models.ids import AskNumber, IntroductionId, PersonId
from models.news import News
from store.asks.facts import typed_with
from store.engine.ids import new_id
from store.tables import channel, private_note, words

_PREFIX = "unsent."
# Of all their questions. Built once: building a statement costs more than running it, and each page behind a link does.
_KEPT = select(words.c.kind, words.c.body).where(
    words.c.introduction == bindparam("this"),
    words.c.owner == bindparam("who"),
    words.c.kind.startswith(_PREFIX, autoescape=True),
)


def keep(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, news: News, now: datetime
) -> None:
    """What they had typed with this answer, before the answer and its words go."""
    forget(connection, introduction, number, who)
    for field, body in _typed(connection, introduction, number, who, news).items():
        row = {"id": new_id("wrd"), "introduction": introduction, "owner": who, "at": now}
        connection.execute(insert(words).values(row | {"kind": _kind(number, field), "body": body}))


def given_back(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId
) -> dict[str, str]:
    """By the field it was typed into."""
    begins = _kind(number, "")
    rows = connection.execute(_KEPT, {"this": introduction, "who": who})
    return {row.kind.removeprefix(begins): row.body for row in rows if row.kind.startswith(begins)}


def forget(connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId) -> None:
    """They have answered anew: what they say now is what they say."""
    this = (words.c.introduction == introduction, words.c.owner == who)
    connection.execute(delete(words).where(*this, words.c.kind.startswith(_kind(number, ""), autoescape=True)))


def _typed(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, news: News
) -> dict[str, str]:
    found = typed_with(connection, news)
    beside = (private_note.c.introduction == introduction, private_note.c.ask == number, private_note.c.owner == who)
    note = connection.execute(select(private_note.c.body).where(*beside)).scalar() or ""
    found["note"] = "" if news.kind == "declined" else note
    if news.kind == "declined":  # a reason for nobody is a note of their own
        found["reason"] = found["reason"] or note
    if given := getattr(news, "address", None):
        value = connection.execute(select(channel.c.value).where(channel.c.id == given)).scalar()
        found["address"] = value or ""
    return {field: body for field, body in found.items() if body}


def _kind(number: AskNumber, field: str) -> str:
    return f"{_PREFIX}{number}.{field}"
