"""What happens to cases is told to systems of others: signed, in order, once inside the database, and nothing that is private."""

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from cases.models import Case, CaseEvent
from grids.tree import services as tree
from notices.models import Notice
from tests.support.cast import MONDAY, draw, submit
from tests.support.standins.server import Answer, StandIn
from tests.webhooks import fixtures
from webhooks import marks, sending, services
from webhooks.models import Delivery, Endpoint, Mark

desk, endpoint = fixtures.desk, fixtures.endpoint


def deliver(after: timedelta = timedelta()) -> int:
    return sending.deliver(at=timezone.now() + after)


def heard(server: StandIn) -> list[str]:
    return [asked.json["type"] for asked in server.asked]


def answers(server: StandIn, status: int) -> None:
    server.fault = lambda asked: Answer(b"", status=status)


def states() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("event").values_list("type", "state"))


def test_what_is_sent(endpoint, desk, request_case, grid_leader, resident):
    deliver()
    desk.asked.clear()
    draw(request_case, "sign", grid_leader)
    request_case.refresh_from_db()
    assert deliver() == 1
    [asked] = desk.asked
    event = CaseEvent.objects.get(verb="sign")
    content = asked.json
    assert (asked.method, asked.path, content["id"]) == ("POST", "/hooks", f"event-{event.pk}")
    assert (content["type"], content["sequence"]) == ("request.sign", event.number)
    assert datetime.fromisoformat(content["at"]) == MONDAY
    assert content["case"] == {
        "number": request_case.number,
        "kind": "request",
        "kind_label": "诉求",
        "state": "accepted",
        "state_label": "已签收",
        "category": request_case.category.name if request_case.category else "",
        "place": "熊山街道 宜和社区 宜和佳苑",
        "due_at": request_case.due_at.astimezone().isoformat(),
        "finish_by_at": request_case.finish_by_at.astimezone().isoformat(),
    }
    text = asked.body.decode()
    for private in (resident.name, resident.phone, "楼道灯", "3幢", grid_leader.name):
        assert private not in text, private


def test_the_signature_is_that_of_the_standard(endpoint, desk, request_case):
    deliver()
    asked = desk.asked[0]
    assert Webhook(endpoint.secret).verify(asked.body, asked.headers) == asked.json
    headers = {name.lower(): value for name, value in asked.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    with pytest.raises(WebhookVerificationError):
        Webhook(services.new_secret()).verify(asked.body, asked.headers)


def test_events_of_a_case_come_in_their_order(endpoint, desk, request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    deliver()
    assert heard(desk) == ["request.open", "request.dispatch", "request.sign", "request.finish"]
    assert [asked.json["sequence"] for asked in desk.asked] == [1, 2, 3, 4]


def test_a_later_event_waits_for_an_earlier_one_of_its_case_alone(endpoint, desk, request_case, town, neighbour):
    desk.fault = lambda asked: Answer(b"", status=422) if request_case.number in asked.body.decode() else None
    other = submit(neighbour, town, key="key-2")
    deliver()
    assert [asked.json["case"]["number"] for asked in desk.asked] == [request_case.number, other.number]
    desk.fault = lambda asked: None
    deliver(timedelta(minutes=1))
    assert heard(desk)[2:] == ["request.open", "request.dispatch"]


def test_it_is_tried_after_1_2_4_minutes_and_arrives(endpoint, desk, request_case):
    answers(desk, 503)
    for minutes, tries in ((0, 1), (0.9, 1), (1, 2), (2.9, 2), (3, 3), (7, 4)):
        deliver(timedelta(minutes=minutes))
        kept = Delivery.objects.order_by("event")[0]
        assert (kept.tries, kept.status, kept.state) == (tries, 503, "waiting"), minutes
    answers(desk, 200)
    deliver(timedelta(minutes=15))
    assert [state for _, state in states()] == ["arrived", "arrived"]
    assert {asked.headers["webhook-id"] for asked in desk.asked} == {
        f"event-{row.event_id}" for row in Delivery.objects.all()
    }


def test_after_twelve_tries_it_is_given_up_and_whoever_is_responsible_hears(endpoint, desk, request_case, county_admin):
    answers(desk, 500)
    after = timedelta()
    for _ in range(12):
        deliver(after)
        first = Delivery.objects.order_by("event")[0]
        assert first.due_at <= timezone.now() + after + timedelta(days=1, minutes=1)
        after += timedelta(days=1, minutes=2)
    assert (first.state, first.tries) == ("given_up", 12)
    assert Notice.objects.filter(kind="webhook.given_up.holder", person=county_admin).exists()
    desk.asked.clear()
    deliver(after)
    assert f"event-{first.event_id}" not in {asked.headers["webhook-id"] for asked in desk.asked}


def test_gone_pauses_the_endpoint(endpoint, desk, request_case, grid_leader, county_admin):
    answers(desk, 410)
    deliver()
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert endpoint.gone_at is not None
    assert len(desk.asked) == 1
    assert Notice.objects.get(kind="webhook.gone.holder").person == county_admin
    draw(request_case, "sign", grid_leader)
    assert not Mark.objects.exists()
    deliver(timedelta(days=2))
    assert len(desk.asked) == 1


def test_redirects_are_not_followed(endpoint, desk, request_case):
    answers(desk, 302)
    deliver()
    assert len(desk.asked) == 1
    assert Delivery.objects.order_by("event")[0].status == 302


def test_one_that_is_silent_holds_up_nobody(desk, county_admin, request_case, town, neighbour, settings):
    settings.GATEWAY_MILLISECONDS = 500
    with StandIn(lambda asked: Answer(b"", seconds=2)) as silent:
        slow = fixtures.made(silent, by=county_admin, name="没有回音")
        fixtures.made(desk, by=county_admin)
        for number in range(3):
            submit(neighbour, town, key=f"more-{number}")
        deliver()
        assert len(silent.asked) == 1  # one time-out a sweep, however many wait
    assert heard(desk) == ["request.open"] * 3
    assert sorted(slow.deliveries.values_list("tries", flat=True)) == [0, 0, 1]
    assert "Timeout" in slow.deliveries.get(tries=1).error


def test_private_cases_are_never_sent(endpoint, desk, defaults, town, staff, resident, neighbour):
    hidden = submit(resident, town)
    Case.objects.filter(pk=hidden.pk).update(is_private=True)
    anonymous = submit(neighbour, town, key="key-2")
    Case.objects.filter(pk=anonymous.pk).update(hides_asker=True)
    deliver()
    assert not Delivery.objects.exists()
    assert not Mark.objects.exists()
    assert desk.asked == []


def test_what_became_private_meanwhile_is_withheld_and_cannot_be_sent_again(endpoint, desk, request_case):
    marks.spread(at=timezone.now())
    Case.objects.filter(pk=request_case.pk).update(is_private=True)
    deliver()
    assert desk.asked == []
    assert set(Delivery.objects.values_list("state", "body")) == {("withheld", "")}
    assert not services.send_again(Delivery.objects.first(), at=timezone.now())


def test_what_arrived_before_the_case_became_private_is_not_sent_again(endpoint, desk, request_case):
    deliver()
    desk.asked.clear()
    Case.objects.filter(pk=request_case.pk).update(is_private=True)
    services.send_again(Delivery.objects.first(), at=timezone.now())
    deliver()
    assert desk.asked == []
    assert Delivery.objects.filter(state="withheld").count() == 1


def test_what_is_between_offices_is_not_sent(endpoint, desk, request_case):
    deliver()
    desk.asked.clear()
    at = MONDAY
    CaseEvent.objects.create(
        case=request_case,
        number=90,
        verb="remind",
        from_state="dispatched",
        to_state="dispatched",
        standing="system",
        at=at,
    )
    deliver()
    assert desk.asked == []


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("request.*", ["request.open", "request.dispatch"]),
        ("*.dispatch", ["request.dispatch"]),
        ("task.* *.open", ["request.open"]),
        ("task.*", []),
    ],
)
def test_only_the_kinds_that_are_asked_for(endpoint, desk, request_case, kinds, expected):
    Endpoint.objects.update(kinds=kinds)
    deliver()
    assert heard(desk) == expected


def test_only_the_area_that_is_asked_for(endpoint, desk, request_case, town):
    Endpoint.objects.update(area=town.other_street)
    deliver()
    assert desk.asked == []
    Endpoint.objects.update(area=town.community)
    Mark.objects.bulk_create([Mark(event=event) for event in CaseEvent.objects.all()])
    deliver()
    assert len(desk.asked) == 2


def test_an_area_that_is_merged_away_is_followed(endpoint, town, county_admin):
    Endpoint.objects.update(area=town.next_grid)
    tree.merge(source=town.next_grid, into=town.grid, by=county_admin, at=timezone.now())
    endpoint.refresh_from_db()
    assert endpoint.area == town.grid


def test_without_an_endpoint_in_use_nothing_is_marked(db, request_case):
    assert not Mark.objects.exists()


def test_an_act_that_is_rolled_back_marks_nothing(endpoint, request_case, grid_leader):
    Mark.objects.all().delete()
    with transaction.atomic():
        draw(request_case, "sign", grid_leader)
        assert Mark.objects.count() == 1
        transaction.set_rollback(True)


def test_the_same_event_is_one_delivery(endpoint, desk, request_case):
    deliver()
    Mark.objects.bulk_create([Mark(event=event) for event in CaseEvent.objects.all()])
    deliver()
    assert len(desk.asked) == Delivery.objects.count() == 2


def test_sent_again_under_the_same_id(endpoint, desk, request_case):
    deliver()
    kept = Delivery.objects.order_by("event")[0]
    assert services.send_again(kept, at=timezone.now())
    assert not services.send_again(kept, at=timezone.now())  # it waits already
    deliver()
    ids = [asked.headers["webhook-id"] for asked in desk.asked]
    assert ids.count(kept.message_id) == 2
    assert desk.asked[0].body == desk.asked[-1].body


def test_all_that_failed_is_sent_again(endpoint, desk, request_case):
    marks.spread(at=timezone.now())
    Delivery.objects.update(state="given_up", tries=12)
    assert services.send_failed_again(endpoint, at=timezone.now()) == 2
    assert deliver() == 2
    assert json.loads(Delivery.objects.order_by("event")[0].body)["type"] == "request.open"


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_once_and_in_order(endpoint, desk, request_case, grid_leader, town, neighbour):
    draw(request_case, "sign", grid_leader)
    for number in range(4):
        submit(neighbour, town, key=f"more-{number}")
    desk.fault = lambda asked: Answer(b"", status=204, seconds=0.02)

    def work(_: int) -> int:
        try:
            return deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    deliver()
    ids = [asked.headers["webhook-id"] for asked in desk.asked]
    assert len(ids) == len(set(ids)) == CaseEvent.objects.count()
    of_case = [asked.json["sequence"] for asked in desk.asked if asked.json["case"]["number"] == request_case.number]
    assert of_case == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_held_is_sent_when_its_lease_ends(endpoint, desk, request_case):
    at = timezone.now()
    marks.spread(at=at)
    held = sending._take(endpoint.pk, at=at)
    assert held is not None
    assert deliver() == 0
    assert Delivery.objects.get(pk=held.pk).error == sending.BROKEN_OFF
    assert deliver(sending.LEASE + timedelta(seconds=1)) == 2
