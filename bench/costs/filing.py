"""Rows 1 to 4: filing a request and reading a list by the API, beside a bare view and beside django-helpdesk."""

import json
from statistics import median
from typing import Any
from uuid import uuid4

from bench import _database
from bench.costs import world
from bench.costs.figures import Figure, statements
from bench.costs.load import Ask, per_second, sent
from bench.costs.pages import client_of
from bench.costs.server import backends, bell, served

DATABASE = "bench_filing"
WARM, COUNTED = 60, 200
"""Requests before, and requests of which the cost is counted. The former reach every thread of the server."""
TOKEN = "0123456789abcdefABCDEF0123456789"
"""A page's token against forged forms: cookie and header say the same."""
WORDS = "3 幢 1 单元楼道灯坏了三天，晚上老人上下楼看不见。"


def filing() -> list[Figure]:
    """`POST /api/requests/` of a resident who is signed in: place, building and words, no category, no photo.

    Statements: the whole answer, from the session to the commit, the second time in a process. CPU: of the web server's
    workers and of the backends of PostgreSQL that serve them, together, a request; 200 of them one after the other
    through gunicorn as production runs it, after 60 not counted, each by another resident. What the answer leaves to the
    worker (routing, messages) is not in it, ringing for it is."""
    made = world.plant(DATABASE)
    count = _statements(made)
    asks = filings(made)
    with bell() as address, served(DATABASE, REDIS_URL=address) as server:
        sent(at_port(asks, server.port), most=WARM, clients=8)
        others = backends(DATABASE)
        before = server.cpu(), others()
        sent(at_port(asks[WARM:], server.port), most=COUNTED)
        web, database = server.cpu() - before[0], others() - before[1]
    _database.drop(DATABASE)
    return [
        Figure("居民经接口提交诉求：语句", count, "条", 11),
        Figure("居民经接口提交诉求：CPU（网页服务和数据库）", 1000 * (web + database) / COUNTED, "毫秒", 8),
    ]


def _statements(made: world.World) -> int:
    for person in made.residents[-2:]:
        client = client_of(person)
        with statements() as counted:
            answer = client.post("/api/requests/", _filing(made).replace("{key}", str(uuid4())), "application/json")
        assert answer.status_code == 201, answer.content
    return counted.count


def _filing(made: world.World) -> str:
    return json.dumps({"place": made.town.estate.pk, "building": made.town.building.pk, "words": WORDS, "key": "{key}"})


def filings(made: world.World) -> list[Ask]:
    """One by each resident."""
    return [
        Ask(0, "POST", "/api/requests/", headers(client_of(person).cookies["sessionid"].value, serial), _filing(made), "ours")
        for serial, person in enumerate(made.residents)
    ]


def headers(session: str, serial: int) -> dict[str, str]:
    """Of somebody signed in, at an address of their own."""
    return {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "X-Forwarded-For": f"10.0.{serial // 250}.{serial % 250 + 1}",
        "Content-Type": "application/json",
    }


def at_port(asks: list[Ask], port: int) -> list[Any]:
    from dataclasses import replace

    return [replace(ask, port=port) for ask in asks]
