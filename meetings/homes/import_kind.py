"""户册 as it comes in through the browser."""

from django import forms

from grids.models import Level
from grids.models.querysets import GridQuerySet
from imports.kinds import Asked, Kind
from meetings.homes.roster import HOMES, import_homes
from tables.report import Report


def _run(asked: Asked) -> Report:
    assert asked.place is not None, "the form asks for it"
    return import_homes(
        file=asked.file, estate=asked.place, at=asked.at, is_trial=asked.is_trial, progress=asked.progress
    )


def _estate(area: GridQuerySet) -> forms.Field:
    return forms.ModelChoiceField(
        label="哪个小区",
        queryset=area.current().filter(level=Level.ESTATE).order_by("tree_id", "lft"),
        empty_label="请选择",
        error_messages={"required": "请选择小区。", "invalid_choice": "这个小区已撤并，请重新选择。"},
    )


KIND = Kind(
    layout=HOMES,
    words="表决的名册从户册里生成。一行一个人；住在这里、业主、未成年、居民小组代表填是或否；填了出生日期的，以出生日期为准。房号和手机号加密保存，只用于表决。",
    example={
        "楼栋": "示例3幢",
        "单元": "1单元",
        "房号": "101",
        "面积": "89.37",
        "姓名": "张三",
        "手机号": "13800000000",
        "住在这里": "是",
        "业主": "是",
        "未成年": "否",
        "居民小组代表": "否",
    },
    run=_run,
    fields={"place": _estate},
)
