"""Cleaning in a process of its own: with little memory, little time, no environment, and nothing else to lose.

A decoder is where a hostile file would break in or grow without end. What does not come back in time is refused.
"""

import json
import subprocess
import sys
import threading
from pathlib import PurePath

from images.results import LOGO, RULES, CleanImage, ImageFault, PictureRules, UnfitPicture

WITHIN, OF_CPU, MEMORY = 15, 5, 1024**3  # seconds by the clock, seconds of a processor, bytes
AT_ONCE, PATIENCE = 2, 5  # drawings in one process of ours; seconds that one more waits for its turn
_SLOTS = threading.BoundedSemaphore(AT_ONCE)


def cleaned(data: bytes, name: str = "", rules: PictureRules = LOGO) -> CleanImage | ImageFault:
    """The picture of this file drawn anew, or why it is not taken. It waits for a process: not in an event loop."""
    if len(data) > rules.file_limit:
        return ImageFault.TOO_LARGE
    if not _SLOTS.acquire(timeout=PATIENCE):
        return ImageFault.BUSY
    command = _command(name, rules)
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WITHIN, env={}, check=False)
    except subprocess.TimeoutExpired:
        return ImageFault.TOO_MUCH_IN_IT
    finally:
        _SLOTS.release()
    if done.returncode:
        return ImageFault.TOO_MUCH_IN_IT
    head, _, png = done.stdout.partition(b"\n")
    told = json.loads(head)
    return ImageFault(told["fault"]) if "fault" in told else CleanImage(png, told["width"], told["height"])


def _command(name: str, rules: PictureRules) -> list[str]:
    """Of its name only the ending counts, and of that only what any system can hand to a process."""
    ending = "".join(each for each in PurePath(name).suffix[:8] if each == "." or (each.isascii() and each.isalnum()))
    return [sys.executable, "-P", "-m", "images.cleaning_process", rules.name, f"file{ending}"]


def main() -> None:
    """Read a file, write what is said of it on one line, and the PNG behind it."""
    from images.cleaning import clean  # here alone: whoever waits for us loads no decoder

    _stay_small()
    try:
        rules = RULES[sys.argv[1]]
        made = clean(sys.stdin.buffer.read(rules.file_limit + 1), sys.argv[2], rules)
    except UnfitPicture as why:
        sys.stdout.buffer.write(json.dumps({"fault": why.fault.value}).encode() + b"\n")
        return
    sys.stdout.buffer.write(json.dumps({"width": made.width, "height": made.height}).encode() + b"\n" + made.png)


def _stay_small() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (OF_CPU, OF_CPU))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
