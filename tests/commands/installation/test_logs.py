"""Log lines are one object each, and nothing personal is in them, whatever wrote them."""

import json
import subprocess
import sys
from typing import Any

from tests.commands.terminal import ROOT

CANARY = "canary@example.org"
BEGIN = f"""
import asyncio, logging, structlog
from commands.installation.logs import log_as_json
log_as_json()
ours, theirs, canary = logging.getLogger("introbroker.mailroom"), logging.getLogger("somebody.else"), {CANARY!r}
"""


def lines(script: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert CANARY not in done.stderr + done.stdout
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_is_its_name_and_its_ids() -> None:
    (line,) = lines("ours.info('letter.accepted id=%s kind=%s to=%s', 'let_1', 'ask_target', canary)")
    assert {name: line[name] for name in line if name != "at"} == {
        "level": "info",
        "event": "letter.accepted",
        "id": "let_1",
        "kind": "ask_target",
    }


def test_an_event_by_structlog_reads_the_same() -> None:
    (line,) = lines("structlog.get_logger('introbroker').warning('letter.left', id='let_1', kind=canary, name=canary)")
    assert (line["event"], line["id"], line["level"]) == ("letter.left", "let_1", "warning")
    assert not {"kind", "name"} & line.keys()


def test_a_sentence_instead_of_an_event_is_not_repeated() -> None:
    (line,) = lines("ours.info('A letter to %s has left', canary)")
    assert line["event"] == "unnamed"


def test_of_others_sentences_only_what_stands_in_their_code_is_told() -> None:
    (line,) = lines("theirs.info('unheard'); theirs.warning('cannot reach %s', canary, extra={'payload': canary})")
    assert (line["event"], line["logger"]) == ("cannot reach %s", "somebody.else")


def test_of_an_exception_its_kinds_and_places_are_told() -> None:
    (line,) = lines(
        "try:\n"
        "    try: int(canary)\n"
        "    except ValueError as bad: raise KeyError(canary) from bad\n"
        "except KeyError: ours.exception('drain.stumbled error=%s', 'KeyError')"
    )
    assert (line["event"], line["error"], line["problem"]) == ("drain.stumbled", "KeyError", "KeyError < ValueError")


def test_a_crash_is_told_without_its_words() -> None:
    (line,) = lines("def fall(): raise ValueError(canary)\nfall()")
    assert (line["event"], line["problem"]) == ("process.crashed", "ValueError")


def test_a_task_that_fell_over_unseen_is_told_without_its_words() -> None:
    (line,) = lines(
        "async def fall(): raise ValueError(canary)\n"
        "async def main():\n"
        "    asyncio.ensure_future(fall())\n"
        "    await asyncio.sleep(0.1)\n"
        "    import gc; gc.collect()\n"
        "asyncio.run(main())"
    )
    assert (line["event"], line["logger"]) == ("Task exception was never retrieved", "asyncio")


def test_temporal_says_warnings_only_and_through_the_same_door() -> None:
    (line,) = lines(
        "logging.getLogger('temporalio.worker').info('payload: ' + canary)\n"
        "logging.getLogger('temporalio.activity').warning('Completing activity as failed (%s)', canary)"
    )
    assert line["event"] == "Completing activity as failed (%s)"
