"""What is counted of mediations, beside what is counted of every case."""

from web.measures import Measure

CONCLUSION_DAY = "协议生效或归档的那天"

MEASURES = {
    "concluded": Measure("调解办结", "受理后调解结束的纠纷，成功和不成功；还在调的不算", CONCLUSION_DAY, kind="dispute"),
    "settled": Measure("调解成功", "协议生效的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_building": Measure("党小组化解", "在邻里党小组一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
}  # fmt: skip
