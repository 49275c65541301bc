"""待分拣: what an import could not place waits with what its words suggest; staff sort many at once, and it goes on."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.escalation import sweep
from cases.models import Case, Category
from dashboards.figures.counting import count
from dashboards.models import Tally
from grids.models import Building
from notices.delivery.outbox import deliver_due
from notices.models import Notice
from notices.services import GATHERING
from residents.desk.sorting import Choice, sort_many
from residents.imports.requests import import_requests
from residents.services import take_back_batch
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, MESSAGE, words

URL = "/requests/sorting/"
HEAD = "编号,标题,时间,内容,地点,分类,紧急程度,姓名,电话"
ROW = "//li[contains(@class, 'sort-row')]"


def bring_in(town, *rows: str, by=None, batch="import:1", at=MONDAY, first=0):
    """Rows without their number and moment."""
    lines = []
    for number, row in enumerate(rows, start=first or Case.objects.count() + 1):
        title, _, more = row.partition(",")
        lines.append(f"{number},{title},2026-11-20 08:00,{more}" + "," * (5 - more.count(",")))
    table = "\n".join((HEAD, *lines)).encode()
    report = import_requests(file=table, source="热线", default_place=town.community, at=at, by=by, batch=batch)
    assert report.rejects == []
    return report


def case_of(title: str) -> Case:
    return Case.objects.get(title=title)


@pytest.fixture
def desk(defaults, town, staff):
    return signed_in(staff["community_worker"])


@pytest.mark.parametrize(
    ("row", "state", "urgency"),
    [
        ("灯,楼道灯不亮,宜和佳苑,物业管理", "submitted", "normal"),
        ("灯,宜和佳苑楼道灯不亮,,物业管理", "submitted", "normal"),
        ("灯,楼道灯不亮,,物业管理", "sorting", "normal"),
        ("灯,楼道灯不亮,宜和佳苑,", "sorting", "normal"),
        ("灯,楼道灯不亮,宜和佳苑,别处的分类", "sorting", "normal"),
        ("灯,楼道灯不亮,东平小区和宜和佳苑,物业管理", "sorting", "normal"),
        ("灯,楼道冒浓烟,宜和佳苑,物业管理", "sorting", "urgent"),
        ("灯,楼道冒浓烟,宜和佳苑,物业管理,一般", "submitted", "normal"),
        ("灯,楼道灯不亮,宜和佳苑,物业管理,特急", "submitted", "critical"),
        ("灯,楼道灯不亮,,,加急", "sorting", "urgent"),
    ],
)
def test_what_lacks_a_place_a_category_or_may_be_urgent_waits(defaults, town, staff, row, state, urgency):
    bring_in(town, row)
    case = Case.objects.get()
    assert (case.state, case.urgency) == (state, urgency)
    assert case.holder.role == "community_worker"
    assert list(unsound_cases()) == []


def test_an_urgency_that_is_none_is_refused(defaults, town, staff):
    table = f"{HEAD}\n1,灯,2026-11-20,灯不亮,宜和佳苑,物业管理,马上,,".encode()
    report = import_requests(file=table, source="热线", default_place=town.community, at=MONDAY)
    assert [(reject.line, reject.reason) for reject in report.rejects] == [
        (2, "紧急程度没有“马上”，请写一般、紧急、特急")
    ]


def test_what_stood_in_columns_of_their_own_is_not_lost(defaults, town, staff):
    bring_in(town, "灯,灯不亮,城关大桥东头,市容环境/路灯照明")
    text = Case.objects.get().request.words
    assert text == "灯不亮\n（原提交时间 2026-11-20 08:00；原地点 城关大桥东头；原分类 市容环境/路灯照明）"


def test_the_queue_is_for_those_who_dispatch_there(defaults, town, staff, resident):
    bring_in(town, "灯,楼道灯不亮,,")
    may = {"community_worker", "community_secretary", "street_cadre", "county_admin", "other_cadre"}
    seen = set()
    for who, person in {**staff, "resident": resident}.items():
        answer = signed_in(person).get(URL)
        assert (answer.status_code == 200) == (who in may), who
        if who in may and words(answer, ROW):
            seen.add(who)
    assert seen == may - {"other_cadre"}


def test_the_page_shows_what_the_words_suggest(desk, town):
    bring_in(town, "灯,宜和佳苑电梯困人，宜和社区也知道,,", "别的,谁都说不清的事,,", "门,物业不修门,宜和佳苑,")
    page = desk.get(URL)
    facts = {
        title: [re.sub(r"\s+", "", text) for text in words(page, f"{ROW}[.//strong='{title}']//dd")[:3]]
        for title in ("灯", "别的", "门")
    }
    assert facts["灯"][0] == "宜和佳苑"
    assert facts["灯"][1].startswith("建议物业管理/电梯")
    assert facts["别的"][:2] == ["看不出", "看不出"]
    assert facts["门"][0] == "宜和佳苑"
    assert words(page, "//nav[@aria-label='缺什么']/a") == ["全部 3", "缺地点 1", "缺分类 3", "可能紧急 0"]
    assert len(words(desk.get(f"{URL}?lack=place"), ROW)) == 1
    assert len(words(desk.get(f"{URL}?import=1"), ROW)) == 3
    assert len(words(desk.get(f"{URL}?import=2"), ROW)) == 0


def test_phones_in_what_was_said_are_masked(desk, town):
    bring_in(town, "灯,请回电 138 0013 8000,,")
    assert "138 0013 8000" not in desk.get(URL).content.decode()


def test_many_are_sorted_at_once_as_suggested_and_what_cannot_be_stays(desk, town, grid_leader):
    bring_in(town, "灯,宜和佳苑3幢1单元电梯困人,,", "门,宜和佳苑电梯门坏,,", "别的,谁都说不清的事,,")
    page = desk.post(URL, {"case": [case.pk for case in Case.objects.all()]})
    assert words(page, MESSAGE)[-1] == "已分拣 2 件，1 件还要您看一看，原因写在下面。"
    assert words(page, f"{ROW}//p[contains(@class, 'field-error')]") == ["看不出地点和分类，请选好再分拣"]
    assert words(page, f"{ROW}//input[@checked]/..") == ["别的"]
    sweep(at=timezone.now() + timedelta(minutes=1))
    light = case_of("灯")
    assert (light.state, light.category.path, light.grid) == ("dispatched", "物业管理/电梯", town.grid)
    assert light.place == "宜和佳苑 3幢1单元"
    assert light.holder.person == grid_leader
    assert case_of("别的").state == "sorting"
    assert list(unsound_cases()) == []


def test_what_is_chosen_goes_for_all_that_are_ticked(desk, town):
    bring_in(town, "灯,谁都说不清的事,,", "门,另一件,,")
    category = Category.objects.get(path="公共安全")
    posted = {"place": town.estate.pk, "category": category.pk, "urgency": "urgent"}
    answer = desk.post(f"{URL}?lack=place", {"case": [case_of("灯").pk, case_of("门").pk], **posted})
    assert answer["Location"] == f"{URL}?lack=place"
    for case in Case.objects.all():
        assert (case.state, case.grid, case.category, case.urgency) == (
            "submitted",
            town.estate,
            category,
            "urgent",
        )
        assert case.request.has_place
        assert case.finish_by_at < case.opened_at + timedelta(hours=25)  # the promise of what is urgent


def test_nothing_ticked_and_a_place_of_others_are_refused(desk, town):
    bring_in(town, "灯,谁都说不清的事,,")
    assert words(desk.post(URL, {}), ERROR) == ["请先勾选要分拣的事项。"]
    page = desk.post(URL, {"case": Case.objects.get().pk, "place": town.other_community.pk})
    assert words(page, ERROR) == ["这个网格不在您的辖区，或已撤并，请重新选择。"]
    for spoilt in ("x", "9" * 5000, "-1"):
        assert desk.post(URL, {"case": spoilt}).status_code == 200
    assert case_of("灯").state == "sorting"


def test_what_somebody_else_sorted_meanwhile_is_said(desk, town, worker_at_desk):
    bring_in(town, "灯,宜和佳苑电梯困人,,", "门,宜和佳苑电梯门坏,,")
    sort_many(cases=list(Case.objects.filter(title="灯")), choice=Choice(None, None, ""), by=worker_at_desk, at=MONDAY)
    answer = desk.post(URL, {"case": [case.pk for case in Case.objects.all()]}, follow=True)
    assert words(answer, MESSAGE)[-1] == "已分拣 1 件，1 件刚被别人分拣。"


def test_one_alone_is_sorted_on_its_own_page(desk, town, worker_at_desk):
    bring_in(town, "灯,谁都说不清的事,,")
    case = Case.objects.get()
    page = desk.get(f"/cases/{case.number}/")
    assert "分拣" in words(page, "//*[contains(@class, 'button primary')]")
    posted = {"version": 0, "category": Category.objects.get(path="公共安全").pk, "urgency": "normal"}
    page = desk.post(f"/cases/{case.number}/sort/", {**posted, "place": town.other_community.pk})
    assert words(page, ERROR) == ["东平社区不在您的辖区，请选辖区内的地点，或请上一级分拣。"]
    desk.post(f"/cases/{case.number}/sort/", {**posted, "place": town.estate.pk})
    case.refresh_from_db()
    assert (case.state, case.grid) == ("submitted", town.estate)


def test_the_page_costs_the_same_with_more_rows(desk, town):
    counted = []
    for first in (1, 2):
        bring_in(town, *(f"灯{first}{n},宜和佳苑电梯困人{n},," for n in range(20)))
        desk.get(URL)
        with CaptureQueriesContext(connection) as queries:
            desk.get(URL)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_left_lying_it_climbs(desk, town):
    bring_in(town, "灯,谁都说不清的事,,", at=MONDAY)
    case = Case.objects.get()
    sweep(at=case.due_at)
    case.refresh_from_db()
    assert case.was_late
    sweep(at=case.wake_at)
    case.refresh_from_db()
    assert case.holder.role == "street_cadre"


def test_each_holder_is_told_once_of_an_import(defaults, town, staff, grid_leader, group_leader):
    bring_in(town, *(f"灯{n},灯不亮,宜和佳苑3幢1单元,物业管理" for n in range(30)))
    sweep(at=MONDAY)
    (told,) = Notice.objects.filter(person=grid_leader)
    assert (told.words, told.count, told.path) == ("30 件新导入的事项派给您，请在待办里签收", 30, "/cases/")
    assert deliver_due(at=MONDAY + GATHERING - timedelta(seconds=1)) == 0
    assert deliver_due(at=MONDAY + GATHERING) == 1
    # What comes after it was sent is a message of its own; one alone says which.
    bring_in(town, "门,门坏了,宜和佳苑3幢1单元,物业管理", batch="import:2")
    sweep(at=MONDAY + timedelta(minutes=5))
    later = Notice.objects.filter(person=grid_leader).latest("pk")
    assert "“门”" in later.words
    assert later.path == case_of("门").get_absolute_url()


def test_an_import_is_taken_back_as_a_whole_and_can_come_in_again(defaults, town, staff, worker_at_desk, grid_leader):
    rows = [*(f"灯{n},灯不亮,宜和佳苑3幢1单元,物业管理" for n in range(3)), "别的,谁都说不清的事,,"]
    bring_in(town, *rows, by=worker_at_desk)
    sweep(at=MONDAY)
    taken = take_back_batch(batch="import:1", by=worker_at_desk, at=MONDAY + timedelta(hours=1), words="地点错位")
    assert taken == 4
    for case in Case.objects.all():
        assert (case.state, case.outcome, case.is_open) == ("withdrawn", "taken_back", False)
        last = case.events.order_by("number").last()
        assert (last.verb, last.by, last.remark.words) == ("take_back", worker_at_desk, "地点错位")
    assert list(unsound_cases()) == []
    told = heard("撤回", grid_leader)
    assert [notice.words for notice in told] == ["3 件导入有误，已撤回，不用办了：地点错位"]
    report = bring_in(town, *rows, by=worker_at_desk, batch="import:2", first=1)
    assert (report.imported, report.known) == (4, 0)


def test_who_called_is_told_that_it_was_taken_back(defaults, town, staff, worker_at_desk, resident):
    bring_in(town, f"灯,灯不亮,宜和佳苑,物业管理,,,{resident.phone}", by=worker_at_desk)
    take_back_batch(batch="import:1", by=worker_at_desk, at=MONDAY, words="重复登记")
    assert "您的“灯”是登记有误，已撤回：重复登记" in [notice.words for notice in resident.notices.all()]


def test_what_was_taken_back_counts_for_nothing(defaults, town, staff, worker_at_desk):
    bring_in(town, "灯,灯不亮,宜和佳苑,物业管理", by=worker_at_desk)
    count(at=MONDAY)
    assert Tally.objects.filter(kind="request", measure="opened").exists()
    take_back_batch(batch="import:1", by=worker_at_desk, at=MONDAY, words="导错了")
    count(at=MONDAY)
    assert not Tally.objects.filter(kind="request").exists()


def test_where_somebody_has_acted_nothing_is_taken_back(defaults, town, staff, worker_at_desk, grid_leader):
    bring_in(town, *(f"灯{n},灯不亮,宜和佳苑3幢1单元,物业管理" for n in range(3)), by=worker_at_desk)
    sweep(at=MONDAY)
    draw(case_of("灯1"), "sign", grid_leader)
    with pytest.raises(ValidationError, match=case_of("灯1").number):
        take_back_batch(batch="import:1", by=worker_at_desk, at=MONDAY, words="导错了")
    assert not Case.objects.filter(state="withdrawn").exists()


def test_who_called_and_has_an_account_can_follow(defaults, town, staff, resident):
    spelt = f"+86 {resident.phone[:3]}-{resident.phone[3:7]}-{resident.phone[7:]}"
    bring_in(town, f"灯,灯不亮,宜和佳苑,物业管理,,别的名字,{spelt}")
    case = Case.objects.get()
    assert case.seats.get().person == resident
    assert case.request.address_note == ""
    assert signed_in(resident).get(f"/cases/{case.number}/").status_code == 200


@pytest.mark.parametrize("phone", ["13987654321", "0599-3332211", "0599-3332211转8"])
def test_who_called_and_has_none_is_reached_by_who_handles_it_for_a_reason(desk, town, phone):
    before = User.objects.count()
    bring_in(town, f"灯,灯不亮,宜和佳苑3幢1单元,物业管理,,王先生,{phone}")
    case = Case.objects.get()
    assert User.objects.count() == before  # a table opens no accounts
    assert not case.seats.exists()
    page = desk.get(f"/cases/{case.number}/")
    assert phone not in page.content.decode()
    assert "联系居民" in words(page, "//*[contains(@class, 'button')]")
    shown = desk.post(f"/cases/{case.number}/asker-phone/", {"reason": "约上门时间"})
    assert words(shown, "//main//strong") == [f"来电人 王先生 {phone}"]


def test_a_house_whose_units_have_doors_of_their_own_is_found_by_its_unit(desk, town):
    assert Building.objects.filter(estate=town.estate, name="3幢", unit="1单元").exists()
    bring_in(town, "灯,灯不亮,宜和佳苑3栋一单元501,物业管理")
    assert case_of("灯").grid == town.grid


def test_however_long_the_way_to_reach_who_called_nothing_of_it_is_cut_off(defaults, town, staff):
    phone = "0599-3332211、晚上七点以后打、" + "没人接就打门卫" * 12
    bring_in(town, f"灯,灯不亮,宜和佳苑,物业管理,,王先生,{phone}")
    assert Case.objects.get().request.address_note == f"来电人 王先生 {phone}"
