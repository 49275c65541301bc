"""What is counted of the trees, of posts and of places: how many there are now."""

from web.measures import Measure

MEASURES = {
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
}  # fmt: skip
