"""Kombu's Redis transport, mended in three places.

When the broker goes away, Celery collects the connection and then closes its channels. A channel that asks for a client
by then reads the address from a connection that is gone: "'NoneType' object has no attribute 'hostname'" (celery/kombu
#582, still so in 5.7.0). Celery waits out every error of the connection; this one it does not know as such, calls it
unrecoverable, and the worker exits. Given as what it is, it is waited out like the others.

A task that ends while the broker is away cannot be acknowledged, and counts for ever as one in hand. After as many as a
worker has children it takes nothing any more, turns its rounds and looks well (celery/celery #8030, #10205). Ours is out
of hand all the same: the broker gives it to somebody again, if it still has it, and tasks may run twice.

Whoever lost the broker looks for it less and less often, at last every 30 seconds: as long again nobody would be routed
when it is back. Ours looks every five."""

from typing import Any

from celery.app.amqp import AMQP
from kombu.connection import Connection as KombuConnection
from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as Gone
from redis.exceptions import RedisError


class QoS(redis.QoS):
    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except RedisError:
            self._quick_ack(delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise Gone("the connection of this channel is closed")
        return super()._connparams(asynchronous)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    Channel = Channel


class Connection(KombuConnection):
    LONGEST_WAIT = 2
    """Seconds between two tries to reach a broker that is away."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": self.LONGEST_WAIT, **kwargs})  # type: ignore[no-untyped-call]


class Ways(AMQP):
    """How the app reaches its broker."""

    Connection = Connection


def register() -> None:
    """From here on redis://, rediss:// and redis+socket:// mean this transport."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
