"""Findings about Temporal: reached, equipped, and with a worker."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeWorkerDeploymentRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from commands import clock
from commands.databases import is_missing
from commands.doctor.databases import skew
from commands.doctor.findings import Diagnosis, unsure, well, wrong
from commands.temporal import reached
from embedded.temporal import RETENTION, describe
from settings import Settings
from store.engine.database import DatabaseAway, database
from store.engine.schema_version import Shape, shape
from store.installation import namespace
from store.installation.processes import SKEW
from store.views.introductions import how_many_under_way
from workflows.client import DEPLOYMENT, TASK_QUEUE, namespace_id
from workflows.search_attributes import SEARCH_ATTRIBUTES

QUEUE_KINDS = {"workflow": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, "activity": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY}


async def look(told: Settings) -> list[Diagnosis]:
    try:
        client = await reached(told)
    except (RuntimeError, OSError):
        do = "Look at TEMPORAL_ADDRESS, and at its key or certificates."
        return [wrong("Temporal", "it cannot be reached, or does not let us in", do)]
    if client is None:
        return [unsure("Temporal", "`introbroker run` brings a server of its own, which does not run now")]
    try:
        kept = await describe(client)
    except RPCError as refusal:
        if refusal.status is RPCStatusCode.NOT_FOUND:
            return [wrong("Temporal", f"there is no namespace {client.namespace}", "Look at TEMPORAL_NAMESPACE.")]
        return [
            wrong("Temporal", f"it does not answer ({refusal.status.name.lower()})", "Look at its key or certificates.")
        ]
    looks = [_retention(client.namespace, kept), *await _is_ours(client, told), await _words(client)]
    return [*looks, *await _workers(client), *await _builds(client)]


async def _is_ours(client: Client, told: Settings) -> list[Diagnosis]:
    """The namespace in which everything is under way, held against the one that is met; nothing is written down."""
    met = await namespace_id(client)
    if not met or is_missing(told.database_url):
        return []
    try:
        async with database(told.database_url) as opened:
            if await opened.read(shape) is not Shape.OURS:
                return []
            known, now = await opened.read(namespace.look), clock.now()
            under_way = await opened.read(lambda connection: how_many_under_way(connection, now))
    except DatabaseAway:
        return []  # the database's own look says so
    if known.known and known.known != met and under_way:
        said = f"{client.namespace} is not the namespace that holds the {under_way} introductions under way"
        do = "Look at TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE; if that one is gone for good: introbroker begin-anew"
        return [wrong("Temporal", said, do)]
    return []


def _retention(namespace: str, kept: timedelta) -> Diagnosis:
    if kept < RETENTION:
        do = f"Keep closed workflows for {RETENTION.days} days: as long, nothing is begun twice."
        return wrong("Temporal", f"{namespace} keeps what has ended for {kept.days} days only", do)
    return well("Temporal", f"{namespace} is there and keeps what has ended for {kept.days} days")


async def _words(client: Client) -> Diagnosis:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        listed = await client.operator_service.list_search_attributes(request)
    except RPCError:
        do = "See with Temporal's own tools, as in docs/operating.md."
        return unsure("Temporal", "it does not tell which search attributes it has", do)
    missing = [key.name for key in SEARCH_ATTRIBUTES if key.name not in listed.custom_attributes]
    if missing:
        return wrong("Temporal", f"search attributes are missing: {', '.join(missing)}", "introbroker migrate")
    return well("Temporal", "it has our search attributes")


async def _workers(client: Client) -> list[Diagnosis]:
    found: list[Diagnosis] = []
    seen: list[datetime] = []
    for name, kind in QUEUE_KINDS.items():
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=TASK_QUEUE), task_queue_type=kind
        )
        answer = await client.workflow_service.describe_task_queue(request)
        if not answer.pollers:
            found.append(
                wrong("workers", f"nobody takes {name} tasks from the queue {TASK_QUEUE}", "introbroker worker")
            )
        seen += [each.last_access_time.ToDatetime(UTC) for each in answer.pollers]
    if not found:
        found.append(well("workers", f"somebody works on the queue {TASK_QUEUE}"))
    return [*found, *_clock(seen)]


async def _builds(client: Client) -> list[Diagnosis]:
    """Where workers have builds, which of them hears what is under way."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        found = await client.workflow_service.describe_worker_deployment(request)
    except RPCError:
        return []  # there are none
    current = found.worker_deployment_info.routing_config.current_deployment_version.build_id
    if current:
        return [well("workers", f"the current build is {current}")]
    do = "Once one has replayed what is under way, make it the current one: docs/running/versions.md"
    return [unsure("workers", "they have builds, and none is the current one: unversioned workers hear everything", do)]


def _clock(seen: list[datetime]) -> list[Diagnosis]:
    """By when it last saw a worker: it looks again within a minute, so a clock far behind or ahead shows."""
    if not seen:
        return []
    ahead = datetime.now(UTC) - max(seen)
    if timedelta() <= ahead < timedelta(minutes=2):
        return [well("clocks", "ours and Temporal's agree, within two minutes")]
    return [skew("Temporal", ahead if abs(ahead) > SKEW else timedelta())]
