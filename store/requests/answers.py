"""Answers to a programme's own questions, as rows of words. Their kind says whether staff read them."""

from collections.abc import Mapping

from models.policy.questions import STAFF, Question, RequestRules
from models.request.notes import tidy
from models.request.plain_text import Unfit

READ_BY_STAFF, NOT_BY_STAFF = "answer", "answer_apart"  # kinds of words
PREFIX = "answer:"  # before the id of its question, among the texts of a request


def kind_of(rules: RequestRules, name: str) -> str:
    asked = rules.question(name)
    return READ_BY_STAFF if asked and asked.is_read_by(STAFF) else NOT_BY_STAFF


def given(answers: Mapping[str, str], asked: Question) -> str:
    """The answer as it is kept; empty where there is none."""
    body = tidy(answers.get(asked.id, ""))
    return "" if isinstance(body, Unfit) else body


def answers_among(texts: Mapping[str, str]) -> dict[str, str]:
    """By the ids of their questions."""
    return {name.removeprefix(PREFIX): body for name, body in texts.items() if name.startswith(PREFIX)}


def own_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """What every request says."""
    return {name: body for name, body in texts.items() if not name.startswith(PREFIX)}
