"""A unit's roster: who is sound goes in, who is not is written down with the reason, nothing twice, 2,162 at once."""

import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from accounts.models import User
from grids.models import UnitKind
from grids.units.services import register_unit
from tests.imports.tables import brought_in
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import ERROR, MESSAGE, inside
from volunteers.models import DutyReport, Membership, Volunteer
from volunteers.roster.reading import import_roster

HEAD = "姓名,手机号,单位,身份,报到社区/小区,特长\n"
IMPORT = "/volunteers/roster/"


def write(folder: Path, text: str, name: str = "名单.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(kinds, town, unit, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_row_is_a_person_known_but_not_bound(folder, unit, town):
    path = write(folder, HEAD + "张三,138 0000 0001,县教育局,在职党员,宜和佳苑,探访陪伴、手机教学\n")
    assert import_roster(file=path, at=MONDAY).imported == 1
    person = User.objects.with_phone("13800000001")
    assert Membership.objects.get(person=person).employment == "in_service"
    volunteer = Volunteer.objects.get(person=person)
    assert volunteer.agreed_at is None
    assert sorted(skill.name for skill in volunteer.skills.all()) == ["手机教学", "探访陪伴"]
    report = DutyReport.objects.get(person=person)
    assert (report.state, report.grid, report.unit) == ("waiting", town.estate, unit)


def test_who_is_no_party_member_reports_to_nobody(folder):
    import_roster(file=write(folder, HEAD + "李四,13800000002,县教育局,退休,,\n"), at=MONDAY)
    assert Membership.objects.get().employment == "retired"
    assert not DutyReport.objects.exists()


def test_2162_rows_with_40_bad_ones(folder, capsys):
    """2,122 go in, 40 are explained; a second run adds nothing; mended rejects go in."""
    register_unit(name="县医院", kind=UnitKind.OFFICE)
    book = Workbook()
    book.active.append(HEAD.strip().split(","))
    bad = {"phone": range(100, 115), "duplicate": range(500, 515), "unit": range(900, 910)}
    for number in range(2162):
        phone, unit = f"139{number:08d}", ("县教育局", "县医院")[number % 2]
        if number in bad["phone"]:
            phone = ("1390000", "", "23900000000", "139000O0000", "1390000000012")[number % 5]
        elif number in bad["duplicate"]:
            phone = f"139{number - 300:08d}"
        elif number in bad["unit"]:
            unit = ("县航天局", "")[number % 2]
        standing = ("在职，党员", "退休、党员")[number % 2]
        book.active.append([f"党员{number}", phone, unit, standing, "宜和佳苑", "探访陪伴" if number % 3 else ""])
    path = folder / "全县.xlsx"
    book.save(path)

    call_command("import_roster", str(path))
    printed = capsys.readouterr()
    assert "共 2162 行：新增 2122，以前已导入 0，退件 40。" in printed.out
    assert printed.err == ""  # no bar where nobody watches
    assert Membership.objects.count() == DutyReport.objects.count() == Volunteer.objects.count() == 2122
    with (folder / "全县.xlsx.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    reasons = [row["原因"] for row in rejects]
    assert sum("手机号与第" in reason for reason in reasons) == 15
    assert sum("单位" in reason for reason in reasons) == 10
    assert sum("手机号" in reason and "第" not in reason for reason in reasons) == 15
    assert [int(row["行号"]) for row in rejects] == sorted(number + 2 for rows in bad.values() for number in rows)

    call_command("import_roster", str(path))
    assert "新增 0，以前已导入 2122，退件 40" in capsys.readouterr().out
    assert Membership.objects.count() == 2122


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("张三,13800000001,县教育局,党员,宜和佳苑,", "在职"),
        ("张三,13800000001,县教育局,在职 退休,,", "在职"),
        ("张三,13800000001,县教育局,在职 党员,,", "要填报到"),
        ("张三,13800000001,县教育局,在职 党员,月亮小区,", "没有社区或小区"),
        ("张三,13800000001,县教育局,在职,,隐身", "特长里没有"),
        (",13800000001,县教育局,在职,,", "没有姓名"),
        ("张三,13800000001,县教育局", "有 3 列"),
        ("王五,13800130001,县教育局,在职,,", "已登记为王"),
    ],
)
def test_each_fault_has_its_sentence(folder, resident, row, reason):
    report = import_roster(file=write(folder, HEAD + row + "\n"), at=MONDAY)
    assert report.imported == 0
    assert reason in report.rejects[0][1]
    assert not Membership.objects.exists()


def test_somebody_known_keeps_what_they_said_themselves(folder, helper):
    text = HEAD + f"{helper.name},{helper.phone},县教育局,在职,,水电维修\n"
    assert import_roster(file=write(folder, text), at=MONDAY).imported == 1
    volunteer = Volunteer.objects.get(person=helper)
    assert volunteer.is_active
    assert "水电维修" not in [skill.name for skill in volunteer.skills.all()]


def test_what_is_no_roster_is_refused(folder):
    with pytest.raises(ValidationError, match="缺少列：手机号、单位、身份"):
        import_roster(file=write(folder, "姓名,年龄\n张三,30\n"), at=MONDAY)
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("import_roster", "没有.csv")


def test_the_desk_takes_a_roster_in(folder, staff, resident):
    path = write(folder, HEAD + "张三,13800000001,县教育局,在职 党员,宜和佳苑,\n李四,1380,县教育局,在职,,\n")
    for who in ("grid_leader", "branch_secretary"):
        assert signed_in(staff[who]).get(IMPORT).status_code == 403
    assert signed_in(resident).get(IMPORT).status_code == 403
    with path.open("rb") as file:
        page = brought_in(signed_in(staff["community_worker"]), IMPORT, {"file": file})
    assert inside(page, MESSAGE) == "共 2 行：新增 1，以前已导入 0，没有导入 1。"
    assert "11 位数字" in inside(page, "//table")
    with path.open("rb") as file:  # another street's desk reports nobody to our estates
        page = brought_in(signed_in(staff["other_cadre"]), IMPORT, {"file": file})
    assert "没有社区或小区叫" in inside(page, "//table")


def test_a_roster_of_the_wrong_kind_is_refused_at_its_field(folder, worker_at_desk):
    client = signed_in(worker_at_desk)
    assert "请选择文件" in client.post(IMPORT, {}).content.decode()
    with write(folder, "姓名,年龄\n张三,30\n").open("rb") as file:
        assert "缺少列" in inside(client.post(IMPORT, {"file": file}), ERROR)
