"""A process known by more than its number. A number alone does not tell: numbers are used again."""

import os
from pathlib import Path


def started_at(pid: int) -> int | None:
    """When the process started, in the kernel's own ticks; None where the kernel does not say."""
    try:
        # The name in parentheses may itself hold spaces and parentheses: the fields are counted after the last one.
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(after_name[19])


def is_alive(pid: int, started: int | None) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return started is None or (started_at(pid) == started and not is_zombie(pid))


def is_zombie(pid: int) -> bool:
    """Ended, but nobody has asked how yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def listens(pid: int, port: int) -> bool | None:
    """Whether this very process listens on the port; None where the kernel does not say."""
    try:
        open_files = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
        tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    except OSError:
        return None
    rows = [row.split() for table in tables for row in table]
    listening = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}
    return not listening.isdisjoint(open_files)
