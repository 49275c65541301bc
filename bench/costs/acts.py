"""Row 5: statements of single acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench import _database
from bench.costs import lives, world
from bench.costs.figures import Figure, statements

DATABASE = "bench_acts"


def acts() -> list[Figure]:
    """Statements of one act, from the service that the door or the worker calls to its commit: looking the case up for a
    person and their session are not in it, what is rung after the commit is. The second time of the same act on another
    case of the same make, so that what a process keeps is warm. An act's case is read anew before, as a door has it."""
    from django.utils import timezone

    from cases.services import route

    made, at = world.plant(DATABASE), timezone.now() - timedelta(hours=3)
    helpers = lives.helpers(made, at=at)
    pairs = iter([(20, 21), (22, 23)])

    def disputed() -> tuple[Any, Any]:
        parties = next(pairs)
        return lives.drafted_dispute(made, at=at, parties=parties), made.residents[parties[1]]

    def held(verb: str, *before: str) -> int:
        return _second(lambda: _brought(made, at, before), lambda case, by: _act(case, verb, by))

    counted = {
        "route (worker)": (_second(lambda: (lives.request(made, at=at), None),
                              lambda case, _: route(case_id=case.pk, at=timezone.now())), 7),
        "sign": (held("sign"), 10),
        "finish": (held("finish", "sign"), 10),
        "accept a service": (_second(lambda: (lives.offered_service(made, helpers, at=at), helpers[0]), _accept), 12),
        "last assent of an agreement": (_second(disputed, lambda case, by: _act(case, "assent", by)), 16),
    }  # fmt: skip
    _database.drop(DATABASE)
    return [Figure(f"{name}: statements", value, "", limit) for name, (value, limit) in counted.items()]


def _second(bring: Callable[[], tuple[Any, Any]], act: Callable[[Any, Any], object]) -> int:
    """Statements of the act on the second case that is brought."""
    act(*bring())
    case, by = bring()
    with statements() as counted:
        act(case, by)
    return counted.count


def _brought(made: world.World, at: Any, before: tuple[str, ...]) -> tuple[Any, Any]:
    """A request in which these arrows were drawn, as its door fetches it, and who has it in hand."""
    from cases.engine.access import access_case

    case = lives.routed_request(made, at=at)
    holder = case.holder.person
    for verb in before:
        world.draw(case, verb, holder, at=at)
    return access_case(holder, case.number), holder


def _act(case: Any, verb: str, by: Any) -> None:
    from django.utils import timezone

    from cases.engine.turns import Given
    from cases.services import act

    act(case=case, verb=verb, by=by, at=timezone.now(), version=case.version, given=Given("已处理"))


def _accept(case: Any, by: Any) -> None:
    from django.utils import timezone

    from volunteers.services import orders

    orders.accept(case=case, by=by, at=timezone.now())
