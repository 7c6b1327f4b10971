"""From where a request comes: the peer, or what proxies of our own say of theirs."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """The address of whoever sent a request.

    `X-Forwarded-For` is read from its end, as long as the hop that wrote it is one of `TRUSTED_PROXIES`: the first
    address that is not is the client's. Whatever a client writes into the header itself stands before that.
    """
    address = request.META.get("REMOTE_ADDR", "")
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        before = plain_address(hop)
        if not before or not is_trusted(address):
            break
        address = before
    return address


def plain_address(text: str) -> str:
    """One spelling for each address; empty where the text is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address).partition("%")[0]


def is_trusted(address: str) -> bool:
    """Whether a peer is a proxy of our own. A Unix socket (no address) never is."""
    plain = plain_address(address)
    return bool(plain) and any(ip_address(plain) in network for network in settings.TRUSTED_PROXIES)
