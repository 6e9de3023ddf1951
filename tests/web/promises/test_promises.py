"""The public page says what the policy in force binds the programme to."""

from pathlib import Path

import pytest

from tests import cast
from tests.web.house import visited


@pytest.mark.parametrize("language", ["en", "es", "pt"])
@pytest.mark.parametrize("policy", ["accelerator", "demo"])
async def test_the_promises_of_each_policy_can_be_read_by_anybody(tmp_path: Path, language: str, policy: str) -> None:
    rules = cast.policy(policy)
    async with visited(tmp_path, rules) as house:
        shown = await house.stranger(language).get(f"/p/{cast.PROGRAMME}")
    assert shown.status_code == 200
    assert f'<html lang="{language}">' in shown.text
    assert str(rules.target.cap) in shown.text
    assert "Spring" in shown.text


async def test_a_programme_that_is_not_there_has_no_page(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        assert (await house.stranger().get("/p/prg_other")).status_code == 404


async def test_what_the_requester_learns_is_said_as_the_order_has_it(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("accelerator")) as house:
        assert "Nor are they told whether a connector approved" in (await house.stranger().get("/p/prg_spring")).text


async def test_what_the_promises_do_not_count_and_whom_staff_can_tell_apart_is_said(tmp_path: Path) -> None:
    """More letters came after "later" than the page allowed, and staff read each connector's answer."""
    async with visited(tmp_path, cast.policy("demo")) as house:
        page = (await house.stranger().get(f"/p/{cast.PROGRAMME}")).text
    assert "one more each time somebody asked us to come back later" in page
    assert "a connector&#39;s answer they see" in page.replace("'", "&#39;")
