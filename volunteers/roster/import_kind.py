"""Rosters of units as they come in through the browser."""

from grids.rights.jurisdiction import area_of
from imports.kinds import VERB, Asked, Kind
from tables.report import Report
from volunteers.roster.reading import ROSTER, import_roster


def _run(asked: Asked) -> Report:
    within = area_of(asked.by, VERB)
    return import_roster(file=asked.file, at=asked.at, within=within, is_trial=asked.is_trial, progress=asked.progress)


KIND = Kind(
    layout=ROSTER,
    words="名单上的人先建档；本人登录同意以后才算志愿者，才会收到服务邀请。党员的报到由所在支部审核。身份写在职或退休，党员另加“党员”。",
    example={
        "姓名": "张三",
        "手机号": "13800000000",
        "单位": "示例单位",
        "身份": "在职 党员",
        "报到社区/小区": "示例小区",
        "特长": "探访陪伴、手机教学",
    },
    run=_run,
)
