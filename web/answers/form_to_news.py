"""Forms turned into news. The choice and the fields of one POST, turned into news and what is kept beside it."""

from collections.abc import Callable

from models.news import News
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, RatherNot, Wrote
from web.answers import connector_answers, party_answers, report_answers
from web.answers.answer_context import Answering


def what_was_said(answering: Answering, choice: str) -> News | None:
    """The news, or None where the form has faults."""
    news = _SAYINGS[choice](answering)
    return None if answering.form.faults else news


_SAYINGS: dict[str, Callable[[Answering], News | None]] = {
    "introduce": connector_answers.introduce,
    "vouch": connector_answers.vouch,
    "forward": connector_answers.forward,
    "give": connector_answers.give_address,
    "redirect": connector_answers.redirect,
    "later": party_answers.put_off,
    "not_me": party_answers.not_me,
    "no": party_answers.decline,
    "yes": party_answers.agree,
    "as_last_time": party_answers.agree_as_last_time,
    "two_lines": party_answers.answer_in_two_lines,
    "wrote": report_answers.report(lambda _: Wrote(yet=True)),
    "not_yet": report_answers.report(lambda _: Wrote(yet=False)),
    "met": report_answers.report(report_answers.met),
    "useful": report_answers.report(lambda _: Met(useful=True)),
    "not_useful": report_answers.report(lambda _: Met(useful=False)),
    "ahead": report_answers.report(lambda _: MeetingAhead()),
    "not_met": report_answers.report(lambda _: DidNotMeet()),
    "no_show": report_answers.report(lambda _: NoShow()),
    "rather_not": report_answers.report(lambda _: RatherNot()),
    "thank": report_answers.thank,
    "already": report_answers.already_thanked,
    "undo": report_answers.undo,
    "withdraw": report_answers.withdraw,
    "take_back": report_answers.take_back,
}
