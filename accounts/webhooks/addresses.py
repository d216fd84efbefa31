"""Which addresses a tenant may have us call: none of this machine, its network or its cloud."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from core.links import parse_link
from core.values import InvalidValue

Address = IPv4Address | IPv6Address

# Public by their number, but answered by the cloud itself to each machine in it.
OF_THE_CLOUD = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))
GLOBAL_UNICAST = ip_network("2000::/3")  # all of IPv6 that is given to anybody
NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """A host that may not be called, or is not there; no error of the connection itself."""


def resolve(host: str, port: int) -> str:
    """Return the address to connect to: whoever resolved the name again could get another one.

    :raises AddressRefused: the name is unknown, or any of its addresses may not be called.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} cannot be resolved.") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(may_be_called(address) for address in addresses):
        raise AddressRefused(f"{host} is not a public address.")
    return str(addresses[0])


def read_url(value: object, max_length: int) -> str:
    """Return an address that may be called, as far as its text tells: names may change.

    :raises InvalidValue: it is none.
    """
    url = parse_link(value, max_length)
    parts = urlsplit(url)
    if not url or parts.username is not None or parts.password is not None:
        raise InvalidValue("must be an http(s) address without a name and password")
    try:
        is_allowed = may_be_called(ip_address(parts.hostname or ""))
    except ValueError:  # a name
        is_allowed = parts.hostname != "localhost"
    if not is_allowed:
        raise InvalidValue("must be a public address")
    return url


def may_be_called(address: Address) -> bool:
    """Whether an address is public, or one of those that the operator allows."""
    if any(address in ip_network(network) for network in settings.CRM_WEBHOOK_ALLOWED_NETWORKS):
        return True
    real = _embedded(address)
    if real is not None:
        return may_be_called(real)
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    is_of_cloud = any(address in network for network in OF_THE_CLOUD)
    return address.is_global and not address.is_multicast and not is_of_cloud


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
