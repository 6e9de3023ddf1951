"""The tether of a child to its parent. It dies too: this program ties itself, then becomes the child.

Run as a script, `parent_tether.py PARENT_PID PROGRAM ARGUMENT...`: the tie is made in the child after the fork, and
code of ours run there, in a copy of a program with threads, may lock up for ever.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        # SIGKILL, since nothing that runs here loses anything by it, and nothing can be deaf to it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A program started in the background by a script ignores Ctrl-C, and its children would too.
        signal.signal(number, signal.SIG_DFL)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
