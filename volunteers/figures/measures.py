"""What is counted of volunteering."""

from web.measures import Measure

MEASURES = {
    "stewards": Measure("小区管家", "小区管家队里的单位在职、退休人员，一人算一次，归入最早加入的队伍", unit="名"),
    "teams": Measure("支援队", "没有解散的支援队", unit="支"),
    "members": Measure("支援队员", "支援队里的在队队员，一人算一次，归入最早加入的队伍", unit="名"),
    "societies": Measure("社会组织", "有队伍的社会组织，归入最早登记的队伍", unit="支"),
    "reported": Measure("双报到党员", "支部已确认的在册报到党员", unit="名"),
    "served": Measure("志愿服务", "已结单的服务；取消的、还在办的不算", "服务的那天", unit="次", kind="service"),
    "hours": Measure("服务时数", "公示期满的小时数，更正已计入", "服务的那天", unit="小时"),
    "needs": Measure("解决问题", "需求清单里“已解决”的一般需求", "解决的那天", unit="个"),
    "urgent_needs": Measure("急难愁盼", "需求清单里“已解决”的紧急、特急需求", "解决的那天"),
}  # fmt: skip
