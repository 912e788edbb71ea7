"""Whose address a request is counted by: a proxy's word is believed, anybody else's is not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from rugui.config import Config, networks
from rugui.core.proxies import client_address

PROXIES = networks("127.0.0.1, 10.1.0.0/16, 2001:db8:1::/48")


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # invented by whoever connects
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the proxy appended to an invented one
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),  # two proxies of ours
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8:1::5", "[2001:db8:2::9]:4711", "2001:db8:2::9"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_what_a_trusted_proxy_wrote_is_believed(remote: str, forwarded: str, counted: str) -> None:
    assert client_address(remote, forwarded, PROXIES) == counted


def test_without_proxies_nothing_forwarded_is_believed() -> None:
    assert client_address("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


def test_what_is_no_address_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="'my-proxy' does not appear to be an IPv4 or IPv6 network"):
        Config(trusted_proxies="127.0.0.1, my-proxy")
