"""Whose request it is, behind reverse proxies: the address that sign-in counts attempts by.

Anybody can write `X-Forwarded-For`. It is believed as far as trusted proxies wrote it: from the right, each entry only
when the address that handed it on is one of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from ..config import Network

Address = IPv4Address | IPv6Address

_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")
"""How some proxies write an address: [2001:db8::1]:4711, 192.0.2.1:4711."""


def client_address(remote: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is not a trusted proxy's, from the connection (`remote`) back through `X-Forwarded-For`.

    What cannot be read as an address ends the search: whoever handed it on is as far as anybody knows.
    """
    found = _address(remote)
    if found is None:
        return remote
    for claimed in reversed(forwarded.split(",")):
        if not any(found in network for network in trusted):
            break
        if (before := _address(claimed)) is None:
            break
        found = before
    return str(found)


def _address(text: str) -> Address | None:
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)  # how a socket for both kinds shows an IPv4 peer
    return address if mapped is None else mapped
