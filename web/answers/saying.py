"""Forms turned into news. The choice and the fields of one POST, turned into news and what is kept beside it."""

from collections.abc import Callable

from models.news import News
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, RatherNot, Wrote
from web.answers import connectors, parties, reports
from web.answers.answering import Answering


def what_was_said(answering: Answering, choice: str) -> News | None:
    """The news, or None where the form has faults."""
    news = _SAYINGS[choice](answering)
    return None if answering.form.faults else news


_SAYINGS: dict[str, Callable[[Answering], News | None]] = {
    "introduce": connectors.introduce,
    "vouch": connectors.vouch,
    "forward": connectors.forward,
    "give": connectors.give_address,
    "redirect": connectors.redirect,
    "later": parties.put_off,
    "not_me": parties.not_me,
    "no": parties.decline,
    "yes": parties.agree,
    "as_last_time": parties.agree_as_last_time,
    "two_lines": parties.answer_in_two_lines,
    "wrote": reports.report(lambda _: Wrote(yet=True)),
    "not_yet": reports.report(lambda _: Wrote(yet=False)),
    "met": reports.report(reports.met),
    "useful": reports.report(lambda _: Met(useful=True)),
    "ahead": reports.report(lambda _: MeetingAhead()),
    "not_met": reports.report(lambda _: DidNotMeet()),
    "no_show": reports.report(lambda _: NoShow()),
    "rather_not": reports.report(lambda _: RatherNot()),
    "thank": reports.thank,
    "already": reports.already_thanked,
    "undo": reports.undo,
    "withdraw": reports.withdraw,
    "take_back": reports.take_back,
}
