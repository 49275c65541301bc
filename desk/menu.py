"""The sidebar of staff, by work and not by table: every page they begin at, under the word for the work it is for. Who is
offered a page is what the page itself declares (accounts/entry.py); nothing of that is said again here."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse

from accounts.entry import CLOSED, Rule
from grids.rights.doors import declared

MENU: dict[str, tuple[tuple[str, str], ...]] = {
    "今天": (
        ("今天要办", "desk:today"),
        ("消息", "notices:list"),
        ("我的履职单", "dashboards:sheet-mine"),
        ("我自己要反映", "residents:request-place"),
    ),
    "诉求": (
        ("代为登记", "residents:request-register"),
        ("待分拣", "residents:sorting"),
        ("我的清单", "cases:list"),
        ("查找诉求", "admin:cases_case_changelist"),
        ("导入诉求", "residents:request-file"),
        ("导入记录", "imports:mine"),
    ),
    "纠纷": (
        ("登记纠纷", "disputes:register"),
        ("纠纷台账", "admin:disputes_dispute_changelist"),
        ("专家", "admin:disputes_expert_changelist"),
        ("专家时段", "admin:disputes_slot_changelist"),
        ("专家预约", "admin:disputes_consultation_changelist"),
        ("调解统计", "dashboards:mediation"),
    ),
    "志愿": (
        ("三张清单", "volunteers:lists"),
        ("需求", "volunteers:need-new"),
        ("派一次服务", "volunteers:order-new"),
        ("定期服务", "volunteers:series"),
        ("应急动员", "volunteers:plans"),
        ("项目", "volunteers:project-new"),
        ("单位报到", "volunteers:roster"),
        ("在职党员报到", "volunteers:duty-book"),
        ("代约家庭医生", "volunteers:doctor-for"),
        ("志愿者", "admin:volunteers_volunteer_changelist"),
        ("队伍", "admin:volunteers_team_changelist"),
        ("资源", "admin:volunteers_resource_changelist"),
        ("品牌", "admin:volunteers_brand_changelist"),
        ("时数", "admin:volunteers_hoursentry_changelist"),
        ("积分", "admin:volunteers_pointsentry_changelist"),
        ("兑换", "admin:volunteers_redemption_changelist"),
        ("奖品", "admin:volunteers_reward_changelist"),
        ("开证明的单位", "admin:volunteers_certificateoffice_changelist"),
        ("志愿服务数据", "dashboards:volunteering"),
    ),
    "会议和阵地": (
        ("议事协商", "meetings:topics"),
        ("公开核对", "moderation:queue"),
        ("联席会议", "meetings:conferences"),
        ("邻里茶话", "meetings:tea-talks"),
        ("邻里活动", "meetings:activities"),
        ("邻里中心", "meetings:centres"),
        ("阵地", "admin:grids_place_changelist"),
        ("户册", "meetings:homes-import"),
        ("15 分钟服务圈", "meetings:circle"),
        ("三常数据", "dashboards:centres"),
    ),
    "网格和人": (
        ("网格工作", "grids:desk"),
        ("组织树", "admin:grids_grid_changelist"),
        ("任职", "admin:grids_post_changelist"),
        ("楼栋", "admin:grids_building_changelist"),
        ("空岗和无主楼栋", "grids:gaps"),
        ("力量配备", "grids:staffing"),
        ("安全提醒", "grids:safety"),
        ("单位", "admin:grids_unit_changelist"),
        ("结对", "admin:grids_pairing_changelist"),
        ("属地", "admin:grids_territory_changelist"),
        ("属地人员", "admin:grids_territorypost_changelist"),
        ("登录条", "residents:sign-in-slip"),
        ("更正出生日期", "residents:birth-date"),
    ),
    "数据和考核": (
        ("数据", "dashboards:mine"),
        ("全县数据", "dashboards:board-county"),
        ("驾驶舱", "dashboards:cockpit-county"),
        ("报表", "dashboards:reports"),
        ("全县报表", "dashboards:report-county"),
        ("考核", "dashboards:assessment-sets"),
        ("履职单", "dashboards:sheets"),
        ("单位履职", "dashboards:units"),
    ),
    "设置": (
        ("系统状态", "operations:status"),
        ("消息模板", "operations:template-list"),
        ("发送记录", "operations:delivery-list"),
        ("推送", "webhooks:list"),
        ("外部系统接入", "open311:key-list"),
        ("外部系统附加问题", "admin:open311_attribute_changelist"),
        ("诉求分类", "admin:cases_category_changelist"),
        ("派单规则", "admin:cases_routingrule_changelist"),
        ("时限", "admin:cases_timelimit_changelist"),
        ("工作日历", "admin:cases_calendarday_changelist"),
        ("来源渠道", "admin:residents_channel_changelist"),
        ("表头名称", "admin:cases_columnname_changelist"),
        ("纠纷类型", "admin:disputes_disputetype_changelist"),
        ("不予受理等理由", "admin:disputes_reason_changelist"),
        ("一般纠纷", "admin:disputes_plainkind_changelist"),
        ("指引", "admin:disputes_guidance_changelist"),
        ("专家领域", "admin:disputes_expertfield_changelist"),
        ("议事事项", "admin:meetings_matter_changelist"),
        ("表决规则", "admin:meetings_voterule_changelist"),
        ("活动类型", "admin:meetings_activitykind_changelist"),
        ("阵地功能", "admin:grids_placefunction_changelist"),
        ("配备标准", "admin:grids_staffingnorm_changelist"),
        ("积分规则", "admin:volunteers_pointrule_changelist"),
        ("积分有效期", "admin:volunteers_pointsexpiry_changelist"),
        ("动员预案", "admin:volunteers_plan_changelist"),
        ("定期服务台账", "admin:volunteers_series_changelist"),
        ("保存期限", "admin:accounts_retentionperiod_changelist"),
        ("审计记录", "admin:accounts_auditline_changelist"),
    ),
}


@dataclass(frozen=True)
class Item:
    label: str
    path: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True)
class Group:
    label: str
    items: list[Item]

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


def offered(request: HttpRequest, counts: dict[str, int] | None = None) -> list[Group]:
    """What this person may open, with the page they are on marked: the one whose address the present one begins with, the
    longest if several do. `counts`: by name of a page, how much waits there."""
    open_to = {
        heading: [(label, name, reverse(name)) for label, name in pages if _rule(name).admits(request)]
        for heading, pages in MENU.items()
    }
    paths = (path for pages in open_to.values() for _, _, path in pages)
    here = max(filter(request.path.startswith, paths), key=len, default="")
    groups = (
        Group(heading, [Item(label, path, path == here, (counts or {}).get(name, 0)) for label, name, path in pages])
        for heading, pages in open_to.items()
    )
    return [group for group in groups if group.items]


@cache
def _rule(name: str) -> Rule:
    """Whom the page lets in, by its own declaration."""
    rights = declared(resolve(reverse(name)).func, is_desk=name.startswith("admin:"))
    return rights.opens if rights and rights.opens else CLOSED


def for_admin(request: HttpRequest) -> list[dict[str, Any]]:
    """The same sidebar, as the admin's theme wants it."""
    return [
        {
            "title": group.label,
            "collapsible": not group.is_current,
            "items": [{"title": item.label, "link": item.path, "active": item.is_current} for item in group.items],
        }
        for group in offered(request)
    ]
