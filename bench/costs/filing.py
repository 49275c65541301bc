"""Rows 1 to 4: filing a request and reading a list by the API, beside a bare view and beside django-helpdesk."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from bench import _database
from bench.costs import world
from bench.costs.figures import Figure, statements
from bench.costs.helpdesk import DATABASE as helpdesk_database
from bench.costs.helpdesk import ENVIRONMENT, SITE, Helpdesk, installed
from bench.costs.load import Ask, per_second, sent
from bench.costs.pages import client_of
from bench.costs.server import backends, bell, served
from bench.figures_at_scale import write_cases

DATABASE = "bench_filing"
WARM, COUNTED = 60, 200
"""Requests before, and requests of which the cost is counted. The former reach every thread of the server."""
CLIENTS, TURNS, TURN_SECONDS = (1, 4, 8), 3, 4.0
LISTED, LOOKED = 1_000, 30
"""Cases in a list, and times it is looked at. Theirs reads all of its tickets to show 25, ours does not: with more of them
the ratio grows without end (7.9 with 250, at the start)."""
TOKEN = "0123456789abcdefABCDEF0123456789"
"""A page's token against forged forms: cookie and header say the same."""


def filing() -> list[Figure]:
    """`POST /api/v1/requests/` of a resident who is signed in: place, building and words, no category, no photo.

    Statements: the whole answer, from the session to the commit, the second time in a process and a session (which is written
    once a minute). CPU: of the web server's
    workers and of the backends of PostgreSQL that serve them, together, a request; 200 of them one after the other
    through gunicorn as production runs it, after 60 not counted, each by another resident. What the answer leaves to the
    worker (routing, messages) is not in it, ringing for it is."""
    made = world.plant(DATABASE)
    count = _statements(made)
    asks = filings(made)
    with bell() as address, served(DATABASE, REDIS_URL=address) as server:
        warm(asks, server.port)
        others = backends(DATABASE)
        before = server.cpu(), others()
        sent(at_port(asks[WARM:], server.port), most=COUNTED)
        web, database = server.cpu() - before[0], others() - before[1]
    _database.drop(DATABASE)
    return [
        Figure("file a request by the API: statements", count, "", 11),
        Figure("file a request by the API: CPU of web and PostgreSQL", 1000 * (web + database) / COUNTED, "ms", 8),
    ]


def _statements(made: world.World) -> int:
    client = client_of(made.residents[-1])
    for _ in range(2):
        with statements() as counted:
            answer = client.post("/api/v1/requests/", _filing(made).replace("{key}", str(uuid4())), "application/json")
        assert answer.status_code == 201, answer.content
    return counted.count


def _filing(made: world.World) -> str:
    return json.dumps(
        {"place": made.town.estate.pk, "building": made.town.building.pk, "words": world.WORDS, "key": "{key}"}
    )


def filings(made: world.World) -> list[Ask]:
    """One by each resident."""
    return [
        Ask(
            0,
            "POST",
            "/api/v1/requests/",
            headers(client_of(person).cookies["sessionid"].value, serial),
            _filing(made),
            "ours",
        )
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


def at_port(asks: list[Ask], port: int) -> list[Ask]:
    return [replace(ask, port=port) for ask in asks]


def warm(asks: list[Ask], port: int) -> None:
    """The first of these, so that every thread of a server has its connection and what it keeps."""
    sent(at_port(asks, port), most=WARM, clients=8)


def bare_share() -> list[Figure]:
    """Requests filed a second, as a share of the answers a second of a bare view: one row by its key as a small JSON, nobody
    signed in, behind the same middleware. Each from its own gunicorn as production runs it, on one database server, in
    turns of so many seconds; 1, 4 and 8 clients, each asking for the next as soon as it is answered."""
    made = world.plant(DATABASE)
    asks, figures = filings(made), []
    with bell() as address, served(DATABASE, REDIS_URL=address) as portal, _bare() as bare:
        rooms = {"ours": at_port(asks, portal.port), "bare": [Ask(bare.port, "GET", f"/{made.town.grid.pk}/", {})]}
        for room in rooms.values():
            sent(room, most=WARM, clients=8)
        for clients in CLIENTS:
            rates: dict[str, list[float]] = {"ours": [], "bare": []}
            for _ in range(TURNS):
                for name, room in rooms.items():
                    rates[name].append(per_second(sent(room, clients=clients, seconds=TURN_SECONDS)))
            share = median(rates["ours"]) / median(rates["bare"])
            figures.append(
                Figure(f"filing a request ÷ a bare view, throughput at {clients}", share, "×", 0.15, is_least=True)
            )
    _database.drop(DATABASE)
    return figures


def _bare() -> Any:
    return served(DATABASE, DJANGO_SETTINGS_MODULE="bench.costs.bare_settings", REDIS_URL="memory://")


def filing_beside_helpdesk(folder: Path) -> list[Figure]:
    """Median time of creating one ticket by the API of django-helpdesk 2.6.1, as a multiple of that of filing one request by
    ours: 200 each, one of ours and one of theirs in turn, one client, the same words; a third as many before. Both run by gunicorn
    as production runs ours, on one database server. Theirs knows no place and no limit, and sends no mail."""
    made = world.plant(DATABASE)
    ratio = _times_theirs(folder, filings(made), Helpdesk.create, tickets=0, most=COUNTED)
    _database.drop(DATABASE)
    return [Figure("django-helpdesk creates a ticket ÷ we file a request, time", ratio, "×", 2, is_least=True)]


def list_beside_helpdesk(folder: Path) -> list[Figure]:
    """The same for the first 25 of a list, 30 times each: theirs of all tickets, ours of the street's cases (`?list=area`),
    1,000 each."""
    world.plant(DATABASE)
    write_cases(LISTED, singly=LISTED)
    cadre = client_of(world.in_post("street_cadre")).cookies["sessionid"].value
    page = Ask(0, "GET", "/api/v1/cases/?list=area", headers(cadre, 0), "", "ours")
    ratio = _times_theirs(folder, [page], Helpdesk.page, tickets=LISTED, most=LOOKED)
    _database.drop(DATABASE)
    return [Figure(f"django-helpdesk's list of 25 ÷ ours, time, of {LISTED:,} each", ratio, "×", 30, is_least=True)]


def _times_theirs(
    folder: Path, ours: list[Ask], theirs: Callable[[Helpdesk, dict[str, str]], Ask], *, tickets: int, most: int
) -> float:
    """Median time of theirs as a multiple of ours, so many of each in turn after a third as many that are not counted."""
    helpdesk = installed(folder, tickets=tickets)
    ask = theirs(helpdesk, headers(helpdesk.session, 0))
    theirs_served = served(helpdesk_database, python=helpdesk.python, folder=SITE, wsgi="wsgi", **ENVIRONMENT)
    with bell() as address, served(DATABASE, REDIS_URL=address) as portal, theirs_served as other:
        pairs = [request for mine in at_port(ours, portal.port) for request in (mine, *at_port([ask], other.port))]
        before = 2 * most // 3
        sent(pairs, most=before, clients=8)
        answers = sent(pairs[before:] or pairs, most=2 * most)
    _database.drop(helpdesk_database)
    return median(answers.times["theirs"]) / median(answers.times["ours"])
