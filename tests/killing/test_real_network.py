"""Introductions across a whole network find their connectors and reach their outcome, one and then many at once.

The network comes in through the command, letters leave by SMTP, workflows run on the real server, and people answer
through the links in their letters. `make test` plays three at once across a small network; `make soak` twenty, and
eight and two hundred across a real one, a research institution's mail (benchmarks/email_eu.py), where its data is.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from benchmarks.email_eu import FOLDER, GRAPH, LABELS, Network, read_network, write_files
from models.letters import LetterKind
from models.outcomes import Ending
from store.audit.verify import verify
from store.tables import introduction, letter
from tests.support.network import Town, strangers, town, write_small_network
from tests.support.services.databases import Place
from tests.support.services.sink import Sink

IS_THERE = all((FOLDER / name).is_file() for name in (GRAPH, LABELS))
# Under such a burst a step may outlive its two seconds and end in the moment in which it is cancelled; the SDK says so
# in a warning, and the step is recorded by the patient activity after it.
pytestmark = pytest.mark.filterwarnings("ignore:Cannot find activity to cancel")
real = pytest.mark.skipif(not IS_THERE, reason=f"the network's data is not in {FOLDER.resolve()}")


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("at_once", [3, pytest.param(20, marks=pytest.mark.soak)])
async def test_introductions_across_a_small_network_reach_their_outcome(
    temporal_env: WorkflowEnvironment, sink: Sink, empty_place: Place, tmp_path: Path, at_once: int
) -> None:
    await reach_their_outcome(small_network(tmp_path), temporal_env, sink, empty_place, tmp_path, at_once)


@real
@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("at_once", [8, 200])
async def test_across_a_real_network_it_is_no_different(
    temporal_env: WorkflowEnvironment, sink: Sink, empty_place: Place, tmp_path: Path, at_once: int
) -> None:
    await reach_their_outcome(read_network(FOLDER), temporal_env, sink, empty_place, tmp_path, at_once)


async def reach_their_outcome(
    network: Network, env: WorkflowEnvironment, sink: Sink, place: Place, folder: Path, at_once: int
) -> None:
    write_files(network, folder / "files", datetime.now(UTC).date())
    first, *others = strangers(network, 1 + at_once)
    async with town(env, sink, folder, folder / "files", place.url) as found:
        await found.until_all_are_over([await found.ask(*first)], within=120)
        asked = [await found.ask(*pair) for pair in others]
        await found.until_all_are_over(asked, within=300 + 6 * at_once)
        await found.until_all_letters_have_left()
        await everybody_met(found, 1 + at_once)
        await nobody_was_written_to_before_an_approval(found, 1 + at_once)
        await every_letter_was_taken_once(found)
        await everything_holds(found, 1 + at_once)


def small_network(folder: Path) -> Network:
    write_small_network(folder / "graph")
    return read_network(folder / "graph")


async def everybody_met(found: Town, many: int) -> None:
    over = await found.rows(introduction)
    assert Counter(row.ending for row in over) == {Ending.MET: many}
    assert all(row.connector not in (row.requester, row.target) for row in over)


async def nobody_was_written_to_before_an_approval(found: Town, many: int) -> None:
    """As the mail server saw it: the target's letter came after the connector had pressed the button."""
    of = {row.message_id: row for row in await found.rows(letter)}
    approved = {of[each.letter].introduction: each.received for each in found.approvals}
    assert len(approved) == many
    for place, received in enumerate(found.sink.kept):
        planned = of[received.message_id]
        if planned.kind in (LetterKind.ASK_TARGET, LetterKind.INTRODUCTION_TO_TARGET):
            assert place >= approved[planned.introduction]


async def every_letter_was_taken_once(found: Town) -> None:
    rows = await found.rows(letter)
    assert {row.state for row in rows} <= {"accepted", "dropped"}
    accepted = Counter(row.message_id for row in rows if row.state == "accepted")
    assert Counter(each.message_id for each in found.sink.kept) == accepted
    assert set(accepted.values()) == {1}


async def everything_holds(found: Town, many: int) -> None:
    """Chain, read model, rules and letters of each, from the ledger up."""
    gone_through = [each async for each in verify(found.database)]
    assert len(gone_through) == many
    assert [fault for each in gone_through for fault in each.faults] == []
