"""Heads as people and hotlines write them, wherever their row stands."""

import pytest
from django.core.exceptions import ValidationError

from tables import heads
from tables.heads import find_heads, plain_head
from tests.tables.books import GOOD, HEADS, LETTERS

DRESSED = {
    "编号*": "编号",
    "＊编号": "编号",
    " 编 号 ": "编号",
    "编\n号": "编号",
    "编号（必填）": "编号",
    "编号(必填)": "编号",
    "编号【必填】": "编号",
    "编号：": "编号",
    "受理编号": "编号",
    "工单编号（系统生成）": "编号",
    "诉求\n标题": "标题",
    "主题": "标题",
    "来电时间": "时间",
    "受理时间（必填）": "时间",
    "时间\t(年-月-日)": "时间",
    "诉求描述": "内容",
    "诉求内容*": "内容",
    "内　容": "内容",
    "序号": "序号",
    "備註": "",
    "编号1": "",
    "内容提要": "",
}


@pytest.mark.parametrize(("head", "column"), DRESSED.items())
def test_a_head_however_it_is_dressed(head, column):
    others = [other for other in HEADS if other != column]
    columns, _ = find_heads([[*others, head]], LETTERS) if column != "" else find_heads([[*HEADS, head]], LETTERS)
    named = {name for name, places in columns.places.items() if (3 if column in HEADS else 4) in places}
    assert named == ({column} if column else set())


@pytest.mark.parametrize(
    "above",
    [
        [],
        [["12345 热线工单汇总"]],
        [["12345 热线工单汇总", "", "", ""], ["制表：某某", "", "2026年11月"]],
        [["基本信息", "", "诉求", ""]],
        [["编号说明：由系统生成"]],
    ],
)
def test_what_stands_above_the_heads_is_no_row(above):
    columns, taken = find_heads([*above, HEADS, GOOD], LETTERS)
    assert taken == len(above) + 1
    assert columns.places == {"编号": (0,), "标题": (1,), "时间": (2,), "内容": (3,)}


def test_merged_heads_of_two_rows():
    upper, lower = ["编号", "来电信息", "", "内容"], ["", "标题", "时间", ""]
    columns, taken = find_heads([["汇总表"], upper, lower, GOOD], LETTERS)
    assert taken == 3
    assert columns.places == {"编号": (0,), "标题": (1,), "时间": (2,), "内容": (3,)}


def test_of_several_names_the_first_that_is_known_best_counts():
    columns, _ = find_heads([["诉求内容", "内容", "时间", "编号"]], LETTERS)
    assert columns.places["内容"] == (1, 0)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["编号", "时间", "内容", "内容"], "列名“内容”出现了不止一次"),
        (["编号", "时间", "内容", "内容（必填）"], "列名“内容”“内容（必填）”出现了不止一次"),
        (["编号", "来电时间", "来电 时间", "内容"], "列名“来电时间”“来电 时间”"),
    ],
)
def test_doubled_heads_are_refused_by_name(row, words):
    with pytest.raises(ValidationError, match=words):
        find_heads([row, GOOD], LETTERS)


def test_columns_that_are_not_ours_may_come_twice():
    columns, _ = find_heads([[*HEADS, "备注", "备注"]], LETTERS)
    assert columns.written == (*HEADS, "备注", "备注")


def test_missing_ones_are_named_with_what_there_is():
    with pytest.raises(ValidationError, match="缺少列：编号、时间。.*表里的列名是：标题、内容、备注"):
        find_heads([["标题", "内容", "备注"]], LETTERS)
    with pytest.raises(ValidationError, match="第一行应是列名，例如：编号、时间、内容"):
        find_heads([["甲", "乙"]], LETTERS)
    with pytest.raises(ValidationError, match="第一行应是列名"):
        find_heads([], LETTERS)


def test_a_running_number_stands_in_for_the_number():
    columns, _ = find_heads([["序号", "时间", "内容"]], LETTERS)
    assert "编号" not in columns.places


def test_names_that_staff_add(monkeypatch):
    row = ["投诉件号", "时间", "内容"]
    with pytest.raises(ValidationError, match="缺少列：编号"):
        find_heads([row], LETTERS)
    monkeypatch.setattr(heads, "OWN_NAMES", [lambda key: {"投诉件号 *": "编号"} if key == "letters" else {}])
    assert find_heads([row], LETTERS)[0].places["编号"] == (0,)


def test_plain():
    assert plain_head(" ＳＵＢＪＥＣＴ\n* ") == "subject"
