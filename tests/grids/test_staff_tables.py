"""Staff accounts in bulk: a row a post, new people get an account they open with their phone; a bad row says why."""

import pytest
from django.contrib.admin.models import LogEntry
from tablib import Dataset

from accounts.models import User
from grids.admin_pages.excel import PostResource
from grids.models import Post
from tests.support.cast import signed_in

HEAD = ("手机号", "姓名", "职务", "网格", "任职起", "任职止")
GOOD = ("13900005001", "新社工", "社区工作者", "350725001008", "", "")


def take_in(user, *rows):
    return PostResource(user=user).import_data(Dataset(*rows, headers=HEAD), dry_run=False, raise_errors=False)


def test_new_people_get_an_account_and_a_post(town, county_admin):
    result = take_in(
        county_admin, GOOD, ("139-0000-5002", "代岗人", "网格长", town.grid.name, "2026-12-01", "2026-12-03")
    )
    assert not result.has_errors()
    assert not result.has_validation_errors()
    worker = User.objects.with_phone("13900005001")
    assert worker.is_staff
    assert worker.must_set_password
    assert not worker.has_usable_password()
    acting = Post.objects.get(person__name="代岗人")
    assert (acting.until_at - acting.from_at).days == 3


def test_a_second_time_changes_nothing(town, county_admin):
    take_in(county_admin, GOOD)
    again = take_in(county_admin, GOOD)
    assert again.totals["skip"] == 1
    assert Post.objects.filter(person__name="新社工").count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("138", "甲", "网格长", "宜和佳苑1号网格", "", ""), "手机号应为 11 位"),
        (("13900005003", "甲", "村长", "宜和佳苑1号网格", "", ""), "没有“村长”这种职务"),
        (("13900005003", "", "网格长", "宜和佳苑1号网格", "", ""), "请填写姓名"),
        (("13900005003", "甲", "网格长", "没有的网格", "", ""), "您的辖区里没有"),
        (("13900005003", "甲", "网格长", "宜和社区", "", ""), "应任职于"),
        (("13900005003", "甲", "网格长", "宜和佳苑1号网格", "下周一", ""), "看不懂日期"),
        (("13900005003", "甲", "县级管理员", "", "", ""), "由县级管理员任命"),
    ],
)
def test_a_bad_row_says_why_and_goes_nowhere(town, secretary, row, words):
    result = take_in(secretary, row)
    messages = str([error.error for line in result.error_rows for error in line.errors]) + str(
        [line.error for line in result.invalid_rows]
    )
    assert words in messages
    assert not User.objects.filter(name="甲").exists()


def test_through_the_admin_and_no_name_in_its_log(town, county_admin, tmp_path):
    table = tmp_path / "staff.csv"
    table.write_text("\n".join([",".join(HEAD), ",".join(GOOD)]))
    client = signed_in(county_admin)
    with table.open("rb") as file:
        page = client.post("/admin/grids/post/import/", {"import_file": file, "format": "1", "resource": ""})
    form = page.context["confirm_form"].initial
    client.post("/admin/grids/post/process_import/", {**form, "resource": ""})
    assert User.objects.with_phone("13900005001").posts.get().grid == town.community
    assert "新社工" not in str(list(LogEntry.objects.values()))
