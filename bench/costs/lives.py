"""Cases of each kind, brought by their own services as far as a row wants them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bench.costs.world import World, draw, worker


def request(world: World, *, at: datetime, asker: int = 0) -> Any:
    """Just filed: a worker has to route it."""
    from residents.services import Place, submit_request

    place = Place(world.town.estate, world.town.building)
    return submit_request(
        asker=world.residents[asker], place=place, words="3 幢楼道灯坏了三天", submit_key=str(uuid4()), at=at
    )


def routed_request(world: World, *, at: datetime, asker: int = 0) -> Any:
    """In the hands of the 网格长, not signed for."""
    from cases.services import route

    case = request(world, at=at, asker=asker)
    route(case_id=case.pk, at=at)
    case.refresh_from_db()
    return case


def request_in_work(world: World, *, at: datetime) -> Any:
    """Signed for, begun, with a note."""
    case = routed_request(world, at=at)
    for verb in ("sign", "start", "note"):
        draw(case, verb, case.holder.person, at=at)
    case.refresh_from_db()
    return case


def offered_service(world: World, helpers: list[Any], *, at: datetime) -> Any:
    """An hour of company the day after tomorrow, for which the first of these was asked; the second waits."""
    from cases.models import Category
    from volunteers.services import orders

    desk, begins = worker(world.town.community), at + timedelta(days=2)
    case = orders.open_order(
        title="陪老人去医院取药",
        grid=world.town.grid,
        place="宜和佳苑 3幢1单元",
        category=Category.objects.get(kind="service", name="探访陪伴"),
        begins_at=begins,
        ends_at=begins + timedelta(hours=1),
        by=desk,
        at=at,
        asker=world.residents[0],
    )
    orders.offer(case=case, people=helpers, by=desk, at=at)
    case.refresh_from_db()
    return case


def helpers(world: World, *, at: datetime) -> list[Any]:
    """Two residents who help with company."""
    from cases.models import Category
    from volunteers.services import people

    skill = Category.objects.get(kind="service", name="探访陪伴")
    chosen = world.residents[-2:]
    for person in chosen:
        people.register(person=person, skills=[skill], grid=world.town.estate, has_agreed=True, at=at)
    return chosen


def service_accepted(world: World, *, at: datetime) -> Any:
    """Somebody will come."""
    from volunteers.services import orders

    asked = helpers(world, at=at)
    case = offered_service(world, asked, at=at)
    orders.accept(case=case, by=asked[0], at=at)
    case.refresh_from_db()
    return case


def topic_in_vote(world: World, *, at: datetime) -> Any:
    """Of six owners, who will vote: adopted, and the vote announced."""
    from tests.meetings.neighbours import adopted, announced, settle

    settle(world.town, world.residents[10:16])
    desk = worker(world.town.community)
    topic = adopted(world.town, desk, at=at)
    announced(topic, desk, at=at)
    topic.case.refresh_from_db()
    return topic.case


def dispute_in_mediation(world: World, *, at: datetime, parties: tuple[int, int] = (20, 21)) -> Any:
    """Both are willing, the leader who took it on mediates, one session is recorded."""
    from tests.disputes.conftest import apply, meet
    from tests.support.cast import post_of

    applicant, respondent = (world.residents[serial] for serial in parties)
    case = apply(applicant, respondent, world.town, key=str(uuid4()), at=at)
    assert case.holder is not None, "open cases have a holder"
    leader = case.holder.person
    draw(case, "consent", respondent, at=at)
    draw(case, "accept", leader, at=at)
    draw(case, "name_mediators", leader, at=at, mediators=[post_of(leader)])
    meet(case, leader, at=at)
    case.refresh_from_db()
    return case


def drafted_dispute(world: World, *, at: datetime, parties: tuple[int, int]) -> Any:
    """With an oral agreement that the first party has assented to."""
    from tests.disputes.conftest import draft

    case = dispute_in_mediation(world, at=at, parties=parties)
    draft(case, case.holder.person, at=at)
    draw(case, "assent", world.residents[parties[0]], at=at)
    case.refresh_from_db()
    return case
