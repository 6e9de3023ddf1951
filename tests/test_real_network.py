"""Does an introduction across a whole network find its connectors and reach its outcome, one and then twenty at once?

The network comes in through the command, letters leave by SMTP, workflows run on the real server, and people answer
through the links in their letters. The real one is a research institution's mail (benchmarks/email_eu.py); where its
data is not there, only a small one of the same shape is played.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from benchmarks.email_eu import FOLDER, GRAPH, LABELS, Network, read_network, write_files
from models.letters import LetterKind
from models.outcomes import Ending
from store.tables import introduction, letter
from store.verify import verify
from tests.network import Town, strangers, town, write_small_network
from tests.sink import Sink

AT_ONCE = 20
IS_THERE = all((FOLDER / name).is_file() for name in (GRAPH, LABELS))
real = pytest.mark.skipif(not IS_THERE, reason=f"the network's data is not in {FOLDER.resolve()}")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("which", ["generated", pytest.param("real", marks=real)])
async def test_introductions_across_the_network_reach_their_outcome(
    which: str, temporal_env: WorkflowEnvironment, sink: Sink, tmp_path: Path
) -> None:
    network = network_of(which, tmp_path)
    write_files(network, tmp_path / "files", datetime.now(UTC).date())
    first, *others = strangers(network, 1 + AT_ONCE)
    async with town(temporal_env, sink, tmp_path, tmp_path / "files") as found:
        await found.until_all_are_over([await found.ask(*first)], within=120)
        asked = [await found.ask(*pair) for pair in others]
        await found.until_all_are_over(asked, within=300)
        await found.until_all_letters_have_left()
        await everybody_met(found)
        await nobody_was_written_to_before_an_approval(found)
        await every_letter_was_taken_once(found)
        await everything_holds(found)


def network_of(which: str, folder: Path) -> Network:
    if which == "real":
        return read_network(FOLDER)
    write_small_network(folder / "graph")
    return read_network(folder / "graph")


async def everybody_met(found: Town) -> None:
    over = await found.rows(introduction)
    assert Counter(row.ending for row in over) == {Ending.MET: 1 + AT_ONCE}
    assert all(row.connector not in (row.requester, row.target) for row in over)


async def nobody_was_written_to_before_an_approval(found: Town) -> None:
    """As the mail server saw it: the target's letter came after the connector had pressed the button."""
    of = {row.message_id: row for row in await found.rows(letter)}
    approved = {of[each.letter].introduction: each.received for each in found.approvals}
    assert len(approved) == 1 + AT_ONCE
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


async def everything_holds(found: Town) -> None:
    """Chain, read model, rules and letters of each, from the ledger up."""
    gone_through = [each async for each in verify(found.database)]
    assert len(gone_through) == 1 + AT_ONCE
    assert [fault for each in gone_through for fault in each.faults] == []
