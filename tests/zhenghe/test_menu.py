"""What the head of every page offers whoever has no desk (theirs: tests/desk), in which order. What rooms offer beside these is
theirs to prove."""

import pytest

from grids.posts.services import appoint
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import links, words

LEADS = "首页 我要反映 登记纠纷 志愿 数据 事项 消息"
MENUS = {
    "resident": "首页 我要反映 找专家 志愿 事项 消息",
    "expert": "首页 我要反映 我的时段 志愿 事项 消息",
    "grid_leader": LEADS,
    "branch_secretary": LEADS,
}
KNOWN = set(" ".join(MENUS.values()).split())


@pytest.mark.parametrize("who", MENUS)
def test_each_is_offered_what_is_for_them(who, town, staff, resident, neighbour):
    appoint(person=neighbour, role="expert", grid=town.street, from_at=MONDAY)
    person = {**staff, "resident": resident, "expert": neighbour}[who]
    shown = words(signed_in(person).get("/cases/"), "//nav[@class='site-nav']/a")
    assert [label for label in shown if label in KNOWN] == MENUS[who].split()


@pytest.mark.parametrize(
    ("page", "label", "path", "who", "not_for"),
    [
        ("/volunteers/lists/", "志愿服务数据", "/volunteers/figures/", "grid_leader", None),
        ("/volunteers/me/", "我的履职单", "/sheets/mine/", "resident", None),
        ("/activities/", "三常数据", "/centres/figures/", "grid_leader", "resident"),
        ("/system/", "推送", "/webhooks/", "county_admin", None),
        ("/admin/disputes/dispute/", "调解统计", "/disputes/figures/", "community_worker", None),
    ],
)
def test_a_page_leads_on_to_rooms_above_its_own(page, label, path, who, not_for, staff, resident):
    people = {**staff, "resident": resident}
    client, link = signed_in(people[who]), f"//a[text()='{label}']"
    assert links(client.get(page), link) == [path]
    assert client.get(path).status_code == 200
    assert not_for is None or links(signed_in(people[not_for]).get(page), link) == []
