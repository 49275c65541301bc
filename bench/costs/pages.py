"""Rows 6 and 8: queries of pages that people read."""

from datetime import timedelta
from typing import Any

from bench import _database
from bench.costs import lives, world
from bench.costs.figures import Figure, statements

DATABASE = "bench_pages"


def case_pages() -> list[Figure]:
    """Statements of the page of a case in the middle of its life, the whole answer from the session to the last line, read a
    second time by whoever has it in hand: a request in work, a service somebody has accepted, a topic whose vote is
    announced, a dispute with a session recorded (its holder mediates)."""
    from django.utils import timezone

    made, at = world.plant(DATABASE), timezone.now() - timedelta(hours=3)
    cases = {
        "request": (lives.request_in_work(made, at=at), 12),
        "service": (lives.service_accepted(made, at=at), 12),
        "topic": (lives.topic_in_vote(made, at=at), 14),
        "dispute": (lives.dispute_in_mediation(made, at=at), 16),
    }
    figures = [
        Figure(f"page of a {name}: queries", queries(case.holder.person, case.get_absolute_url()), "", limit)
        for name, (case, limit) in cases.items()
    ]
    _database.drop(DATABASE)
    return figures


def staff_pages() -> list[Figure]:
    """Statements of a second look at two pages of the desk, the whole answer: the list of dispute types, and the figures of
    volunteers over the demonstration's services, teams and units (every 20th service of the demonstration)."""
    world.plant(DATABASE)
    _database.run("seed_volunteers", every=20)
    staff = world.in_post("county_admin")
    pages = {"list of dispute types": "/admin/disputes/disputetype/", "figures of volunteers": "/volunteers/figures/"}
    figures = [Figure(f"{name}: queries", queries(staff, path), "", 15) for name, path in pages.items()]
    _database.drop(DATABASE)
    return figures


def client_of(person: Any) -> Any:
    """A browser of somebody signed in."""
    from tests.support.cast import signed_in

    client = signed_in(person)
    client.defaults["SERVER_NAME"] = "localhost"
    return client


def queries(person: Any, path: str) -> int:
    """Of the second look."""
    client = client_of(person)
    client.get(path)
    with statements() as counted:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
    return counted.count
