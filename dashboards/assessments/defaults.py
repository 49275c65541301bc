"""Sets of indicators a new portal starts with: 近邻党建季度拉练 of 片区 and the review of 小区. Both follow the shape that
邻里中心 are scored by elsewhere in Fujian: 规范建设, the six "有" of functional areas, extra points; beside them what the portal
counts itself. 政和's own sheet was not to be had, so every line is the portal's proposal, to be copied and changed.

By hand at least half is scored: a 小区 often has fewer than ten requests a quarter, and then its shares give no points."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from dashboards.models import Indicator, IndicatorSet, Ranked, ScorerRole

TOUR, ESTATES = "近邻党建季度拉练", "小区考核"
PEER, RESIDENT, OWNERS, STREET = ScorerRole.PEER, ScorerRole.RESIDENT, ScorerRole.OWNERS, ScorerRole.STREET
EVERYBODY = [PEER, RESIDENT, OWNERS, STREET]
SIX = (
    ("老有所养", "老年活动、助餐、探访有地方、有人管、有记录"),
    ("幼有所育", "孩子托管、四点半课堂、儿童活动有地方、常开放"),
    ("病有所医", "家庭医生、义诊、慢病服务到小区"),
    ("食有所安", "助餐、食品安全有人查、有公示"),
    ("居有所乐", "文体活动常办，环境整洁，停车、充电有序"),
    ("事有所办", "代办事项有清单、有窗口、有回音"),
)


def _hand(
    label: str, weight: str, words: str, scorers: list[ScorerRole], evidence: str = "", **more: Any
) -> dict[str, Any]:
    return {
        "label": label,
        "source": "hand",
        "weight": Decimal(weight),
        "words": words,
        "evidence": evidence,
        "scorers": list(scorers),
        **more,
    }


def _share(label: str, code: str, weight: str, floor: str, target: str) -> dict[str, Any]:
    lines = {"floor": Decimal(floor), "target": Decimal(target)}
    return {"label": label, "source": "share", "code": code, "weight": Decimal(weight), **lines}


def _measure(label: str, code: str, per: str, weight: str, target: str) -> dict[str, Any]:
    lines = {"floor": Decimal(0), "target": Decimal(target)}
    return {"label": label, "source": "measure", "code": code, "per": per, "weight": Decimal(weight), **lines}


BUILT = ("阵地“1+X”齐全，制度、公示、台账规范，五长上墙、电话打得通", [PEER, STREET], "现场照片、台账")
EXTRA = _hand("特色加分", "5", "有别处可学的做法，有人来看、上级推广", [STREET], "报道、批示或观摩记录", is_bonus=True)

SETS: tuple[tuple[str, Ranked, list[dict[str, Any]]], ...] = (
    (
        TOUR,
        Ranked.AREA,
        [
            _hand("规范建设", "10", *BUILT),
            *(_hand(label, "6", words, EVERYBODY) for label, words in SIX),
            _share("响应率", "response", "12", "60", "98"),
            _share("解决率", "solved", "12", "50", "90"),
            _share("满意率", "satisfied", "12", "60", "95"),
            _share("按时办结率", "in_time", "10", "60", "98"),
            _measure("每个网格的志愿服务", "served", "grids", "8", "1"),
            EXTRA,
        ],
    ),
    (
        ESTATES,
        Ranked.ESTATE,
        [
            _hand("规范建设", "14", *BUILT),
            *(_hand(label, "6", words, EVERYBODY) for label, words in SIX),
            _share("响应率", "response", "12", "60", "98"),
            _share("解决率", "solved", "12", "50", "90"),
            _share("满意率", "satisfied", "12", "60", "95"),
            _share("按时办结率", "in_time", "9", "60", "98"),
            _measure("每个网格解决的问题", "needs", "grids", "5", "0.5"),
            EXTRA,
        ],
    ),
)


@transaction.atomic
def load_defaults(*, at: datetime) -> None:
    """Makes those that are missing, changes none."""
    for name, ranked, indicators in SETS:
        made, is_new = IndicatorSet.objects.get_or_create(
            name=name, street=None, version=1, defaults={"ranked": ranked, "made_at": at}
        )
        if is_new:
            Indicator.objects.bulk_create(
                Indicator(of=made, number=number, **fields) for number, fields in enumerate(indicators, 1)
            )
