"""The 户册 from a table: good rows in, bad ones explained, a second run adds nothing; doors are sealed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.privacy import rights
from meetings.homes.roster import end_tenure, import_homes
from meetings.models import Home, Tenure
from tests.imports.tables import brought_in
from tests.support.cast import MONDAY, signed_in, whole_database
from tests.support.pages import MESSAGE, inside

HEAD = "楼栋,单元,房号,面积,姓名,手机号,住在这里,业主,未成年,居民小组代表"
GOOD = (
    "3幢,1单元,朝阳轩101,89.37,林一,13700001001,是,是,,",
    "3幢,1单元,朝阳轩101,89.37,林二,13700001002,,,,是",
    "3幢,1单元,102,60,吴三,13700001003,否,是,,",
)
BAD = {
    "9幢,,101,80,陈四,13700001004,是,是,,": "没有楼栋",
    "3幢,1单元,,80,陈四,13700001004,是,是,,": "没有房号",
    "3幢,1单元,103,八十,陈四,13700001004,是,是,,": "看不懂面积",
    "3幢,1单元,103,0,陈四,13700001004,是,是,,": "看不懂面积",
    "3幢,1单元,103,80,,13700001004,是,是,,": "没有姓名",
    "3幢,1单元,103,80,陈四,1370000,是,是,,": "11 位",
    "3幢,1单元,103,80,陈四,13700001001,是,是,,": "已登记为",
    "3幢,1单元,103,80,陈四,13700001004,否,否,,": "不用登记",
    "3幢,1单元,103,80,陈四,13700001004,是,也许,,": "请填是或否",
}


@pytest.fixture
def table(tmp_path):
    def write(*rows, head=HEAD):
        path = tmp_path / "homes.csv"
        path.write_text("\n".join((head, *rows)), encoding="utf-8")
        return path

    return write


def test_good_rows_go_in_once_and_bad_ones_say_why(defaults, town, table):
    path = table(*GOOD, *BAD)
    report = import_homes(file=path, estate=town.estate, at=MONDAY)
    assert report.imported == len(GOOD)
    for (_, reason, _), words in zip(report.rejects, BAD.values(), strict=True):
        assert words in reason
    again = import_homes(file=path, estate=town.estate, at=MONDAY)
    assert (again.imported, again.known) == (0, len(GOOD))
    assert (Home.objects.count(), Tenure.objects.count()) == (2, 3)
    owner, tenant, landlord = Tenure.objects.order_by("pk")
    assert (owner.owns, owner.lives_there, owner.home.area) == (True, True, Decimal("89.37"))
    assert (tenant.owns, tenant.is_spokesperson) == (False, True)
    assert (landlord.owns, landlord.lives_there) == (True, False)


def test_what_changed_in_the_table_changes(defaults, town, table):
    import_homes(file=table(*GOOD), estate=town.estate, at=MONDAY)
    import_homes(file=table(GOOD[2].replace("60", "61.5")), estate=town.estate, at=MONDAY)
    assert Home.objects.get(tenures__person__name="吴三").area == Decimal("61.5")
    assert Tenure.objects.count() == 3  # who is not in the table any more stays until staff end it


def test_a_file_that_is_no_such_table(defaults, town, table):
    with pytest.raises(ValidationError, match="缺少列：面积、姓名、手机号"):
        import_homes(file=table("3幢,101", head="楼栋,房号"), estate=town.estate, at=MONDAY)


def test_doors_stand_sealed(defaults, town, table):
    import_homes(file=table(*GOOD), estate=town.estate, at=MONDAY)
    assert Home.objects.filter(pk=Home.objects.first().pk).values_list("door", flat=True)[0] == "朝阳轩101"
    assert "朝阳轩" not in whole_database()


def test_taken_in_and_ended_at_the_desk(defaults, town, staff):
    client = signed_in(staff["community_worker"])
    upload = SimpleUploadedFile("h.csv", "\n".join((HEAD, *GOOD, next(iter(BAD)))).encode())
    page = brought_in(client, "/homes/", {"place": town.estate.pk, "file": upload})
    assert inside(page, MESSAGE) == "共 4 行：新增 3，以前已导入 0，没有导入 1。"
    assert "没有楼栋" in inside(page, "//table")
    shown = client.get(f"/homes/{town.estate.pk}/").content.decode()
    assert "朝阳轩101" in shown
    tenure = Tenure.objects.first()
    client.post(f"/homes/tenures/{tenure.pk}/end/")
    tenure.refresh_from_db()
    assert tenure.until_at is not None
    with pytest.raises(ValidationError, match="已经结束"):
        end_tenure(tenure=tenure, at=MONDAY)


def test_whoever_leaves_is_gone_and_the_home_stays(defaults, town, table):
    import_homes(file=table(GOOD[2]), estate=town.estate, at=MONDAY)
    rights.erase(person=User.objects.get(name="吴三"), at=MONDAY)
    assert (Tenure.objects.count(), Home.objects.count()) == (0, 1)


def test_a_door_however_a_spreadsheet_or_a_hand_spells_it(defaults, town, table):
    path = table(
        "３幢,１单元,3月2日,89.0,林一,13700001001.0,1.0,是,,",
        "3 幢,1单元,3.0,60,吴三,'13700001003,是,是,,",
        "3幢,1单元,2026-03-01,60,吴四,13700001004,是,是,,",
        "3幢,1单元,104,60,吴五,1.37E+10,是,是,,",
    )
    report = import_homes(file=path, estate=town.estate, at=MONDAY)
    assert sorted(Home.objects.values_list("door", flat=True)) == ["3", "3-2"]
    assert [reject.line for reject in report.rejects] == [4, 5]
    assert "3-1 或 26-3" in report.rejects[0].reason
    assert "科学计数" in report.rejects[1].reason


BORN = f"{HEAD},出生日期"


@pytest.mark.parametrize(
    ("ticked", "born", "is_adult"),
    [
        ("", "2008-11-24", False),  # a minor by the day of birth, whatever is ticked
        ("是", "2008年11月24日", False),
        ("", "2008/11/23", True),
        ("否", "", True),
        ("是", "", False),
    ],
)
def test_the_day_of_birth_says_who_is_grown(defaults, town, table, ticked, born, is_adult):
    path = table(f"3幢,1单元,102,60,吴三,13700001003,是,是,{ticked},,{born}", head=BORN)
    assert import_homes(file=path, estate=town.estate, at=MONDAY).imported == 1
    tenure = Tenure.objects.select_related("person").get()
    assert tenure.is_adult_at(MONDAY) is is_adult
    assert tenure.is_adult_at(MONDAY.replace(year=2030)) is (is_adult or bool(born))


@pytest.mark.parametrize(
    ("ticked", "born", "reason"),
    [("是", "1980-01-01", "“未成年”应为否"), ("", "2030-01-01", "出生日期不对"), ("", "以前", "看不懂")],
)
def test_a_tick_against_the_day_of_birth_is_refused(defaults, town, table, ticked, born, reason):
    path = table(f"3幢,1单元,102,60,吴三,13700001003,是,是,{ticked},,{born}", head=BORN)
    report = import_homes(file=path, estate=town.estate, at=MONDAY)
    assert reason in report.rejects[0].reason
