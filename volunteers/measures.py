"""What is counted of volunteering."""

from web.measures import Measure

MEASURES = {
    "stewards": Measure("小区管家", "小区管家队里的单位在职、退休人员，一人算一次，归入最早加入的队伍", unit="名"),
    "teams": Measure("支援队", "没有解散的支援队", unit="支"),
    "members": Measure("支援队员", "支援队里的在队队员，一人算一次，归入最早加入的队伍", unit="名"),
    "societies": Measure("社会组织", "有队伍的社会组织，归入最早登记的队伍", unit="支"),
    "reported": Measure("双报到党员", "支部已确认的在册报到党员", unit="名"),
    "served": Measure("志愿服务", "已结单的服务；取消、在办和演练的不计", "服务的那天", unit="次", kind="service"),
    "hours": Measure("服务时数", "公示期满的小时数，含更正，演练不计", "服务的那天", unit="小时"),
    "needs": Measure("解决问题", "需求清单里有凭据、受益人或核实人确认已解决的一般需求", "解决的那天", unit="个"),
    "urgent_needs": Measure("急难愁盼", "需求清单里有凭据、受益人或核实人确认已解决的紧急、特急需求", "解决的那天"),
    "call_outs": Measure("应急动员", "已发出的应急动员，演练不计", "发出的那天", unit="次"),
    "drills": Measure("动员演练", "已发出的动员演练，单独计数", "发出的那天", unit="次"),
    "doctor_asked": Measure("申请家庭医生", "已申请、未结束的家庭医生签约"),
    "doctor_signed": Measure("家庭医生已签", "申请家庭医生的里面，已签约且在服务期内的"),
}  # fmt: skip
