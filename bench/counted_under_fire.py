"""Four workers draw random arrows of requests, sweep, merge grids and count, all at once; afterwards what is kept must be
what would be counted anew.

    script/bench counted_under_fire [--moves 10000] [--processes 4]

Works in a database of its own, which it drops again."""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import _database
import django

DATABASE = "bench_counted"
REQUESTS_AT_ONCE = 40
PEOPLE = 20


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE, "load_defaults", "seed_zhenghe")
    from django.db import connection
    from django.utils import timezone

    from cases.models import CaseEvent
    from dashboards.figures.proof import differences
    from dashboards.models import Rollup

    connection.close()
    began, each = time.monotonic(), options.moves // options.processes
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        moved = sum(pool.starmap(_work, [(seed, each) for seed in range(options.processes)]))
    took = time.monotonic() - began
    began = time.monotonic()
    problems = differences(at=timezone.now() + timedelta(days=400))
    print(
        f"{options.processes} 个进程画了 {moved} 步（共 {CaseEvent.objects.count()} 条经过），用时 {took:.0f} 秒；"
        f"汇总 {Rollup.objects.count()} 行，核对 {time.monotonic() - began:.1f} 秒"
    )
    print("\n".join(problems[:10]) if problems else "汇总与原始记录一致")
    _database.drop(DATABASE)
    return 1 if problems or moved < options.moves // options.processes * options.processes else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=4)
    return parser.parse_args()


def _work(seed: int, moves: int) -> int:
    """Draw so many arrows. Time goes on with them, over half a year."""
    from django.utils import timezone

    from cases.escalation import sweep
    from dashboards.figures.counting import count

    chance = random.Random(seed)
    start = timezone.now()
    moved = 0
    while moved < moves:
        at = start + timedelta(days=180) * moved / moves
        moved += _move_something(chance, seed, moved, at)
        if chance.random() < 0.02:
            sweep(at=at)
        if chance.random() < 0.05:
            count(at=at)
        if chance.random() < 0.002:
            _merge_something(chance, at)
    return moved


def _move_something(chance: random.Random, seed: int, moved: int, at: Any) -> bool:
    """One arrow of one open request by somebody who may draw it; False where it is refused."""
    from django.core.exceptions import ValidationError

    from cases.engine.access import arrows_for
    from cases.engine.turns import Given
    from cases.models import Case
    from cases.services import act, route

    cases = list(Case.objects.open().filter(kind="request").order_by("pk")[:REQUESTS_AT_ONCE])
    if len(cases) < REQUESTS_AT_ONCE:
        case = _submit(chance, f"{seed}-{moved}-{chance.random()}", at)
        if case is not None:
            route(case_id=case.pk, at=at)
        return case is not None
    case = chance.choice(cases)
    people = [case.holder.person] if case.holder else []
    people += [seat.person for seat in case.seats.filter(until_at=None, person__isnull=False)]
    choices = [(person, arrow) for person in people for arrow in arrows_for(person, case, at=at)]
    if not choices:
        return False
    person, arrow = chance.choice(choices)
    try:
        act(
            case=case,
            verb=arrow.verb,
            by=person,
            at=at,
            version=case.version,
            given=Given("说明"),
            **_said(chance, arrow, case),
        )
    except ValidationError:
        return False  # somebody was faster, or a guard said no
    return True


def _submit(chance: random.Random, key: str, at: Any) -> Any:
    from django.core.exceptions import ValidationError

    from accounts.models import User
    from grids.models import Building
    from residents.services import Place, submit_request

    building = Building.objects.select_related("grid", "estate").order_by("?")[0]
    asker = User.objects.filter(posts=None).order_by("pk")[chance.randrange(PEOPLE)]
    try:
        place = Place(building.grid or building.estate, building)
        return submit_request(asker=asker, place=place, words="楼道灯坏了", submit_key=key, at=at)
    except ValidationError:
        return None  # merged away meanwhile


def _said(chance: random.Random, arrow: Any, case: Any) -> dict[str, Any]:
    """Something for each field the arrow asks for, beside the words."""
    from cases.models import Category, Urgency
    from grids.models import Post
    from residents.models import Channel

    def leader() -> Post | None:
        post: Post | None = Post.objects.filter(role="grid_leader", grid=case.grid).first() or case.holder
        return post

    values: dict[str, Callable[[], Any]] = {
        "post": leader,
        "helper": leader,
        "concerned": leader,
        "score": lambda: chance.randint(1, 5),
        "is_solved": lambda: chance.random() < 0.5,
        "amount": lambda: chance.randint(1, 3),
        "category": lambda: chance.choice(list(Category.objects.filter(kind="request"))),
        "urgency": lambda: chance.choice(Urgency.values),
        "channel": lambda: chance.choice(list(Channel.objects.all())),
    }
    return {name: values[name]() for name in arrow.needs if name != "words"}


def _merge_something(chance: random.Random, at: Any) -> None:
    from django.core.exceptions import ValidationError
    from django.db import Error

    from grids.models import Grid
    from grids.tree import services as tree

    level = chance.choice((3, 4))
    nodes = list(Grid.objects.current().filter(level=level).order_by("?")[:1])
    beside = Grid.objects.current().filter(parent=nodes[0].parent).exclude(pk=nodes[0].pk).first() if nodes else None
    if beside is None:
        return
    try:
        tree.merge(source=nodes[0], into=beside, at=at)
    except (ValidationError, Error):
        return  # merged already, or doors of one name


if __name__ == "__main__":
    sys.exit(main())
