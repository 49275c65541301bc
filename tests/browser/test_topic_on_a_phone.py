"""议事 on a phone: propose → co-sign → discuss → vote → result → task; a covenant with comments by clause and its vote."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.escalation import sweep
from meetings.defaults import load_defaults
from meetings.models import Topic, Vote
from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.meetings.neighbours import a_home, at_home
from tests.support.cast import post_of
from tests.support.machine import DESKTOP, PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def neighbours(defaults, town, staff, resident, neighbour, settings):
    """Two owners; one co-signer is enough here."""
    settings.TOPIC_COSIGNERS = 1
    load_defaults()
    for n, person in enumerate((resident, neighbour)):
        at_home(a_home(town.building, f"10{n + 1}", "88.5"), person)


@pytest.fixture
def at_the_desk(new_page, staff):
    page = new_page(**DESKTOP)
    sign_in_by_password(page, staff["community_worker"].phone)
    return page


def case_page(page, topic: Topic) -> None:
    page.goto(topic.case.get_absolute_url())


def adopt(page, topic: Topic, matter: str) -> None:
    case_page(page, topic)
    page.get_by_role("link", name="立项", exact=True).click()
    page.get_by_label("哪一类事项").select_option(label=matter)
    page.get_by_role("button", name="立项").click()
    expect(page.locator("main")).to_contain_text("已立项")


def vote_now(page, topic: Topic, shot: str) -> Vote:
    """Announced at the desk, open from a minute ago: opening hours are whole minutes ahead on the form."""
    case_page(page, topic)
    page.get_by_role("link", name="发起表决").click()
    look(page, shot)
    page.get_by_role("button", name="公告").click()
    expect(page.locator("main")).to_contain_text("已公告，名册上 2 票")
    return open_now(topic)


def open_now(topic: Topic) -> Vote:
    vote = topic.votes.get(counted_at=None)
    Vote.objects.filter(pk=vote.pk).update(opens_at=timezone.now() - timedelta(minutes=1))
    return vote


def give(page, vote: Vote, option: str, shot: str = "") -> None:
    page.goto(vote.get_absolute_url())
    page.get_by_label(option, exact=True).check()
    if shot:
        look(page, shot)
    page.get_by_role("button", name="投票").click()
    expect(page.locator("main")).to_contain_text("投好了")


def close(vote: Vote) -> None:
    sweep(at=vote.closes_at + timedelta(minutes=1))


def test_from_a_proposal_to_a_task(new_page, at_the_desk, neighbours, resident, neighbour, staff):
    page, other, desk = new_page(**PHONE), new_page(**PHONE), at_the_desk
    sign_in_by_code(page, resident.phone, resident.name)
    page.get_by_role("link", name="议事协商").first.click()
    look(page, "80-topics-empty")
    page.get_by_role("link", name="提个议题").click()
    page.get_by_role("button", name="提出").click()
    expect(page.locator(".field-error").first).to_be_visible()
    page.get_by_label("哪个小区或社区的事").select_option(label="宜和佳苑")
    page.get_by_label("想商量什么").fill("给 3 幢加装扶手")
    page.get_by_label("为什么提、想怎么办").fill("楼梯陡，老人上下不方便，想用维修资金装扶手。")
    look(page, "81-propose")
    page.get_by_role("button", name="提出").click()
    expect(page.locator("main")).to_contain_text("1 位住在这里或在这里有房的人联署，就提交社区审议")
    look(page, "82-seconding")
    topic = Topic.objects.get()

    sign_in_by_code(other, neighbour.phone, neighbour.name)
    other.goto(topic.get_absolute_url())
    other.get_by_role("button", name="我联署").click()
    expect(other.locator("main")).to_contain_text("联署好了")

    adopt(desk, topic, "使用维修资金（业主共同决定）")
    other.goto(topic.get_absolute_url())
    other.get_by_role("button", name="发表意见").click()
    expect(other.locator(".field-error")).to_contain_text("请写下您的意见")
    other.get_by_label("您的意见").fill("同意，不锈钢的结实。")
    other.get_by_role("button", name="发表意见").click()
    expect(other.locator("main")).to_contain_text("不锈钢的结实")
    look(other, "83-discussing")

    vote = vote_now(desk, topic, "84-announce")
    give(page, vote, "同意", "85-ballot")
    look(page, "86-voted")
    give(other, vote, "同意")
    close(vote)
    page.goto(vote.get_absolute_url())
    expect(page.get_by_role("heading", name="通过：同意")).to_be_visible()
    expect(page.locator("main")).to_contain_text("民法典（2020年通过）第二百七十八条")
    look(page, "87-result")

    case_page(desk, topic)
    desk.get_by_role("link", name="交办落实").click()
    desk.get_by_label("派给谁").select_option(label=post_of(staff["grid_leader"]).words)
    desk.get_by_label("要做什么").fill("招三家比价并公示")
    desk.get_by_label("哪天前完成").fill(f"{timezone.localdate() + timedelta(days=20)}")
    look(desk, "88-hand-out")
    desk.get_by_role("button", name="交办落实").click()
    expect(desk.locator("main")).to_contain_text("招三家比价并公示")
    task = topic.tasks.get().case
    assert (task.holder, task.is_open) == (post_of(staff["grid_leader"]), True)
    page.goto(topic.get_absolute_url())
    expect(page.locator("main")).to_contain_text("李强")
    look(page, "89-carrying")


def test_a_covenant_clause_by_clause(new_page, at_the_desk, neighbours, resident, neighbour, town, staff):
    desk, page, other = at_the_desk, new_page(**PHONE), new_page(**PHONE)
    desk.goto("/topics/new/")
    desk.get_by_label("哪个小区或社区的事").select_option(label="宜和佳苑")
    desk.get_by_label("想商量什么").fill("订立小区公约")
    desk.get_by_label("为什么提、想怎么办").fill("大家的事大家定。")
    desk.get_by_role("button", name="提出").click()
    expect(desk.locator("main")).to_contain_text("等社区审议")
    topic = Topic.objects.get()
    adopt(desk, topic, "小区公约（管理规约）（业主共同决定）")
    case_page(desk, topic)
    desk.get_by_role("link", name="起草公约").click()
    desk.get_by_label("条款（一行一条）").fill("楼道不堆放杂物。\n晚九点后不跳广场舞。")
    desk.get_by_role("button", name="保存草案").click()
    expect(desk.locator("main")).to_contain_text("草案已保存")

    sign_in_by_code(page, resident.phone, resident.name)
    page.goto(topic.get_absolute_url())
    page.get_by_label("针对哪一条").select_option(label="第 2 条")
    page.get_by_label("您的意见").fill("夏天改到九点半吧。")
    page.get_by_role("button", name="发表意见").click()
    expect(page.locator("main")).to_contain_text("针对第 2 条")
    look(page, "90-clauses")

    case_page(desk, topic)
    desk.get_by_role("link", name="起草公约").click()
    desk.get_by_label("条款（一行一条）").fill("楼道不堆放杂物。\n晚九点半后不跳广场舞。")
    desk.get_by_role("button", name="保存草案").click()
    vote = vote_now(desk, topic, "91-announce-covenant")
    sign_in_by_code(other, neighbour.phone, neighbour.name)
    for phone in (page, other):
        give(phone, vote, "同意")
    close(vote)
    page.goto("/covenants/")
    page.get_by_role("link", name="宜和佳苑公约").click()
    expect(page.locator("main")).to_contain_text("现行")
    expect(page.locator(".clauses")).to_contain_text("晚九点半后不跳广场舞")
    look(page, "92-covenant")
    answer = page.request.get(page.get_by_role("link", name="打印张贴").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_voting_in_large_print_without_javascript(new_page, at_the_desk, neighbours, resident):
    topic = _adopted_by(at_the_desk)
    vote = vote_now(at_the_desk, topic, "93-announce")
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_code(page, resident.phone, resident.name)
    page.get_by_role("button", name="长辈版").click()
    give(page, vote, "弃权", "94-ballot-large")
    assert vote.ballots.get().option.words == "弃权"


def _adopted_by(desk) -> Topic:
    desk.goto("/topics/new/")
    desk.get_by_label("哪个小区或社区的事").select_option(label="宜和佳苑")
    desk.get_by_label("想商量什么").fill("修屋面")
    desk.get_by_label("为什么提、想怎么办").fill("漏水。")
    desk.get_by_role("button", name="提出").click()
    desk.wait_for_load_state()
    topic = Topic.objects.get()
    adopt(desk, topic, "使用维修资金（业主共同决定）")
    return topic
