"""Loopback addresses: hosts that are this machine itself. Settings ask here, and who sees the mail page.

Whatever is not certainly this machine is not it.
"""

from ipaddress import IPv6Address, ip_address


def is_loopback(host: str) -> bool:
    """A host as a socket, a setting or an address names it: `localhost`, 127.0.0.0/8, `::1`, with or without brackets.

    An IPv4 address inside an IPv6 one is what a socket for both says of it. One with a zone (`::1%eth0`) names a way
    to go as well, and is not taken for this machine.
    """
    if host.lower() == "localhost":
        return True
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        found = ip_address(bare)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped
        return found.scope_id is None and (inside.is_loopback if inside else found.is_loopback)
    return bare == host and found.is_loopback  # no IPv4 address stands in brackets
