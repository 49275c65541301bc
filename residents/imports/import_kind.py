"""Tables of requests as they come in through the browser, by who may register a matter for somebody else."""

from django import forms

from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import area_of
from imports.kinds import VERB, Asked, Kind
from residents.forms import NodeChoice
from residents.imports.requests import REQUESTS, SORTING, import_requests
from residents.services import take_back_batch
from tables.report import Report


def _run(asked: Asked) -> Report:
    assert asked.place is not None, "the form asks for it"
    return import_requests(
        file=asked.file,
        source=asked.source,
        default_place=asked.place,
        at=asked.at,
        by=asked.by,
        within=area_of(asked.by, VERB),
        batch=asked.batch,
        is_trial=asked.is_trial,
        progress=asked.progress,
    )


def _place(area: GridQuerySet) -> forms.Field:
    return NodeChoice(
        label="看不出地点的归到",
        area=area,
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
    words="别处登记的诉求（12345 热线、纸质登记本等）。每一行成为一件诉求。看得出地点和分类的按规则派单；看不出来的，或者像是紧急的，进待分拣，由工作人员逐件或成批分拣。",
    example={
        "编号": "20991231001",
        "标题": "路灯不亮",
        "时间": "2099-12-31 09:30",
        "内容": "3幢楼下的路灯不亮，晚上看不清路。",
        "地点": "示例小区3幢",
        "紧急程度": "一般",
        "姓名": "张三",
        "电话": "13800000000",
    },
    run=_run,
    take_back=take_back_batch,
    queue=(SORTING, "residents:sorting"),
    fields={"source": _source, "place": _place},
)
