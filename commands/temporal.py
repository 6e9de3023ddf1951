"""Temporal as commands reach it: the cluster that is named, or the server of the data folder, where it runs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from temporalio.client import Client, Plugin

    from settings import Settings


async def reached(told: "Settings", plugins: "tuple[Plugin, ...]" = ()) -> "Client | None":
    """None where a server of our own would be, and does not run. RuntimeError where a named one does not let us in."""
    from temporalio.client import Client

    from embedded.temporal import HOST
    from workflows.connection import connect

    if told.temporal:
        return await connect(told.temporal, plugins)
    port, identity = _text(told.data / "temporal.port"), _text(told.data / "identity")
    if not port or not identity:
        return None
    try:
        return await Client.connect(f"{HOST}:{port}", namespace=f"introbroker-{identity}", plugins=plugins)
    except RuntimeError:
        return None


def _text(file: "Path") -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
