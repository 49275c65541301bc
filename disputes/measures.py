"""What is counted of mediations, beside what is counted of every case."""

from web.measures import Measure

CONCLUSION_DAY = "协议生效或归档的那天"

MEASURES = {
    "taken_on": Measure("调解受理", "双方同意、受理调解的纠纷", "登记的那天", kind="dispute"),
    "mediating": Measure("在调", "受理后还没有调解结束的纠纷", kind="dispute"),
    "concluded": Measure("调解办结", "受理后调解结束的纠纷，成功和不成功；还在调的不算", CONCLUSION_DAY, kind="dispute"),
    "settled": Measure("调解成功", "协议生效的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_building": Measure("党小组化解", "在邻里党小组一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_estate": Measure("支部化解", "在小区党支部一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_community": Measure("社区化解", "在社区大党委一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
    "in_street": Measure("街道化解", "在街道党工委一级调解成功的纠纷", CONCLUSION_DAY, kind="dispute"),
}  # fmt: skip
