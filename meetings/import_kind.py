"""户册 as it comes in through the browser."""

from datetime import datetime

from django import forms

from accounts.models import User
from grids.models import Grid, Level
from grids.querysets import GridQuerySet
from imports.kinds import Kind, Progress
from meetings.homes import HOMES, import_homes
from tables.report import Report


def _run(*, file: bytes, place: Grid | None, source: str, by: User, at: datetime, progress: Progress) -> Report:
    assert place is not None, "the form asks for it"
    return import_homes(file=file, estate=place, at=at, progress=progress)


def _estate(area: GridQuerySet) -> forms.Field:
    return forms.ModelChoiceField(
        label="哪个小区",
        queryset=area.standing().filter(level=Level.ESTATE).order_by("tree_id", "lft"),
        empty_label="请选择",
        error_messages={"required": "请选择小区。", "invalid_choice": "这个小区已撤并，请重新选择。"},
    )


KIND = Kind(
    layout=HOMES,
    verb="dispatch",
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
