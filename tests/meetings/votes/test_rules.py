"""表决规则: kept at the desk with their law and edition, every change on record; a vote keeps the one it was announced under;
owners are told in time, and have time to vote."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.models.audit import AuditLine
from cases.escalation import sweep
from meetings.models import Matter, VoteRule
from meetings.votes import counts
from meetings.votes import services as votes
from meetings.votes.rules import rules_for
from tests.meetings.neighbours import LENGTH, NOTICE, OPENS, adopted, announced, cast, settle
from tests.support.cast import MONDAY, ZONE, signed_in
from tests.support.pages import inside, value, words

MEETING = "涉及全体居民利益的重要问题"
HOURS = {"opens_at": MONDAY + timedelta(hours=1), "closes_at": MONDAY + timedelta(days=3)}
NOT_AS_IN_FORCE = "城市居民委员会组织法（2025年修订前）第九条，待核对"


def change(admin, rule: VoteRule, **changes: object):
    """The form of a rule, sent as it is shown but for the changes."""
    path = f"/admin/meetings/voterule/{rule.pk}/change/"
    shown = signed_in(admin).get(path)
    names = ("body_name", "law", "edition", "article", "notice_days", "least_days", "notice_source")
    form = {name: value(shown, name) for name in names}
    form |= {"turnout": rule.turnout, "approval": rule.approval, "is_active": "on"}
    form |= {"is_checked": "on"} if rule.is_checked else {}
    return signed_in(admin).post(path, form | changes)


@pytest.fixture
def meeting(defaults, town, desk, people):
    """Of six residents four took part and three agree: enough under the rule of the start."""
    settle(town, people)
    topic = adopted(town, desk, MEETING, grid=town.community)
    vote = announced(topic, desk, basis="adults", **HOURS)
    for person, option in zip(people, ("同意", "同意", "同意", "不同意"), strict=False):
        cast(vote, person, option, at=MONDAY + timedelta(days=1))
    return vote


def test_a_vote_keeps_the_rule_it_was_announced_under(meeting, county_admin, town, desk):
    rule = VoteRule.objects.get(basis="adults")
    new = {"edition": "2025年修订", "article": "第二十条", "is_checked": "on", "turnout": "three_quarters"}
    assert change(county_admin, rule, **new).status_code == 302
    sweep(at=HOURS["closes_at"])
    meeting.refresh_from_db()
    assert counts.result(meeting).passed == 1
    page = signed_in(desk).get(meeting.get_absolute_url())
    assert words(page, "//h3") == [f"够不够（{NOT_AS_IN_FORCE}）"]
    later = adopted(town, desk, MEETING, grid=town.community, title="关灯时间")
    again = announced(later, desk, basis="adults", **HOURS)
    assert (again.source, again.words) == (
        "城市居民委员会组织法（2025年修订）第二十条",
        "四分之三以上参加、参加的超过半数同意为通过",
    )


def test_a_street_keeps_its_own(meeting, street_cadre, other_cadre, county_admin, town, desk):
    whole_county = VoteRule.objects.get(basis="adults")
    client, page = signed_in(street_cadre), "/admin/meetings/voterule/"
    assert client.post(f"{page}{whole_county.pk}/change/", {}).status_code == 403
    new = f"{page}add/?as={whole_county.pk}"
    shown = client.get(client.get(f"{page}{whole_county.pk}/for_one_street/").url)
    assert (value(shown, "body_name"), value(shown, "law")) == (whole_county.body_name, whole_county.law)
    posted = whole_county.terms | {"basis": "adults", "turnout": "two_thirds", "is_active": "on"}
    posted = {name: given for name, given in posted.items() if given is not False}
    for elsewhere in ("", town.other_street.pk, town.community.pk):
        assert client.post(new, posted | {"street": elsewhere}).context["adminform"].form.errors.keys() == {"street"}
    assert client.post(new, posted | {"street": town.street.pk}).status_code == 302
    again = client.post(new, posted | {"street": town.street.pk})
    assert again.context["adminform"].form.errors == {"__all__": ["这一种表决在这里已经有规则，请修改那一条。"]}
    own = VoteRule.objects.get(street=town.street)
    topic = adopted(town, desk, MEETING, grid=town.community, title="关灯时间")
    assert announced(topic, desk, basis="adults", **HOURS).turnout == "two_thirds"
    assert rules_for(topic.matter, town.other_grid)[0] == whole_county
    assert signed_in(other_cadre).post(f"{page}{own.pk}/delete/", {"post": "yes"}).status_code == 403
    assert signed_in(county_admin).post(f"{page}{whole_county.pk}/delete/", {"post": "yes"}).status_code == 403
    VoteRule.objects.filter(pk=own.pk).update(is_active=False)
    assert "adults" not in {rule.basis for rule in rules_for(topic.matter, town.community)}
    assert client.post(f"{page}{own.pk}/delete/", {"post": "yes"}).status_code == 302
    assert rules_for(topic.matter, town.community)[0] == whole_county


def test_a_change_is_on_record(defaults, county_admin):
    call_command("load_meeting_defaults", verbosity=0)
    rule = VoteRule.objects.get(basis="owners", is_special=False)
    assert change(county_admin, rule, notice_days="20").status_code == 302
    line = AuditLine.objects.get(thing=f"修改表决规则 {rule.pk}")
    assert (line.by, line.spoken.words) == (county_admin.pk, "公告期（天）：15 → 20")
    call_command("load_meeting_defaults", verbosity=0)
    rule.refresh_from_db()
    assert rule.notice_days == 20  # loading again changes nothing


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"law": ""}, "law"), ({"notice_days": "-1"}, "notice_days"), ({"notice_days": "999"}, "notice_days")],
)
def test_a_rule_that_says_nothing_is_refused_at_its_field(defaults, county_admin, changes, field):
    call_command("load_meeting_defaults", verbosity=0)
    rule = VoteRule.objects.get(basis="adults")
    page = change(county_admin, rule, edition="2025年修订", **changes)
    assert set(page.context["adminform"].form.errors) == {field}
    assert value(page, "edition") == "2025年修订"


def test_no_default_cites_the_old_law_as_in_force(defaults):
    call_command("load_meeting_defaults", verbosity=0)
    cited = [rule.source for rule in VoteRule.objects.exclude(basis="owners")]
    cited += Matter.objects.filter(body="residents").values_list("law", flat=True)
    assert len(cited) == 6
    assert [text for text in cited if "2025年修订前" not in text or "待核对" not in text] == []


def test_a_way_that_is_switched_off_is_not_offered(meeting, county_admin, town, desk):
    assert change(county_admin, VoteRule.objects.get(basis="spokespeople"), is_active="").status_code == 302
    other = adopted(town, desk, MEETING, grid=town.community, title="关灯时间")
    page = signed_in(desk).get(f"/topics/{other.case.number}/vote/new/")
    assert words(page, "//label[.//input[@name='basis']]") == ["居民会议：全体十八周岁以上居民", "居民会议：每户派代表"]
    with pytest.raises(ValidationError, match="请另选"):
        announced(other, desk, basis="spokespeople", **HOURS)


class TestNotice:
    """物业管理条例 14: owners are told fifteen days before. The day itself does not count, the last one is over at midnight."""

    FIRST = datetime(2026, 12, 9, tzinfo=ZONE)

    @pytest.fixture
    def topic(self, defaults, town, desk, people):
        settle(town, people)
        return adopted(town, desk)

    @pytest.mark.parametrize(("minutes", "is_in_time"), [(-1, False), (0, True)])
    def test_fifteen_whole_days(self, topic, desk, minutes, is_in_time):
        opens_at = self.FIRST + timedelta(minutes=minutes)
        hours = {"opens_at": opens_at, "closes_at": opens_at + LENGTH}
        if is_in_time:
            assert announced(topic, desk, **hours).opens_at == opens_at
            return
        with pytest.raises(ValidationError, match="物业管理条例第十四条.*最早12月9日 周三 00:00") as refused:
            announced(topic, desk, **hours)
        assert set(refused.value.error_dict) == {"opens_at"}

    def test_the_vote_runs_for_the_days_of_its_rule(self, topic, desk):
        with pytest.raises(ValidationError, match="至少留 7 天") as refused:
            announced(topic, desk, closes_at=OPENS + LENGTH - timedelta(minutes=1))
        assert set(refused.value.error_dict) == {"closes_at"}

    def test_the_page_proposes_what_it_takes(self, topic, desk):
        with time_machine.travel(MONDAY, tick=False):
            client, path = signed_in(desk), f"/topics/{topic.case.number}/vote/new/"
            page = client.get(path)
            assert "公告满 15 天才能开始，至少投 7 天" in inside(page, "//*[@id='id_basis_helptext']")
            names = ("version", "question", "opens_date", "opens_time", "closes_date", "closes_time")
            shown = {name: value(page, name) for name in names} | {"proposals": "同意", "basis": "owners"}
            early = client.post(path, shown | {"opens_date": "2026-12-08"})
            assert words(early, "//*[contains(@class, 'field-error')]") == [
                "要先公告满 15 天（物业管理条例第十四条），最早12月9日 周三 00:00开始。"
            ]
            assert value(early, "opens_date") == "2026-12-08"
            assert client.post(path, shown).status_code == 302

    def test_its_page_changes_what_may_change(self, topic, desk):
        vote = announced(topic, desk)
        with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
            client, path = signed_in(desk), f"/topics/{topic.case.number}/vote/change/"
            shown = client.get(path)
            assert {"basis", "is_secret"}.isdisjoint(shown.context["form"].fields), "the roll stands"
            names = ("version", "question", "opens_date", "opens_time", "closes_date", "closes_time", "proposals")
            typed = {name: value(shown, name) for name in names}
            refused = client.post(path, typed | {"proposals": "字" * 1001})
            assert words(refused, "//*[contains(@class, 'field-error')]") != []
            closes = vote.closes_at + timedelta(days=2)
            assert client.post(path, typed | {"closes_date": f"{closes.astimezone(ZONE):%Y-%m-%d}"}).status_code == 302
        vote.refresh_from_db()
        assert (vote.opens_at, vote.closes_at) == (OPENS, closes)

    def changed(self, vote, desk, at, **changes):
        vote.topic.case.refresh_from_db()
        asked = {
            "question": vote.question, "proposals": ["同意"], "opens_at": vote.opens_at, "closes_at": vote.closes_at,
        }  # fmt: skip
        votes.change(vote=vote, by=desk, at=at, version=vote.topic.case.version, **(asked | changes))

    def test_another_question_is_told_as_long_before(self, topic, desk):
        vote, at = announced(topic, desk), MONDAY + timedelta(days=3)
        for changes in (
            {"question": "装电梯"},
            {"proposals": ["木的", "钢的"]},
            {"opens_at": OPENS - timedelta(hours=1)},
        ):
            with pytest.raises(ValidationError, match="最早12月12日"):
                self.changed(vote, desk, at, **changes)
        later = at + NOTICE
        self.changed(vote, desk, at, question="装电梯", opens_at=later, closes_at=later + LENGTH)
        vote.refresh_from_db()
        assert (vote.question, vote.opens_at) == ("装电梯", later)

    def test_more_time_needs_no_new_notice(self, topic, desk):
        vote = announced(topic, desk)
        self.changed(vote, desk, OPENS + timedelta(days=6), closes_at=OPENS + timedelta(days=9))
        vote.refresh_from_db()
        assert (vote.opens_at, vote.closes_at) == (OPENS, OPENS + timedelta(days=9))

    def test_a_vote_does_not_end_before_it_can_be_heard_of(self, topic, desk):
        vote = announced(topic, desk, closes_at=OPENS + 2 * LENGTH)
        with pytest.raises(ValidationError, match="一个小时"):
            self.changed(vote, desk, OPENS + LENGTH, closes_at=OPENS + LENGTH)
