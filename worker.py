"""The worker: hears news for running introductions and records their steps. Composition root of the Temporal side."""

import asyncio
import contextlib
import signal
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.record_step import Recorder
from commands.databases import refuse_another_namespace
from commands.installation.heartbeat import beating
from settings import Settings
from store.engine.database import Database, open_database
from store.journal import inbox
from store.people.locale import get_ready
from workflows.client import DEPLOYMENT, TASK_QUEUE
from workflows.connection import connect
from workflows.plugin import plugin

# Many polls for new workflows bring the first answer's p99 down to a quarter; a short sticky time-out lets another
# worker take over a second after one was killed (docs/measured/speed.md).
WORKFLOW_POLLS = 20
POLLS_FOR_NEW = 0.5
STICKY = timedelta(seconds=1)
CACHED = 1_000  # each costs some 130 KiB (docs/measured/speed.md): the cache is a memory setting
GRACE = timedelta(seconds=30)


def build(
    client: Client,
    database: Database,
    task_queue: str = TASK_QUEUE,
    *,
    max_cached_workflows: int = CACHED,
    build_id: str | None = None,
) -> Worker:
    """A worker over a client that was connected with our plugin. `build_id`: of the deployment it belongs to."""
    return Worker(
        client,
        task_queue=task_queue,
        activities=[Recorder(database).record],
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_task_polls=WORKFLOW_POLLS,
        nonsticky_to_sticky_poll_ratio=POLLS_FOR_NEW,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=GRACE,
        deployment_config=deployment(build_id) if build_id else None,
    )


def deployment(build_id: str) -> WorkerDeploymentConfig:
    """Introductions live for weeks and must get what is mended: an open one moves to the current build by itself."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def run(settings: Settings) -> None:
    """Work until told to stop."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    database = open_database(settings.database_url)
    try:
        await get_ready(database, datetime.now(UTC))
        client = await connect(settings.temporal, [plugin()])
        await refuse_another_namespace(database, client)
        async with beating(database, settings, "worker"), build(client, database, build_id=settings.build):
            # A version before this one may have failed on news, or one after it: nobody waits until it is tried again.
            await database.write(lambda connection: inbox.try_all_now(connection, datetime.now(UTC)))
            await stopped.wait()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await database.close()
