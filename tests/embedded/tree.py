"""A tree for the tests to start and to kill: a real Temporal server, a page that answers, a worker that idles.

Run as `python -m tests.embedded.tree`; the settings come from the environment, as in the real one. A number after
it is of the open socket to serve on.
"""

import asyncio
import sys

import settings
from embedded.child import Child
from embedded.folder import StartRefused
from embedded.installation import embedded_stack, pages_answer
from embedded.ports import handed_down
from embedded.supervisor import StopAsked
from settings import Settings

IDLES = [sys.executable, "-c", "import time; print('idling', flush=True); time.sleep(3600)"]


def children(told: Settings, environment: dict[str, str], listening: int) -> list[Child]:
    page = [sys.executable, "-m", "tests.embedded.page", str(listening)]
    return [
        Child(name="worker", argv=IDLES, environment=environment),
        Child(
            name="web", argv=page, environment=environment, is_ready=lambda _: pages_answer(told), sockets=(listening,)
        ),
    ]


async def prepare(told: Settings) -> None:
    print("prepared", flush=True)


async def main() -> None:
    told = settings.load()
    listening = handed_down(int(sys.argv[1]), told.host, told.port, "INTROBROKER_HTTP") if sys.argv[1:] else None
    async with embedded_stack(told, prepare, lambda line: print(line, flush=True), children, listening) as stack:
        assert stack.settings.temporal is not None
        print("up", stack.settings.temporal["target_host"], stack.settings.temporal["namespace"], flush=True)
        await stack.supervisor.watch()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except StopAsked:
        print("stopped while starting", flush=True)
    except StartRefused as refusal:
        print(refusal, flush=True)
        sys.exit(1)
