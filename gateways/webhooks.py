"""Calls to systems of others at addresses that staff type in, signed as Standard Webhooks say (standardwebhooks.com). Only to
public addresses and to networks of settings.WEBHOOK_NETWORKS: nobody reaches into the house through the portal."""

import socket
import ssl
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from gateways.faults import Down, Refused
from gateways.timeouts import timeouts

PORTS = {"https": 443, "http": 80}
WRAPPED = tuple(map(ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))
"""Addresses of version 6 that stand for one of version 4, whichever it is (RFC 6052, 4380, 3056)."""


def post(url: str, *, message_id: str, secret: str, body: str, at: datetime) -> int:
    """The status that came back; where it says to go elsewhere, nobody goes. The rest of the answer is not read.

    Raises Refused (no address that may be called, or a demonstration, which tells nobody) or Down (no line, no answer in
    time)."""
    if settings.DEMO:
        raise Refused("demo", "演示不向外推送")
    parts = urlsplit(url)
    moment = at.astimezone(UTC)  # the library takes the clock of any zone for UTC
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "zhenghe-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, moment, body),
    }
    connect, read = timeouts()
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with _pool(parts) as pool:
        try:
            answer = pool.urlopen(
                "POST",
                target,
                body=body.encode(),
                headers=headers,
                redirect=False,
                retries=False,
                timeout=Timeout(connect=connect, read=read),
                preload_content=False,
            )
        except HTTPError as fault:
            raise Down(type(fault).__name__, str(fault)) from fault
        answer.close()
        return int(answer.status)


def may_call(address: str) -> bool:
    """Whether this IP address is public, or in a network that the settings name."""
    ip = ip_address(address.partition("%")[0])
    if any(ip in ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in WRAPPED)


def fault_of(url: str) -> str:
    """Why this is no address to call, in Chinese; "" where it may be. Where its name leads is asked at each call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "地址写得不对。"
    if not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        return "地址应形如 https://12345.example.cn/hooks，不带用户名和 #。"
    literal = _literal(parts.hostname)
    is_own_machine = literal is not None and literal.is_loopback
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own_machine):
        return "地址要以 https:// 开头。"
    if literal is not None and not may_call(parts.hostname):
        return "这是内部网络的地址，不能推送；确需推送的内网由运维写进 WEBHOOK_NETWORKS。"
    return ""


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _pool(parts: SplitResult) -> HTTPConnectionPool:
    """To the very address that was looked at: a name that leads elsewhere a moment later leads nobody astray."""
    assert parts.hostname is not None, "it was looked at when it was saved"
    port = parts.port or PORTS[parts.scheme]
    address = _address(parts.hostname, port)
    if parts.scheme == "http":
        return HTTPConnectionPool(address, port)
    return HTTPSConnectionPool(
        address, port, server_hostname=parts.hostname, assert_hostname=parts.hostname, ssl_context=_trusted()
    )


def _address(host: str, port: int) -> str:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Down("dns", f"找不到 {host}") from fault
    addresses = [str(row[4][0]) for row in rows]
    if not all(map(may_call, addresses)):
        raise Refused("address", f"{host} 是内部网络的地址")
    return addresses[0]


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Authorities of the machine, and those that come with requests."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
