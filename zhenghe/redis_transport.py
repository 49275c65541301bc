"""Kombu's Redis transport, mended in one place.

When the broker goes away, Celery collects the connection and then closes its channels. A channel that asks for a client
by then reads the address from a connection that is gone: "'NoneType' object has no attribute 'hostname'" (celery/kombu
#582, still so in 5.7.0). Celery waits out every error of the connection; this one it does not know as such, calls it
unrecoverable, and the worker exits. Said as what it is, it is waited out like the others."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as Gone


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise Gone("the connection of this channel is closed")
        return super()._connparams(asynchronous)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    Channel = Channel


def register() -> None:
    """From here on redis://, rediss:// and redis+socket:// mean this transport."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
