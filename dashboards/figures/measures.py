"""What is measured, each said once: its words stand beside the figure and in docs/rooms/figures.md. Pure.

A measure is counted of things (dashboards/sources/); figures (dashboards/figures/sums.py) show measures and divide them."""

from dataclasses import dataclass

from web.params import whole_number


@dataclass(frozen=True)
class Measure:
    label: str
    means: str
    """How it is counted."""
    day: str = ""
    """Which day it counts on; "" for how many there are now."""
    unit: str = "件"
    kind: str = ""
    """The only kind of case it is counted of; "" for every kind, or for what is no case."""


RESPONSE_DAY = "签收的那天；没签收就超时的，超时的那天"
FINISHED_DAY = "办结的那天；重办的，最近一次办结的那天"
FINISH_DAY = "首次办结的那天；过了答复时限还没办结的，时限的那天"
CLOSING_DAY = "归档的那天"
DISPATCH_DAY = "首次派单的那天"
CONCLUSION_DAY = "协议生效或归档的那天"

MEASURES: dict[str, Measure] = {
    "streets": Measure("街道", "现有街道党工委", unit="个"),
    "communities": Measure("社区", "现有社区大党委", unit="个"),
    "estates": Measure("小区", "现有小区党支部", unit="个"),
    "groups": Measure("党小组", "现有邻里党小组", unit="个"),
    "grids": Measure("网格", "现有党员中心户（网格）", unit="个"),
    "led": Measure("有网格长的网格", "有网格长在任的网格", unit="个"),
    "grid_leaders": Measure("网格长", "在任的网格长", unit="名"),
    "officers": Measure("社区民警", "在任的社区民警", unit="名"),
    "auxiliaries": Measure("专职辅警", "在任的专职辅警", unit="名"),
    "patrols": Measure("巡防队员", "在任的巡防队员", unit="名"),
    "areas": Measure("片区", "没有撤销的片区，每个由一位县级领导任片区长", unit="个"),
    "centres": Measure("邻里中心", "在用的邻里服务中心", unit="处"),
    "tea_tables": Measure("议事点", "在用的社区议事点", unit="处"),
    "stewards": Measure("小区管家", "小区管家队里的单位在职、退休人员，一人算一次，归入最早加入的队伍", unit="名"),
    "teams": Measure("支援队", "没有解散的支援队", unit="支"),
    "members": Measure("支援队员", "支援队里的在队队员，一人算一次，归入最早加入的队伍", unit="名"),
    "societies": Measure("社会组织", "有队伍的社会组织，归入最早登记的队伍", unit="支"),
    "reported": Measure("双报到党员", "支部已确认的在册报到党员", unit="名"),
    "open": Measure("在办", "没有归档的事项"),
    "late": Measure("超时未办", "过了本阶段时限、没有归档的事项；等居民回应的不算"),
    "opened": Measure("登记", "登记的事项；导入有误又撤回的不算", "登记的那天"),
    "dispatched": Measure("派单", "派到责任人的事项，一件算一次", DISPATCH_DAY),
    "sent_back": Measure("退单", "派单后退回过的事项，一件算一次", DISPATCH_DAY),
    "due_response": Measure("应响应", "该签收的事项：已签收的，和没签收就超时的；签收前撤回、不受理的不算", RESPONSE_DAY),
    "responded": Measure("按时响应", "没有超时就签收的事项", RESPONSE_DAY),
    "due_finish": Measure("应办结", "该办结的事项：已办结的，和过了答复时限还没办结的；没办结就撤回、不受理的不算", FINISH_DAY),
    "in_time": Measure("按时办结", "首次办结不晚于答复时限的事项；时限以内批准延期的按延期后的", FINISH_DAY),
    "finished": Measure("办结", "办结的事项，重办的也只算一次", FINISHED_DAY),
    "redone": Measure("重办", "办结后居民不满意、要求重办的事项", FINISHED_DAY),
    "closed": Measure("归档", "归档的事项", CLOSING_DAY),
    "asked": Measure("请评价", "办结后请居民评价、已归档的事项；没有居民可问、由工作人员核查的不算", CLOSING_DAY),
    "rated": Measure("有评价", "居民评价了的事项", CLOSING_DAY),
    "unrated": Measure("未评价", "到期没有评价、自动归档的事项；不算满意，也不算不满意", CLOSING_DAY),
    "solved": Measure("已解决", "居民评价为“已解决”的事项", CLOSING_DAY),
    "satisfied": Measure("满意", "居民评价三星以上（基本满意、满意、非常满意）的事项", CLOSING_DAY),
    "concluded": Measure("调解办结", "受理后调解结束的纠纷，成功和不成功；还在调的不算", CONCLUSION_DAY, kind="dispute"),
    "settled": Measure("调解成功", "协议生效的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_building": Measure("党小组化解", "在邻里党小组一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
    "served": Measure("志愿服务", "已结单的服务；取消的、还在办的不算", "服务的那天", unit="次", kind="service"),
    "hours": Measure("服务时数", "公示期满的小时数，更正已计入", "服务的那天", unit="小时"),
    "needs": Measure("解决问题", "需求清单里“已解决”的一般需求", "解决的那天", unit="个"),
    "urgent_needs": Measure("急难愁盼", "需求清单里“已解决”的紧急、特急需求", "解决的那天"),
}  # fmt: skip

CATEGORY = "category:"
"""Measures of one category's cases, by the day they were opened: "category:17"."""

EDGES = (0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 96, 120, 168, 240, 360, 720, 1440)
"""Hours at which one class of how long it took ends and the next begins; the last class has no end."""
LENGTHS = {
    "answer": "响应用时",
    "answer_work": "响应用时（工作时间）",
    "finish": "办结用时",
    "finish_work": "办结用时（工作时间）",
}
"""From being filed to being signed for first, and to being finished; by the clock, and while offices are open."""
LENGTH_BASE = {"answer": "签收", "answer_work": "签收", "finish": "办结", "finish_work": "办结"}


def length_class(hours: float) -> int:
    return next((number for number, edge in enumerate(EDGES) if hours < edge), len(EDGES))


def length_measure(length: str, number: int) -> str:
    """ "answer:3": how many were signed for within the fourth class."""
    return f"{length}:{number}"


def length_measures(length: str) -> list[str]:
    return [length_measure(length, number) for number in range(len(EDGES) + 1)]


def class_bounds(number: int) -> tuple[float, float | None]:
    """From and to, in hours."""
    return (0, *EDGES)[number], (*EDGES, None)[number]


def class_words(number: int) -> str:
    """ "2–3 小时", "1–2 天", "60 天以上"."""
    low, high = class_bounds(number)
    if high is None:
        return f"{low / 24:g} 天以上"
    return f"{low:g}–{high:g} 小时" if high <= 24 else f"{low / 24:g}–{high / 24:g} 天"


def label_of(measure: str) -> str:
    """What a list of this measure is headed with. Of a category: its own name is said by who knows it."""
    if measure in MEASURES:
        return MEASURES[measure].label
    length, _, number = measure.partition(":")
    return f"{LENGTHS[length]} {class_words(int(number))}" if length in LENGTHS else "这一类"


def is_known(measure: str) -> bool:
    head, _, number = measure.partition(":")
    if head in LENGTHS:
        step = whole_number(number)
        return step is not None and step <= len(EDGES)
    return measure in MEASURES or (measure.startswith(CATEGORY) and whole_number(number) is not None)


def percentile(classes: list[int], share: float) -> float | None:
    """Hours within which this share of the counted ended, from how many fall in each class: read off between the bounds
    of its class as if they were spread evenly. The last class has no end, so of it only its beginning is said. None for
    none."""
    total = sum(classes)
    if not total:
        return None
    wanted, before = share * total, 0
    for number, count in enumerate(classes):
        if count and before + count >= wanted:
            low, high = class_bounds(number)
            return low if high is None else low + (high - low) * (wanted - before) / count
        before += count
    raise AssertionError("a share is at most one")


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (Wilson 1927). So small numbers are seen as such: 1 of 1 is 21 % to
    100 %. Raises ZeroDivisionError for nothing."""
    z = 1.96
    share = part / whole
    centre = share + z * z / (2 * whole)
    spread = z * ((share * (1 - share) + z * z / (4 * whole)) / whole) ** 0.5
    scale = 1 + z * z / whole
    return (centre - spread) / scale, (centre + spread) / scale
