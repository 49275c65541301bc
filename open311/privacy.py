"""What this room holds about people: who gave which key. Whom to call of a request stands with the request (residents/privacy.py)."""

from collections.abc import Iterator
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding
from open311.models import ApiKey


def _keys(person: User) -> Iterator[dict[str, Any]]:
    for key in ApiKey.objects.filter(responsible=person).order_by("pk"):
        yield {"系统": key.system, "发放时间": key.created_at, "状态": "启用" if key.is_active else "停用"}


HOLDINGS = (
    Holding(
        "发放的接入密钥",
        _keys,
        about="staff who connect another system",
        why="who answers for what it reads and files ([open311.md](open311.md))",
        erased="stays without the name",
    ),
)
