"""推送 and 推送记录, for who sets the rules of the county."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditLine
from tests.support.cast import audit_problems, signed_in
from tests.support.standins.server import Answer
from tests.webhooks import fixtures
from webhooks import marks, sending
from webhooks.models import Delivery, Endpoint
from webhooks.privacy import HOLDINGS, KEEPINGS

desk, endpoint = fixtures.desk, fixtures.endpoint
LIST, ADD = "webhooks:list", "webhooks:add"


@pytest.fixture
def typed(county_admin):
    return {
        "name": "城市管理平台",
        "url": "https://cg.example.cn/hooks",
        "kinds": "request.*",
        "area": "",
        "responsible": county_admin.pk,
        "is_active": "on",
    }


def secret_on(page) -> str:
    return page.context["secret"]


def test_an_endpoint_is_made_changed_paused_and_removed(county_admin, town, typed):
    client = signed_in(county_admin)
    page = client.post(reverse(ADD), {**typed, "url": "https://10.0.0.1/", "kinds": "request.nothing"})
    assert set(page.context["form"].errors) == {"url", "kinds"}
    assert page.context["form"]["name"].value() == "城市管理平台"  # what was typed is still there
    answer = client.post(reverse(ADD), {**typed, "area": town.community.pk})
    kept = Endpoint.objects.get()
    assert (kept.area, kept.responsible, kept.is_active) == (town.community, county_admin, True)
    assert answer["Location"] == reverse("webhooks:secret", args=[kept.pk])
    client.post(reverse("webhooks:endpoint", args=[kept.pk]), {**typed, "is_active": ""})
    kept.refresh_from_db()
    assert (kept.area, kept.is_active) == (None, False)
    assert "城市管理平台" in client.get(reverse(LIST)).content.decode()
    client.post(reverse("webhooks:remove", args=[kept.pk]))
    assert not Endpoint.objects.exists()
    lines = AuditLine.objects.filter(act="setting", by=county_admin.pk)
    assert [line.thing.split()[-1] for line in lines.order_by("pk")] == ["保存", "保存", "删除"]
    assert audit_problems() == []


def test_the_secret_is_shown_once_and_stands_encrypted(county_admin, typed):
    client = signed_in(county_admin)
    shown = secret_on(client.post(reverse(ADD), typed, follow=True))
    kept = Endpoint.objects.get()
    assert shown == kept.secret
    assert shown.startswith("whsec_")
    address = reverse("webhooks:secret", args=[kept.pk])
    page = client.get(address)
    assert secret_on(page) == ""
    assert shown not in page.content.decode()
    assert shown not in client.get(reverse("webhooks:endpoint", args=[kept.pk])).content.decode()
    assert Endpoint.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)[0].startswith("v1:")
    changed = secret_on(client.post(address, follow=True))
    kept.refresh_from_db()
    assert changed == kept.secret != shown
    assert secret_on(client.get(address)) == ""


def test_only_who_sets_the_rules_of_the_county_is_responsible(county_admin, secretary, typed):
    page = signed_in(county_admin).post(reverse(ADD), {**typed, "responsible": secretary.pk})
    assert "responsible" in page.context["form"].errors


def test_an_endpoint_that_was_gone_is_taken_up_again(endpoint, county_admin, typed):
    Endpoint.objects.update(is_active=False, gone_at=timezone.now())
    signed_in(county_admin).post(reverse("webhooks:endpoint", args=[endpoint.pk]), typed)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.gone_at) == (True, None)


def test_what_was_sent_is_read_and_sent_again(endpoint, desk, request_case, county_admin):
    sending.deliver(at=timezone.now())
    Delivery.objects.filter(type="request.open").update(state="given_up")
    client = signed_in(county_admin)
    for narrowing, count in (({}, 2), ({"state": "given_up"}, 1), ({"endpoint": endpoint.pk}, 2), ({"state": "x"}, 2)):
        page = client.get(reverse("webhooks:delivery-list"), narrowing)
        assert len(page.context["page"].object_list) == count, narrowing
    failed = Delivery.objects.get(state="given_up")
    page = client.get(reverse("webhooks:delivery", args=[failed.pk]))
    assert page.context["delivery"].body == desk.asked[0].body.decode()
    client.post(reverse("webhooks:delivery-again", args=[failed.pk]))
    assert Delivery.objects.get(pk=failed.pk).state == "waiting"
    Delivery.objects.update(state="given_up")
    client.post(reverse("webhooks:failed-again", args=[endpoint.pk]))
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_others_do_not_get_in(endpoint, desk, request_case, secretary, auditor, resident):
    marks.spread(at=timezone.now())
    delivery = Delivery.objects.first()
    for person in (secretary, auditor, resident):
        client = signed_in(person)
        for name, args in ((LIST, []), (ADD, []), ("webhooks:endpoint", [endpoint.pk]), ("webhooks:secret", [endpoint.pk]),
                           ("webhooks:delivery-list", []), ("webhooks:delivery", [delivery.pk])):  # fmt: skip
            assert client.get(reverse(name, args=args)).status_code == 403, name
        for name, pk in (
            ("webhooks:remove", endpoint.pk),
            ("webhooks:secret", endpoint.pk),
            ("webhooks:delivery-again", delivery.pk),
        ):
            assert client.post(reverse(name, args=[pk])).status_code == 403, name
    assert Endpoint.objects.filter(secret__isnull=False).count() == 1


def test_records_go_after_their_time(endpoint, desk, request_case):
    at = timezone.now()
    sending.deliver(at=at)
    [keeping] = KEEPINGS
    assert keeping.clear(at - timedelta(days=keeping.days), at) == 0
    assert keeping.clear(at + timedelta(seconds=1), at) == 2


def test_an_endpoint_goes_on_when_who_was_responsible_has_left(endpoint, county_admin, desk, request_case):
    [holding] = HOLDINGS
    assert [row["名称"] for row in holding.rows(county_admin)] == ["12345 平台"]
    holding.erase(county_admin, timezone.now())
    assert Endpoint.objects.get().responsible is None
    desk.fault = lambda asked: Answer(b"", status=410)
    sending.deliver(at=timezone.now())
    assert not Endpoint.objects.get().is_active
