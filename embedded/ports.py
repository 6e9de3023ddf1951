"""Ports of this machine. Asked before anything listens, so that a taken one is a sentence and not a riddle."""

import errno
import socket
from pathlib import Path

from embedded.folder import StartRefused


def refuse_if_taken(host: str, port: int, setting: str) -> None:
    """The person chose this port, or our default did: if it is taken, say so and name one that is free."""
    try:
        is_taken = not is_free(host, port)
    except OSError as problem:
        raise StartRefused(f"{setting}: port {port} on {host} cannot be opened: {problem.strerror}.") from None
    if is_taken:
        shown = f"[{host}]" if ":" in host else host
        raise StartRefused(
            f"Port {port} on {host} is taken by another program: free it, or choose another with "
            f"{setting}={shown}:{any_free_port(host)}."
        )


def remembered_port(file: Path, host: str = "127.0.0.1") -> int:
    """The port used last time, so that tools find the server again; another one if that is taken now."""
    try:
        port = int(file.read_text())
    except (OSError, ValueError):
        port = 0
    if not 0 < port < 65536 or not is_free(host, port):
        port = any_free_port(host)
        file.write_text(str(port))
    return port


def is_free(host: str, port: int) -> bool:
    """Free to listen on; an address that does not exist here raises OSError instead."""
    with listener(host) as probe:
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def any_free_port(host: str = "127.0.0.1") -> int:
    with listener(host) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def listener(host: str) -> socket.socket:
    probe = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    # As servers do: a port whose last connections are still fading away counts as free.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe
