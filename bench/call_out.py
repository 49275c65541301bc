"""4,332 members are called out, then answer all within a minute by their links; none may be lost.

    script/bench call_out [--processes 4]

Works in a database of its own, which it drops again. The answers go through the whole web application (routing,
signature, transaction), not through the network."""

import argparse
import multiprocessing
import os
import sys
import time
from typing import Any

import _database
import django

DATABASE = "bench_call_out"
MEMBERS, TEAMS = 4332, 153


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE, "load_defaults", "load_volunteer_defaults", "seed_zhenghe", "seed_volunteers")
    made, called = _call()
    print(f"通知 {made.calls.count()} 人，入队用时 {called:.2f} 秒")
    links = _links(made)
    began = time.monotonic()
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        pool.map(_answer, [links[n :: options.processes] for n in range(options.processes)])
    answered = time.monotonic() - began
    counted, looked = _count(made)
    print(f"{len(links)} 个答复用时 {answered:.1f} 秒，看板 {looked * 1000:.0f} 毫秒，记下 {counted} 个")
    _database.drop(DATABASE)
    return 0 if called < 5 and answered < 60 and counted == MEMBERS else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=4)
    return parser.parse_args()


def _call() -> tuple[Any, float]:
    from django.utils import timezone

    from grids.models import Post
    from volunteers.models import Plan
    from volunteers.services.callouts import call_out

    plan = Plan.objects.get(hazard="flood")
    cadre = Post.objects.filter(role="street_cadre").select_related("person").order_by("pk")[0].person
    began = time.monotonic()
    made = call_out(plan=plan, by=cadre, at=timezone.now())
    return made, time.monotonic() - began


def _links(made: Any) -> list[str]:
    from django.db import connection

    from volunteers.services.callouts import answer_path

    people = list(made.calls.order_by("pk").values_list("person", flat=True))
    connection.close()
    return [answer_path(made, person) for person in people]


def _answer(links: list[str]) -> None:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    for number, link in enumerate(links):
        response = client.post(link, {"answer": ("yes", "no", "here")[number % 3]})
        assert response.status_code == 302, response.status_code


def _count(made: Any) -> tuple[int, float]:
    from volunteers.services.callouts import board

    began = time.monotonic()
    total = board(made)[-1]
    return total.called - total.silent, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
