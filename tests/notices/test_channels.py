"""What templates may say, what an SMS costs, what gateways report, and the pages about it."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from notices.channels.sms import parts
from notices.defaults import DEFAULTS
from notices.delivery.outbox import deliver_due
from notices.models import Choices, Delivery, Template
from tests.notices.conftest import WORDING, follow, tell, template
from tests.notices.test_push import sent_sms, states
from tests.support.cast import MONDAY, signed_in
from tests.support.standins.wechat import OFFICIAL_APP

pytestmark = pytest.mark.usefixtures("texts")
KEY = "report-key"


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("kinds", {"kinds": "request.nothing.asker"}, "没有这种消息"),
        ("fields", {"fields": "thing1={titel}"}, "{titel}"),
        ("fields", {"fields": "title={title}"}, "不是微信模板的字段名"),
        ("fields", {"fields": "thing1={title"}, "花括号"),
        ("fields", {"fields": "thing1={0}"}, "花括号"),
        ("fields", {"fields": "thing1"}, "字段名=内容"),
        ("fields", {"kinds": "request.*", "fields": "thing1={reason}"}, "不都有 {reason}"),
    ],
)
def test_a_template_that_the_gateway_would_refuse_is_refused_here(field, values, words):
    made = Template(**{"channel": "wechat", "kinds": "request.dispatch.asker", "template_id": "T", **values})
    with pytest.raises(ValidationError) as refusal:
        made.clean()
    assert words in str(refusal.value.message_dict[field])


def test_fields_keep_the_order_of_the_template():
    kept = Template(
        channel="sms", kinds="request.dispatch.asker", template_id="T", fields="b={title}\n\n a = {holder} \n"
    )
    kept.clean()
    assert kept.pairs == [("b", "{title}"), ("a", "{holder}")]


@pytest.mark.parametrize(("signs", "paid"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_sms_is_paid_by_its_parts(signs, paid):
    assert parts("字" * signs) == paid


def test_signs_beyond_the_basic_plane_count_twice():
    assert parts("𠮷" * 35) == 1
    assert parts("𠮷" * 36) == 2


@pytest.fixture
def sent(aliyun, resident, settings):
    settings.SMS_PRICE, settings.SMS_REPORT_KEY = 45, KEY
    template("sms", 1, wording=WORDING)
    tell(resident)
    deliver_due(at=MONDAY)
    return Delivery.objects.get()


def report(rows, key=KEY):
    path = reverse("notices:sms-report", args=[key])
    return Client(enforce_csrf_checks=True).post(path, json.dumps(rows), content_type="application/json")


def test_what_it_cost_is_written_down(sent):
    assert (sent.cost, sent.yuan) == (45, "0.045")


def test_what_arrived_is_noted_once(sent):
    row = {"biz_id": sent.message_id, "success": True, "err_code": "DELIVERED", "phone_number": "1"}
    assert report([row]).json()["code"] == 0
    assert report([{**row, "success": False}]).json()["code"] == 0
    assert states() == [("sms", "arrived")]


def test_what_did_not_arrive_goes_by_the_next_way(sent, resident, wechat, settings):
    template("official", 2)
    follow(resident, OFFICIAL_APP, "o-official")
    report([{"sid": sent.message_id, "report_status": "FAIL", "errmsg": "ERR_EMPTY_NUMBER"}])
    deliver_due(at=MONDAY + timedelta(days=30))
    assert states() == [("sms", "refused"), ("official", "sent")]
    assert [told["touser"] for told in wechat.told] == ["o-official"]


@pytest.mark.parametrize("body", [b"", b"{", b"1", b'[{"a": 1}]', b'["x"]', b'{"sid": "x"}', b"[null]"])
def test_what_is_no_report_is_refused(sent, body):
    path = reverse("notices:sms-report", args=[KEY])
    answer = Client().post(path, body, content_type="application/json")
    assert answer.status_code == 400
    assert states() == [("sms", "sent")]


def test_a_form_is_no_report(sent):
    assert Client().post(reverse("notices:sms-report", args=[KEY]), {"sid": "x"}).status_code == 400


def test_without_the_key_nobody_reports(sent, settings):
    assert report([], key="guessed").status_code == 404
    settings.SMS_REPORT_KEY = ""
    assert report([], key="x").status_code == 404


def test_the_record_shows_what_left_the_house(sent, county_admin, resident, settings):
    page = signed_in(county_admin).get(
        reverse("operations:delivery-list"), {"since": "2026-11-23", "until": "2026-11-23"}
    )
    [row] = page.context["page"].object_list
    assert row == sent
    text = page.content.decode()
    assert resident.masked_phone in text
    assert resident.phone not in text
    assert "楼道灯不亮" not in text
    assert page.context["sums"][0]["cost"] == 45


def test_the_record_can_be_narrowed(sent, county_admin):
    client = signed_in(county_admin)
    for narrowing, count in (
        ({"state": "down"}, 0), ({"channel": "sms", "state": "sent"}, 1), ({"channel": "nonsense"}, 1),
        ({"until": "2026-11-22"}, 0),
    ):  # fmt: skip
        page = client.get(reverse("operations:delivery-list"), {"since": "2026-01-01", **narrowing})
        assert len(page.context["page"].object_list) == count, narrowing


def test_templates_are_made_changed_and_removed(county_admin, aliyun, resident):
    client = signed_in(county_admin)
    typed = {
        "channel": "sms", "kinds": "test.moved.asker", "template_id": "SMS_9", "fields": "title={titel}",
        "wording": WORDING, "order": 1, "is_active": "on",
    }  # fmt: skip
    page = client.post(reverse("operations:template-add"), typed)
    assert "titel" in page.context["form"].errors["fields"][0]
    assert page.context["form"]["template_id"].value() == "SMS_9"  # what was typed is still there
    client.post(reverse("operations:template-add"), {**typed, "fields": "title={title}"})
    tell(resident)
    deliver_due(at=MONDAY)
    assert len(sent_sms(aliyun)) == 1
    kept = Template.objects.get()
    client.post(reverse("operations:template", args=[kept.pk]), {**typed, "fields": "", "is_active": ""})
    assert not Template.objects.get().is_active
    client.post(reverse("operations:template-remove", args=[kept.pk]))
    assert not Template.objects.exists()


def test_the_recommended_templates_are_right_and_out_of_use(db, settings):
    call_command("load_message_defaults")
    call_command("load_message_defaults")
    assert Template.objects.count() == len(DEFAULTS)
    for kept in Template.objects.all():
        assert not kept.is_active
        kept.clean()
        kept.is_active = True
        with pytest.raises(ValidationError, match="编号"):
            kept.clean()


def test_a_person_chooses_how_they_are_told(resident):
    client = signed_in(resident)
    page = client.get(reverse("notices:choices"))
    assert page.context["form"]["ways"].value() == ["wechat", "official", "sms"]
    client.post(reverse("notices:choices"), {"ways": ["sms"], "digest_hours": ["8", "17"]})
    kept = Choices.objects.get(person=resident)
    assert (kept.off, kept.digest_hours) == (["wechat", "official"], [8, 17])
    page = client.post(reverse("notices:choices"), {"ways": ["pigeon"], "digest_hours": ["3"]})
    assert set(page.context["form"].errors) == {"ways", "digest_hours"}


def test_an_hour_that_is_no_more_chosen_lets_go_what_waited(ways_of_sms, resident):
    Choices.objects.create(person=resident, digest_hours=[17])
    tell(resident)
    deliver_due(at=MONDAY)
    assert sent_sms(ways_of_sms) == []
    signed_in(resident).post(reverse("notices:choices"), {"ways": ["sms"]})
    deliver_due(at=MONDAY + timedelta(minutes=1))
    assert len(sent_sms(ways_of_sms)) == 1


@pytest.fixture
def ways_of_sms(aliyun, db):
    template("sms", 1, wording=WORDING)
    return aliyun
