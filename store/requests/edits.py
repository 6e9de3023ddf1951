"""Edits of a request, kept. Its new words are looked at as at the door and kept; what follows is the core's to say."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection, insert, select

from models.acts import FIELDS
from models.base import Frozen
from models.ids import ChannelId, IntroductionId, PersonId, WordsId
from models.news import Edited
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.request.door import faults_of_words
from models.request.faults import Fault
from models.request.notes import tidy
from models.request.plain_text import Unfit
from models.request.request import Listed, Need, Request
from store.engine.ids import new_id
from store.journal import inbox
from store.requests.answers import answers_among, given, kind_of
from store.requests.door import at_the_door
from store.requests.words import texts
from store.tables import consent, introduction, words


class Written(Frozen):
    """What the request says now, and what it shares."""

    introduction: IntroductionId
    opening: Opening
    state: Introduction
    version: int
    texts: dict[str, str]
    channels: tuple[ChannelId, ...]
    waiting: bool  # a change of theirs has not been heard yet

    @property
    def answers(self) -> dict[str, str]:
        return answers_among(self.texts)

    @property
    def fields(self) -> tuple[str, ...]:
        """Which words this request has: not every one is without a name."""
        return tuple(name for name in FIELDS if name != "blind" or self.opening.blind)


class Changed(Frozen):
    """New words: as they are to be kept, once they are fit."""

    why: str = ""
    read: str = ""
    offer: str = ""
    note: str = ""
    goal: str = ""
    wanted: str = ""
    blind: str = ""
    answers: dict[str, str] = Field(default={})
    channels: tuple[ChannelId, ...] = ()
    wording: str = ""

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FIELDS}


def written(connection: Connection, state: Introduction) -> Written:
    """What may be changed of it. `state`: with all that was said and counts for whoever changes it, so that their page
    hears what the page heard that offers it: everybody (`as_people_said`), or a key's (`as_requesters_said`)."""
    introduction_id = state.id
    row = connection.execute(select(introduction).where(introduction.c.id == introduction_id)).one()
    opening = Opening.read_back(row.opening)
    return Written(
        introduction=introduction_id,
        opening=opening,
        state=state,
        version=row.version,
        texts=texts(connection, introduction_id, row.version),
        channels=_shared(connection, introduction_id, opening),
        waiting=inbox.how_many_wait(connection, introduction_id, ["edited"]) > 0,
    )


def are_still(connection: Connection, now_written: Written) -> bool:
    """Whether these are its words still, and no others have been sent."""
    version = select(introduction.c.version).where(introduction.c.id == now_written.introduction)
    same = connection.execute(version).scalar_one() == now_written.version
    return same and not inbox.how_many_wait(connection, now_written.introduction, ["edited"])


def faults(
    connection: Connection, now_written: Written, changed: Changed, made_by: MadeBy, now: datetime
) -> tuple[Fault, ...]:
    """What the door would say to these words; the rules are those the introduction began under."""
    asked = _as_request(now_written, changed, made_by)
    facts = at_the_door(connection, asked, now).facts
    return faults_of_words(asked, facts, now_written.opening.policy)


def news_of(now_written: Written, changed: Changed, by: PersonId, made_by: Literal["requester", "key"]) -> Edited:
    """The news, with a key for each text that is there; `keep` writes them."""
    texts = {name: changed.texts[name] for name in now_written.fields}
    keys: dict[str, Any] = {
        name: WordsId(new_id("wrd")) for name, text in texts.items() if not isinstance(tidy(text), Unfit)
    }
    return Edited(
        by=by,
        made_by=made_by,
        of=now_written.version,
        **keys,
        channels=changed.channels,
        wording=changed.wording,
        answers=tuple((name, WordsId(new_id("wrd"))) for name in _answered(now_written, changed)),
    )


def _answered(now_written: Written, changed: Changed) -> dict[str, str]:
    asked = now_written.opening.policy.request.questions
    return {each.id: body for each in asked if (body := given(changed.answers, each))}


def keep(connection: Connection, now_written: Written, changed: Changed, news: Edited, now: datetime) -> None:
    """The new words stand beside the old ones; whose they are does not change with who typed them."""
    own = {"introduction": now_written.introduction, "owner": now_written.opening.requester.id, "at": now}
    for name, text in changed.texts.items():
        key, body = getattr(news, name), tidy(text)
        if key and not isinstance(body, Unfit):
            connection.execute(insert(words).values(own | {"id": key, "kind": name, "body": body}))
    answered = _answered(now_written, changed)
    for name, key in news.answers:
        kind = kind_of(now_written.opening.policy.request, name)
        connection.execute(insert(words).values(own | {"id": key, "kind": kind, "body": answered[name]}))


def _as_request(now_written: Written, changed: Changed, made_by: MadeBy) -> Request:
    state = now_written.state
    whom = Listed(person=state.target.id) if state.target else Need(words=now_written.texts.get("need", ""))
    return Request(
        programme=state.programme,
        requester=state.requester.id,
        whom=whom,
        **changed.texts,
        answers=changed.answers,
        unnamed=now_written.opening.blind,
        channels=changed.channels,
        made_by=made_by,
    )


def _shared(connection: Connection, introduction_id: IntroductionId, opening: Opening) -> tuple[ChannelId, ...]:
    given = (
        select(consent.c.channels)
        .where(consent.c.introduction == introduction_id, consent.c.person == opening.requester.id)
        .order_by(consent.c.step.desc())
        .limit(1)
    )
    found = connection.execute(given).scalar_one_or_none()
    return tuple(found) if found is not None else opening.channels
