"""SMS by the county's gateway. In China each text is a template approved by the operator; we send its id and its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

CLIENTS = {"aliyun": "gateways.sms.aliyun", "tencent": "gateways.sms.tencent", "trial": "gateways.sms.trial"}
"""Each has a class Client. Loaded when chosen: the SDKs are extras (requirements-sms.in)."""


@dataclass(frozen=True)
class Message:
    phone: str
    """11 digits of the mainland."""
    template_id: str
    fields: Mapping[str, str]
    """In the order of the template: Tencent numbers them, Aliyun names them."""
    key: str
    """Comes back with the report of delivery."""


class Client(Protocol):
    def send(self, message: Message) -> str:
        """The gateway's number of this message. Raises Refused or Down (gateways/faults.py)."""


@lru_cache(maxsize=8)
def _client(name: str) -> Client:
    client: Client = import_module(CLIENTS.get(name, name)).Client()
    return client


def send(message: Message) -> str:
    """By settings.SMS_GATEWAY. Raises Refused or Down."""
    return _client(settings.SMS_GATEWAY).send(message)


def is_there() -> bool:
    return bool(settings.SMS_GATEWAY)


def load() -> None:
    """At start. Raises ImportError: the client's SDK is not installed, or there is no such module."""
    if is_there():
        import_module(CLIENTS.get(settings.SMS_GATEWAY, settings.SMS_GATEWAY))
