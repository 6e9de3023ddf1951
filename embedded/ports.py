"""Ports of this machine. Whoever chooses one holds it from then on, and hands the open socket down.

A port found free and let go belongs to whoever takes it next. Only a program that cannot be handed a socket gets a bare
number, from below where systems take ports for anybody, and whoever starts it tries again where it was taken.
"""

import errno
import os
import random
import socket
from pathlib import Path

from embedded.folder import StartRefused
from settings.addresses import bracketed

WAITING = 2048  # connections that may wait while their server starts, or is started again
# Systems give ports from 32768 on to connections and to whoever asks for any.
FOR_OTHERS = range(12_000, 32_000)


def held(host: str, port: int, setting: str) -> socket.socket:
    """Listening from now on. The person chose this port, or our default did: if it is taken, a sentence says so."""
    opened = _socket(host)
    try:
        opened.bind((host, port))
        opened.listen(WAITING)
    except OSError as problem:
        opened.close()
        raise StartRefused(_why_not(problem, host, port, setting)) from None
    return opened


def any_port(host: str = "127.0.0.1") -> socket.socket:
    """Listening on whichever the system gives; its name says which."""
    return held(host, 0, "a port")


def handed_down(fd: int, host: str, port: int, setting: str) -> socket.socket:
    """The socket that whoever started us holds. It must be the one the setting names: what is safe goes by that."""
    try:
        opened = socket.socket(fileno=os.dup(fd))
    except (OSError, OverflowError):  # the number may be none that any system gives
        raise StartRefused(f"--fd {fd} is no open socket: pass on the one that is listened on.") from None
    found = opened.getsockname()
    if found and found[:2] in _addresses(host, port) and opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return opened
    opened.close()
    raise StartRefused(f"--fd {fd} is not a socket that listens on {bracketed(host)}:{port}, which {setting} says.")


def port_for_another(file: Path, host: str = "127.0.0.1") -> int:
    """For a program that binds it by itself: the one it had last time, so that tools find it again, or another."""
    try:
        port = int(file.read_text())
    except (OSError, ValueError):
        port = 0
    if not 0 < port < 65536 or not is_free(host, port):
        port = free_now(host)
        file.write_text(str(port))
    return port


def free_now(host: str = "127.0.0.1") -> int:
    """Free at this moment, which is all that can be said of it."""
    while not is_free(host, port := random.choice(FOR_OTHERS)):
        pass
    return port


def is_free(host: str, port: int) -> bool:
    """Free to listen on; an address that does not exist here raises OSError instead."""
    with _socket(host) as probe:
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def _why_not(problem: OSError, host: str, port: int, setting: str) -> str:
    if problem.errno != errno.EADDRINUSE:
        return f"{setting}: port {port} on {host} cannot be opened: {problem.strerror}."
    return (
        f"Port {port} on {host} is taken by another program: free it, or choose another with "
        f"{setting}={bracketed(host)}:{free_now(host)}."
    )


def _addresses(host: str, port: int) -> set[tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return set()
    return {(str(address[0]), int(address[1])) for *_, address in found}


def _socket(host: str) -> socket.socket:
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    # As servers do: a port whose last connections are still fading away counts as free.
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if found.family is socket.AF_INET6:
        found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return found
