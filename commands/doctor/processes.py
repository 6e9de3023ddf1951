"""Findings about the processes that run: whether what each was told agrees with the others, and with this command."""

from sqlalchemy import Connection

from commands.doctor.findings import Diagnosis, unsure, well, wrong
from commands.installation.agreement import KEYS_DO, among, called, has_web, no_web_yet, place_of
from commands.installation.heartbeat import fingerprint, living, machine, now
from embedded.folder import StartRefused
from embedded.keys import key_ring
from settings import Settings
from store.installation import processes, webs
from store.installation.processes import Process


def look(connection: Connection, told: Settings) -> list[Diagnosis]:
    running, _ = living(machine(), processes.running(connection, now))
    if not running:
        return [unsure("processes", "none has been heard of of late", "introbroker run, or worker, mailroom and web")]
    found = [(wrong if each.is_grave else unsure)("processes", each.said, each.do) for each in among(running)]
    if not has_web(running):
        lone = [each for each in running if each.kind == "mailroom" and not webs.is_known(connection, place_of(each))]
        found += [unsure("processes", each.said, each.do) for each in map(no_web_yet, lone)]
    found += _keys_here(running, told)
    kinds = ", ".join(sorted(each.kind for each in running))
    return found or [well("processes", f"{len(running)} run, and agree: {kinds}")]


def _keys_here(running: list[Process], told: Settings) -> list[Diagnosis]:
    """Whether keys and erasures made from this terminal would count there."""
    if not (told.data / "keys.json").is_file():
        return []
    try:
        here = {fingerprint(key.secret) for key in key_ring(told.data)}
    except StartRefused:
        return []  # the look at the keys says so
    others = [each for each in running if each.told.keys[0] not in here]
    return (
        [wrong("processes", f"keys.json of this command is not that of {called(others[0])}", KEYS_DO)] if others else []
    )
