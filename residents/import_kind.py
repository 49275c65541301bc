"""Tables of requests as they come in through the browser, by who may register a matter for somebody else."""

from datetime import datetime

from django import forms

from accounts.models import User
from grids.jurisdiction import area_of
from grids.models import Grid, Level
from grids.querysets import GridQuerySet
from imports.kinds import Kind, Progress
from residents.imports import REQUESTS, import_requests
from tables.report import Report

VERB = "dispatch"


def _run(*, file: bytes, place: Grid | None, source: str, by: User, at: datetime, progress: Progress) -> Report:
    assert place is not None, "the form asks for it"
    return import_requests(
        file=file, source=source, default_place=place, at=at, by=by, within=area_of(by, VERB), progress=progress
    )


class _Nodes(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, node: Grid) -> str:
        return f"{'　' * node.level}{node.name}"


def _place(area: GridQuerySet) -> forms.Field:
    return _Nodes(
        label="看不出地点的归到",
        queryset=area.standing().filter(level__lte=Level.ESTATE).order_by("tree_id", "lft"),
        empty_label=None,
        error_messages={"required": "请选择一个网格。", "invalid_choice": "这个网格已撤并，请重新选择。"},
    )


def _source(area: GridQuerySet) -> forms.Field:
    return forms.CharField(
        label="来源",
        max_length=20,
        initial="12345 热线",
        help_text="同一来源、同一编号、同样内容只导入一次。",
        error_messages={"required": "请写明来源，例如“12345 热线”。", "max_length": "最多 20 字。"},
    )


KIND = Kind(
    layout=REQUESTS,
    verb=VERB,
    words="别处登记的诉求（12345 热线、纸质登记本等）。每一行成为一件诉求，按地点派单；地点在您辖区之外或看不出来的，归到下面选的网格。",
    example={
        "编号": "20991231001",
        "标题": "路灯不亮",
        "时间": "2099-12-31 09:30",
        "内容": "3幢楼下的路灯不亮，晚上看不清路。",
        "地点": "示例小区3幢",
    },
    run=_run,
    fields={"source": _source, "place": _place},
)
