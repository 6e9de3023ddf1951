"""The page of a question draws no answer that a POST to it may not choose, whatever the programme decided."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from models.outcomes import Met
from models.policy.policy import Policy
from tests.cast import CARL, EVERYBODY, ROSA, TOMOKO, opening, policy
from tests.support.news_phrases import approves, opts_in, reports
from tests.web.answers.house import Visits, visits
from web.answers.offers import offered

A_CHOICE = re.compile(r'<(?:input|button)\b(?=[^>]*name="choice")[^>]*value="([^"]+)"')
BY_DEFAULT = policy("demo", {"follow_up.hear_both": False, "pauses": None})


@pytest.mark.parametrize("rules", [policy("demo"), BY_DEFAULT], ids=["both are heard", "by default"])
async def test_no_page_draws_an_answer_that_it_would_refuse(tmp_path: Path, rules: Policy) -> None:
    async with visits(tmp_path, opening(rules)) as house:
        await looks_at_each_question(house, 1)
        await house.shell.engine.hear(house.opening.id, approves(CARL))
        await house.shell.time_passes(rules.undo_for.nominal)
        await looks_at_each_question(house, 2)
        await house.shell.engine.hear(house.opening.id, opts_in(TOMOKO), opts_in(ROSA))
        await house.shell.time_passes(timedelta(seconds=28))
        await looks_at_each_question(house, 2)  # have you written?
        await house.shell.time_passes(timedelta(minutes=11))
        await looks_at_each_question(house, 2)  # did you meet?
        await house.shell.engine.hear(house.opening.id, reports(ROSA, Met()))
        await house.shell.time_passes(timedelta(seconds=16))
        await looks_at_each_question(house, 2)  # thanks


async def looks_at_each_question(house: Visits, many: int) -> None:
    asked = house.introduction.open_asks()
    assert len(asked) == many, asked
    for ask in asked:
        path = await house.link(next(each for each in EVERYBODY if each.id == ask.person), ask.kind)
        drawn = set(A_CHOICE.findall((await house.client.get(path)).text))
        view = await house.view(path)
        assert drawn, f"{ask.kind} of the {ask.role}"
        assert drawn <= set(offered(view)), f"{ask.kind} of the {ask.role}: {drawn - set(offered(view))}"
