"""The connection to Temporal. By its own standard variables and profile file, or where the embedded server listens."""

from collections.abc import Sequence

from temporalio.client import Client, Plugin
from temporalio.envconfig import ClientConfig, ClientConnectConfig


async def connect(config: ClientConnectConfig | None, plugins: Sequence[Plugin], *, lazy: bool = False) -> Client:
    """A client with our plugins. `lazy` connects at the first call, so that pages serve while Temporal is away."""
    return await Client.connect(**(config or ClientConfig.load_client_connect_config()), plugins=plugins, lazy=lazy)
