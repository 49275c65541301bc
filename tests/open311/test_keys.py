"""外部系统接入: who gives keys, how they are shown once, and what a revoked one opens."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLine
from open311.models import ApiKey
from tests.open311.calls import V2, filed, get, post, refused
from tests.support.cast import audit_problems, signed_in, whole_database
from tests.support.pages import inside


def test_a_key_is_shown_once_and_kept_nowhere(county_admin, town):
    client = signed_in(county_admin)
    page = client.post("/open311/keys/", {"system": "城管平台"})
    drawn = page.context["drawn"]
    assert len(drawn) >= 43
    assert drawn in inside(page)
    assert page["Cache-Control"].startswith("max-age=0")
    assert drawn not in inside(client.get("/open311/keys/"))
    assert drawn not in whole_database()
    kept = ApiKey.objects.get()
    assert (kept.system, kept.responsible, kept.is_active) == ("城管平台", county_admin, True)


def test_only_who_sets_the_rules_of_the_county_gives_and_takes_them(staff, key):
    for who in ("grid_leader", "community_secretary", "street_cadre"):
        client = signed_in(staff[who])
        assert client.get("/open311/keys/").status_code == 403
        assert client.post("/open311/keys/", {"system": "我的"}).status_code == 403
        assert client.post(f"/open311/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 403
    assert ApiKey.objects.get().is_active
    assert "/sign-in/" in Client().get("/open311/keys/")["Location"]


def test_a_revoked_key_opens_nothing_and_what_it_filed_stays(report, key, county_admin):
    case = filed(report)
    signed_in(county_admin).post(f"/open311/keys/{ApiKey.objects.get().pk}/revoke/")
    assert "已停用" in refused(post("requests", report), 403)
    assert "已停用" in refused(Client().get(f"{V2}/servicerequestupdates.json", {"api_key": key}), 403)
    assert get(f"requests/{case.number}")[0]["service_request_id"] == case.number


def test_both_are_lines_of_the_audit_trail(county_admin, town):
    client = signed_in(county_admin)
    client.post("/open311/keys/", {"system": "城管平台"})
    key = ApiKey.objects.get()
    for _ in range(2):
        client.post(f"/open311/keys/{key.pk}/revoke/")
    things = list(AuditLine.objects.filter(act="setting").order_by("pk").values_list("thing", "by"))
    assert things == [(f"新增接入密钥 {key.pk}", county_admin.pk), (f"停用接入密钥 {key.pk}", county_admin.pk)]
    assert audit_problems() == []


def test_when_it_was_used_last_is_noted(key, report, county_admin):
    filed(report)
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        get("servicerequestupdates", api_key=key)
    assert ApiKey.objects.get().last_used_at > first
    assert "还没有用过" not in inside(signed_in(county_admin).get("/open311/keys/"))


@pytest.mark.parametrize("path", ["/open311/keys/999/revoke/"])
def test_a_key_that_is_none_is_not_found(county_admin, path):
    assert signed_in(county_admin).post(path).status_code == 404


def test_who_gave_a_key_sees_it_among_their_own_data(key, county_admin):
    assert "城管平台" in inside(signed_in(county_admin).get("/my-data/"))
