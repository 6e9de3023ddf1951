"""The page of the process: what follows from every news at every stage. As found by trying all of it."""

from collections import defaultdict
from typing import get_args

from models.news import News
from models.process.state.stages import Stage
from models.process.verdict import Reason
from tests.models.exploration.move_checks import OPENINGS, Seen, seen

MARK = "<!-- written by `make docs` from here on: what every state of the core does with every news -->\n"
STAGES = {stage.model_fields["kind"].default: stage for stage in get_args(get_args(Stage)[0])}
NEWS = [news.model_fields["kind"].default for news in get_args(get_args(News)[0])]

WHY = {
    Reason.CLOSED: "it is over",
    Reason.OLD_VERSION: "the request has changed since",
    Reason.NOT_YOURS: "not theirs to say",
    Reason.OWN_PART: "an operator's own",
    Reason.ALREADY_ANSWERED: "answered already",
    Reason.SETTLED: "it went on without this",
    Reason.TOO_LATE_TO_UNDO: "too late to undo",
    Reason.ALREADY_INTRODUCED: "introduced already",
    Reason.BUSY: "the letters are being written",
    Reason.EDITED_OFTEN: "changed as often as it may be",
    Reason.OFTEN_ENOUGH: "done as often as it may be",
    Reason.BAD_DATE: "past, or too far away",
    Reason.NOT_AN_ANSWER: "no answer to this question",
    Reason.NOT_NOW: "not at this stage",
    Reason.NOTHING_DUE: "nothing is due",
}


def page(head: str) -> str:
    """The whole page: its story as it was written by hand, and below it what was found."""
    return head.partition(MARK)[0] + MARK + "".join(_chapter(kind) for kind in STAGES)


def _chapter(stage: str) -> str:
    found = [seen(name) for name in OPENINGS]
    what = (STAGES[stage].__doc__ or "").strip().splitlines()
    title = f"\n## {_words(stage).capitalize()}\n\n{what[0] if what else 'It is over.'}\n"
    return title + _decided(stage, found) + _refused(stage, found)


def _decided(stage: str, found: list[Seen]) -> str:
    rows = [(news, _next(stage, news, found)) for news in NEWS]
    lines = [f"| {_words(news)} | {', '.join(map(_words, following))} |" for news, following in rows if following]
    return "\n| news | it then stands |\n|---|---|\n" + "\n".join(lines) + "\n" if lines else ""


def _refused(stage: str, found: list[Seen]) -> str:
    """News that is never heard here, by the reason the person asked would be given."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for news in NEWS:
        if not _next(stage, news, found):
            by_reason[_reason(stage, news, found)].append(_words(news))
    lines = [f"- {reason}: {', '.join(by_reason[reason])}" for reason in sorted(by_reason)]
    return "\nRefused:\n\n" + "\n".join(lines) + "\n"


def _next(stage: str, news: str, found: list[Seen]) -> list[str]:
    following = {kind for each in found for kind in each.followed.get((stage, news), ())}
    return [kind for kind in STAGES if kind in following]


def _reason(stage: str, news: str, found: list[Seen]) -> str:
    rightful = {reason for each in found for reason in each.refused.get((stage, news), ())}
    return "; ".join(WHY[reason] for reason in WHY if reason in rightful) or "no question lies open that this answers"


def _words(kind: str) -> str:
    return kind.replace("_", " ")
