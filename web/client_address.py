"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the person's device, in its usual spelling. Behind proxies of ours (settings.PROXIES of them) it is
    the one that the outermost of them saw; what a client writes into the header itself is not believed. None where
    there is none (a unix socket) or none that can be read."""
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    is_proxied = settings.PROXIES and len(seen) >= settings.PROXIES
    address = seen[-settings.PROXIES] if is_proxied else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address.partition("%")[0]))  # without an IPv6 zone: it means nothing elsewhere
    except ValueError:
        return None
