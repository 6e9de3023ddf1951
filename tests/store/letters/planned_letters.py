"""Letters of each kind, brought into the outbox. By the story that plans it, told up to that point."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import AskKind
from models.letters import LetterKind
from models.news import SentBack
from models.outcomes import Met
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from store.engine.database import SQLite
from tests.cast import CARL, CLEO, OLIVE, ROSA, SOME_WORDS, TOMOKO, opening, policy
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.models.exploration.causes import finds_nobody
from tests.support.news_phrases import answers_in_two_lines, approves, declines, opts_in, reports, thanks

A_MINUTE = timedelta(minutes=1)
ABOUT_TO_BE = timedelta(seconds=31)  # until what was just said can no longer be undone


class Told(NamedTuple):
    """A story as it stood when it had been told once; the others begin from there."""

    database: sqlite3.Connection
    opening: Opening
    introduction: Introduction
    now: datetime


_TOLD: dict[tuple[LetterKind, str], Told] = {}


async def planned(desk: Desk, kind: LetterKind) -> Case:
    """One introduction whose next letter of this kind is due; whatever came before it has been accepted."""
    told_before = (kind, desk.rules.model_dump_json())
    if told_before not in _TOLD or not isinstance(desk.database, SQLite):
        case = await STORIES[kind](desk, Post())
        desk.passes(ABOUT_TO_BE)
        if not isinstance(desk.database, SQLite):  # only a file is so quickly copied
            return await _with(case, kind)
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with _opened(desk) as database:
            database.backup(kept)
        _TOLD[told_before] = Told(kept, case.opening, case.introduction, desk.now)
    told = _TOLD[told_before]
    with _opened(desk) as database:
        told.database.backup(database)
    desk.now = told.now
    case = Case(desk, told.opening)
    case.course.unrecorded.clear()  # the copied file holds it all
    case.course.introduction = told.introduction
    return await _with(case, kind)


async def _with(case: Case, kind: LetterKind) -> Case:
    """Its letter has not left yet."""
    letter = await case.last(kind)
    assert (letter.state, letter.reminder) == ("planned", False)
    return case


@contextmanager
def _opened(desk: Desk) -> Iterator[sqlite3.Connection]:
    assert isinstance(desk.database, SQLite)
    database = sqlite3.connect(desk.database.engine.url.database or "")
    yield database
    database.close()


async def _requested_by_key(desk: Desk, post: Post) -> Case:
    return await desk.asked(MadeBy.KEY)


async def _asked(desk: Desk, post: Post) -> Case:
    return await desk.asked()


async def _advised(desk: Desk, post: Post) -> Case:
    screening = {"answer_within": "5 min", "backup_within": "5 min", "send_back": True}
    case = await desk.asked(begun=opening(policy("demo", {"screening": screening}), asked_at=desk.now))
    await case.hear(SentBack(by=OLIVE.id, words=SOME_WORDS))
    return case


async def _approved(desk: Desk, post: Post) -> Case:
    case = await desk.asked()
    await desk.carry(post)
    await case.hear(approves(CARL))
    return case


async def _approved_and_written(desk: Desk, post: Post) -> Case:
    case = await _approved(desk, post)
    desk.passes(ABOUT_TO_BE)
    await desk.carry(post)
    return case


async def _finds_nobody(desk: Desk, post: Post) -> Case:
    rules = policy("demo", {"connector.another_address": True, "letters.connector": 3})
    case = await desk.asked(begun=opening(rules, asked_at=desk.now))
    await desk.carry(post)
    await case.hear(approves(CARL))
    desk.passes(ABOUT_TO_BE)
    await desk.carry(post)
    await case.hear(finds_nobody(TOMOKO.id))
    return case


async def _delivered(desk: Desk, post: Post) -> Case:
    case = await _approved_and_written(desk, post)
    await case.hear(opts_in(TOMOKO), opts_in(ROSA))
    await case.wait_until("following_up")
    return case


async def _in_two_lines(desk: Desk, post: Post) -> Case:
    case = await _approved_and_written(desk, post)
    await case.hear(answers_in_two_lines(TOMOKO))
    await case.wait_until("closed")
    return case


async def _declined(desk: Desk, post: Post) -> Case:
    case = await desk.asked()
    await desk.carry(post)
    await case.hear(declines(CARL))
    await desk.carry(post)
    await case.hear(declines(CLEO))
    await case.wait_until("closed")
    return case


async def _written(desk: Desk, post: Post) -> Case:
    """Rosa agreed with her request, so that a letter is left in her budget."""
    rules = policy("demo", {"order": "requester_at_request"})
    case = await desk.asked(begun=opening(rules, asked_at=desk.now))
    await desk.carry(post)
    await case.hear(approves(CARL))
    desk.passes(ABOUT_TO_BE)
    await desk.carry(post)
    await case.hear(opts_in(TOMOKO))
    await case.wait_until("following_up")
    await desk.carry(post)
    await case.wait()
    return case


async def _introduced(desk: Desk, post: Post, fields: dict[str, object]) -> Case:
    """Under these rules, and both letters of it have left."""
    case = await desk.asked(begun=opening(policy("demo", fields), asked_at=desk.now))
    await desk.carry(post)
    await case.hear(approves(CARL))
    desk.passes(ABOUT_TO_BE)
    await desk.carry(post)
    await case.hear(opts_in(ROSA), opts_in(TOMOKO))
    await case.wait_until("following_up")
    await desk.carry(post)
    return case


async def _not_written(desk: Desk, post: Post) -> Case:
    """Nobody knows whether Rosa has written, and two letters are left in Tomoko's budget."""
    fields: dict[str, object] = {"letters.target": 4, "follow_up.first_contact": "20 s"}
    case = await _introduced(desk, post, fields)
    await case.wait()
    await case.wait()
    return case


async def _meet(desk: Desk, post: Post) -> Case:
    case = await _delivered(desk, post)
    await desk.carry(post)
    await case.wait_for(AskKind.MEET)
    return case


async def _met(desk: Desk, post: Post) -> Case:
    case = await _meet(desk, post)
    await desk.carry(post)
    await case.hear(reports(ROSA, Met(useful=True)))
    await case.wait_for(AskKind.THANKS)
    return case


async def _thanked(desk: Desk, post: Post) -> Case:
    case = await _met(desk, post)
    await desk.carry(post)
    await case.hear(thanks(ROSA))
    return case


async def _term_over(desk: Desk, post: Post) -> Case:
    """A day in March ends the term; nobody has said before how it went."""
    fields: dict[str, object] = {"follow_up.term": {"ends": ["03-20"], "answer_within": "7 d"}}
    case = await _introduced(desk, post, fields)
    await case.wait_for(AskKind.CLOSING)
    return case


async def _over(desk: Desk, post: Post) -> Case:
    case = await _thanked(desk, post)
    desk.passes(A_MINUTE)
    await desk.carry(post)
    await case.hear(reports(TOMOKO, Met(useful=True)))
    return case


STORIES: dict[LetterKind, Callable[[Desk, Post], Awaitable[Case]]] = {
    LetterKind.CONFIRM_REQUEST: _requested_by_key,
    LetterKind.ADVICE: _advised,
    LetterKind.ASK_CONNECTOR: _asked,
    LetterKind.ASK_ADDRESS: _finds_nobody,
    LetterKind.ASK_TARGET: _approved,
    LetterKind.ASK_REQUESTER: _approved,
    LetterKind.INTRODUCTION_TO_REQUESTER: _delivered,
    LetterKind.INTRODUCTION_TO_TARGET: _delivered,
    LetterKind.TWO_LINES: _in_two_lines,
    LetterKind.NO_INTRODUCTION: _declined,
    LetterKind.HAVE_YOU_WRITTEN: _written,
    LetterKind.HAVE_THEY_WRITTEN: _not_written,
    LetterKind.DID_YOU_MEET: _meet,
    LetterKind.WAS_IT_USEFUL: _thanked,
    LetterKind.THANK_YOU: _met,
    LetterKind.TERM_OVER: _term_over,
    LetterKind.TERM_OVER_TO_TARGET: _term_over,
    LetterKind.HOW_IT_WENT: _over,
}
