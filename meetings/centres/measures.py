"""What is counted of 三常 at centres. 大门常开 is reckoned from published hours (dashboards/centres/); no row stands behind it."""

from web.measures import Measure

MEASURES = {
    "activities": Measure("活动常态", "在邻里服务中心办完的活动，取消的不算", "活动开始的那天", unit="场"),
    "visits": Measure(
        "居民常来",
        "邻里服务中心门口扫码、活动签到和台账登记的人次，不记姓名，一人来几次算几次",
        "来的那天",
        unit="人次",
    ),
}
