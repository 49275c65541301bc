"""Out of the house: by the first way that takes a message, and by no second."""

import random
from datetime import datetime, timedelta

import pytest

from cases.limits.clock import ZONE
from gateways.breaker import FAULTS
from notices.delivery.outbox import deliver_due
from notices.models import Choices, Delivery, Notice, Subscription, Template
from notices.services import mark_read
from notices.texts import SITE
from tests.notices.conftest import WORDING, agree, follow, tell, template
from tests.support.cast import MONDAY
from tests.support.standins import sms as sms_standins
from tests.support.standins.server import Answer
from tests.support.standins.wechat import OFFICIAL_APP, error

NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=ZONE)
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=ZONE)
pytestmark = pytest.mark.usefixtures("texts")


def sent_sms(server) -> list[str]:
    return [sms_standins.of_aliyun(asked)["TemplateParam"] for asked in server.asked]


def states() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("channel", "state"))


def test_without_a_template_nothing_leaves_the_house(resident, wechat, aliyun):
    tell(resident)
    deliver_due(at=MONDAY)
    assert Notice.objects.get().sent_over == [SITE]
    assert (wechat.told, aliyun.asked, states()) == ([], [], [])


def test_the_first_way_that_takes_it_is_the_only_one(ways, resident, aliyun):
    tell(resident)
    assert deliver_due(at=MONDAY) == 1
    [told] = ways.told
    assert told["data"] == {
        "thing1": {"value": "楼道灯不亮1"},
        "phrase2": {"value": "已派单"},
        "time4": {"value": "2026年11月24日 18:00"},
    }
    assert (told["touser"], told["page"]) == ("o-mini", "pages/open/open?path=/my/")
    assert aliyun.asked == []
    assert states() == [("wechat", "sent")]
    assert Subscription.objects.get().left == 1
    assert deliver_due(at=MONDAY + timedelta(hours=1)) == 0


def test_one_yes_is_one_message(ways, resident, aliyun):
    for number in range(3):
        tell(resident, number)
    deliver_due(at=MONDAY)
    assert len(ways.told) == 2
    assert sent_sms(aliyun) == ['{"title": "楼道灯不亮2"}']


def test_who_refuses_is_told_by_the_next_way(ways, resident, aliyun):
    ways.refuses = {"o-mini"}
    tell(resident)
    deliver_due(at=MONDAY)
    assert len(sent_sms(aliyun)) == 1
    assert states() == [("wechat", "refused"), ("sms", "sent")]
    assert "43101" in Delivery.objects.get(channel="wechat").error
    assert Subscription.objects.get().left == 0
    assert Notice.objects.get().sent_at == MONDAY


@pytest.mark.parametrize("fault", [error(45009, "quota"), error(-1, "busy"), Answer(b"", is_broken_off=True)])
def test_a_way_that_is_down_falls_to_the_next_and_used_up_no_yes(ways, resident, aliyun, fault):
    ways.server.fault = lambda asked: fault
    tell(resident)
    deliver_due(at=MONDAY)
    assert states() == [("wechat", "down"), ("sms", "sent")]
    assert Subscription.objects.get().left == 2
    assert deliver_due(at=MONDAY + timedelta(days=1)) == 0


def test_a_follower_is_told_by_the_official_account(ways, resident, aliyun, settings):
    agree(resident, 0)
    follow(resident, OFFICIAL_APP, "o-official")
    settings.PORTAL_URL = "https://zh.example"
    tell(resident)
    deliver_due(at=MONDAY)
    assert [(told["touser"], told["url"]) for told in ways.told] == [("o-official", "https://zh.example/my/")]
    assert aliyun.asked == []


def test_all_ways_down_is_tried_again_and_goes_once(ways, resident, aliyun):
    ways.server.fault = aliyun.fault = lambda asked: Answer(b"", is_broken_off=True)
    tell(resident)
    assert deliver_due(at=MONDAY) == 0
    assert "wechat" in Notice.objects.get().failed
    ways.server.fault = aliyun.fault = lambda asked: None
    assert deliver_due(at=MONDAY + timedelta(minutes=2)) == 1
    assert (len(ways.told), Delivery.objects.get(channel="wechat").tries) == (1, 2)
    assert Notice.objects.get().failed == ""


def test_a_number_that_is_empty_is_asked_once(aliyun, resident, db):
    template("sms", 1, wording=WORDING)
    resident.phone = "13850990000"
    resident.save()
    tell(resident)
    assert deliver_due(at=MONDAY) == 1
    assert deliver_due(at=MONDAY + timedelta(days=1)) == 0
    assert states() == [("sms", "refused")]


def test_at_night_no_phone_rings(ways, resident):
    tell(resident, at=NIGHT)
    assert deliver_due(at=NIGHT) == 0
    assert (ways.told, Notice.objects.get().sent_over) == ([], [SITE])
    assert deliver_due(at=MORNING - timedelta(seconds=1)) == 0
    assert deliver_due(at=MORNING) == 1
    assert len(ways.told) == 1


@pytest.mark.parametrize(("kind", "more"), [("test.danger.asker", {}), ("test.moved.asker", {"is_urgent": True})])
def test_danger_rings_at_night(ways, resident, kind, more):
    tell(resident, at=NIGHT, kind=kind, **more)
    assert deliver_due(at=NIGHT) == 1
    assert len(ways.told) == 1


def test_what_was_read_on_the_site_goes_nowhere_else(ways, resident, aliyun):
    tell(resident, at=NIGHT)
    deliver_due(at=NIGHT)
    mark_read(person=resident, at=NIGHT + timedelta(minutes=5))
    assert deliver_due(at=MORNING) == 1
    assert (ways.told, aliyun.asked, states()) == ([], [], [])


def test_what_waited_for_an_hour_is_one_message(ways, resident, aliyun):
    Choices.objects.create(person=resident, digest_hours=[8, 14])
    template("sms", 1, kinds="notices.digest*", fields="count={total}")
    for number in range(3):
        tell(resident, number)
    tell(resident, 9, kind="test.danger.asker")
    assert deliver_due(at=MONDAY) == 1  # the dangerous one
    deliver_due(at=MONDAY.replace(hour=14))
    assert sent_sms(aliyun) == ['{"count": "3"}']
    assert len(ways.told) == 1
    assert not Notice.objects.filter(sent_at=None).exists()
    assert deliver_due(at=MONDAY.replace(hour=20)) == 0


def test_what_was_read_meanwhile_is_not_counted(ways, resident, aliyun):
    Choices.objects.create(person=resident, digest_hours=[14])
    template("sms", 1, kinds="notices.digest*", fields="count={total}")
    for number in range(3):
        tell(resident, number)
    deliver_due(at=MONDAY)
    Notice.objects.filter(cause__in=["event:0", "event:1"]).update(read_at=MONDAY)
    deliver_due(at=MONDAY.replace(hour=14))
    assert sent_sms(aliyun) == []
    assert [told["data"]["thing1"]["value"] for told in ways.told] == ["楼道灯不亮2"]  # alone, as it is
    assert not Notice.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(("kind", "count"), [("test.moved.asker", 0), ("test.given.holder", 1)])
def test_many_in_one_go_by_no_way_that_is_not_wanted_but_for_duty(ways, resident, aliyun, kind, count):
    Choices.objects.create(person=resident, digest_hours=[14], off=["sms"])
    template("sms", 1, kinds="notices.digest*", fields="count={total}")
    for number in range(2):
        tell(resident, number, kind=kind)
    deliver_due(at=MONDAY)
    deliver_due(at=MONDAY.replace(hour=14))
    assert len(sent_sms(aliyun)) == count
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_way_that_rests_is_nothing_to_who_has_it_not(ways, neighbour, resident, aliyun):
    """Nor is their having it not an answer of that way."""
    agree(resident, 1000)
    ways.server.fault = lambda asked: Answer(b"", is_broken_off=True)
    Template.objects.filter(channel="sms").delete()
    for number in range(FAULTS):
        tell(resident, number)
        tell(neighbour, 100 + number)
    deliver_due(at=MONDAY)
    assert Notice.objects.filter(person=neighbour, sent_at=MONDAY).count() == FAULTS
    assert not Delivery.objects.filter(notice__person=neighbour).exists()
    asked = len(ways.server.asked)
    tell(resident, 99)
    deliver_due(at=MONDAY)
    assert len(ways.server.asked) == asked


def test_what_waited_alone_goes_as_it_is(ways, resident):
    Choices.objects.create(person=resident, digest_hours=[8])
    tell(resident)
    deliver_due(at=MONDAY)
    assert deliver_due(at=MORNING) == 0
    assert deliver_due(at=MORNING.replace(hour=8)) == 1
    assert len(ways.told) == 1


def test_what_a_person_does_not_want_is_not_used_but_for_their_duty(ways, resident, aliyun):
    Choices.objects.create(person=resident, off=["wechat", "official"])
    tell(resident, 1)
    tell(resident, 2, kind="test.given.holder")
    deliver_due(at=MONDAY)
    assert [told["data"]["thing1"]["value"] for told in ways.told] == ["楼道灯不亮2"]
    assert sent_sms(aliyun) == ['{"title": "楼道灯不亮1"}']


def test_the_template_that_names_a_kind_most_closely_is_used(ways, resident):
    closer = template("wechat", 1, kinds="test.moved.asker")
    closer.template_id = "T-closer"
    closer.save()
    Subscription.objects.create(person=resident, template_id="T-closer", left=1)
    tell(resident)
    deliver_due(at=MONDAY)
    assert ways.told[0]["template_id"] == "T-closer"


def test_a_template_that_is_out_of_use_sends_nothing(ways, resident, aliyun):
    Template.objects.update(is_active=False)
    tell(resident)
    assert deliver_due(at=MONDAY) == 1
    assert (ways.told, aliyun.asked) == ([], [])


def test_a_thousand_messages_with_the_first_way_down_all_go_by_the_second_once(ways, resident, neighbour, aliyun):
    agree(resident, 1000)
    ways.server.fault = lambda asked: Answer(b"", is_broken_off=True)
    for number in range(1000):
        tell(resident, number)
    deliver_due(at=MONDAY)
    assert sorted(sent_sms(aliyun)) == sorted(f'{{"title": "楼道灯不亮{number}"}}' for number in range(1000))
    assert len(ways.server.asked) <= 2 * FAULTS + 2  # whoever does not answer is left alone for a while
    assert Notice.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize("seed", range(3))
def test_gateways_that_fail_at_random_lose_and_double_nothing(ways, resident, aliyun, seed, monkeypatch):
    """In every way in which a message has not been taken. (One that was taken and not answered goes again: told twice is
    better than not at all.)"""
    monkeypatch.setattr("gateways.breaker.SECONDS", 0)
    chance = random.Random(seed)
    faults = [error(-1, "busy"), error(45009, "quota"), Answer(b"<html>", status=502), Answer(b"", is_broken_off=True)]
    of_sms = [
        sms_standins.aliyun_error("Throttling.User"), sms_standins.aliyun_error("isv.AMOUNT_NOT_ENOUGH", 200), *faults[2:],
    ]  # fmt: skip
    ways.server.fault = lambda asked: chance.choice(faults) if chance.random() < 0.6 else None
    aliyun.fault = lambda asked: chance.choice(of_sms) if chance.random() < 0.6 else None
    agree(resident, 1000)
    for number in range(40):
        tell(resident, number)
    at = MONDAY
    for _ in range(8):
        deliver_due(at=at)
        at += timedelta(minutes=2)
        Notice.objects.filter(sent_at=None).update(due_at=at)
    ways.server.fault = aliyun.fault = lambda asked: None
    deliver_due(at=at)
    by_wechat = [told["data"]["thing1"]["value"] for told in ways.told]
    by_sms = Delivery.objects.filter(channel="sms", state="sent").count()
    assert len(by_wechat) + by_sms == 40
    assert len(set(by_wechat)) == len(by_wechat)
    assert Notice.objects.filter(sent_at=None).count() == 0
