"""What happens at a 联席会议: attended, resolved, its resolutions followed to their end at the next one, the minutes. Bad input
leaves nothing half-done."""

from datetime import date, timedelta

import pytest

from cases.engine.checks import unsound_cases
from cases.engine.turns import ArrowRefused, CaseMovedOn
from cases.escalation import sweep
from cases.models import Case
from grids.models import Post, UnitKind
from grids.units.services import register_unit
from meetings.conferences import proceedings
from meetings.conferences import services as conferences
from meetings.models import Resolution, Review
from tests.meetings.council import (
    DURING,
    FRIDAY,
    NEXT,
    OPENS,
    a_conference,
    attended,
    conference,
    invited,
    officer,
    refused,
    resolved,
    the_next,
    unit,
)
from tests.support.cast import MONDAY, draw
from tests.support.heard import heard

__all__ = ["conference", "invited", "officer", "unit"]  # fixtures

# --- held -----------------------------------------------------------------------------------------------------------


def test_attendance_is_taken_on_the_day_and_may_be_put_right(invited, conference, secretary, branch_secretary):
    unit, police, resident = invited
    with refused("", "会议当天才能登记签到"):
        attended(conference, secretary, at=MONDAY)
    with refused("came", "请勾选到会的人"):
        proceedings.take_attendance(conference=conference, came={}, by=secretary, at=DURING)
    with refused("", "不在您的辖区"):
        attended(conference, branch_secretary)
    early = OPENS - timedelta(minutes=20)
    proceedings.take_attendance(conference=conference, came={unit.pk: "", resident.pk: "李姐"}, by=secretary, at=early)
    words = {invitation.pk: invitation.attended_words for invitation in conference.invitations.all()}
    assert words == {unit.pk: "到会", police.pk: "缺席", resident.pk: "到会（由李姐代为参加）"}
    attended(conference, secretary)
    assert not conference.invitations.exclude(attended=True).exists()


def test_a_resolution_is_a_task_with_holder_limit_and_the_host_as_asker(
    invited, conference, secretary, worker_at_desk, unit
):
    made = resolved(conference, worker_at_desk, worker_at_desk, unit=unit)
    case = made.case
    assert (case.kind, case.title, case.holder.person) == ("task", "备足沙袋与排水泵", worker_at_desk)
    assert proceedings.progress_of(Resolution.objects.all(), at=DURING)[0].finish_date == FRIDAY
    assert case.seats.get(role="asker").person == secretary
    assert heard("最迟", secretary)
    assert "责任单位：县水利局" in case.events.get(number=1).remark.words
    assert not list(unsound_cases())


def test_somebody_below_may_have_it_where_they_answer(invited, conference, secretary, grid_leader, town):
    assert resolved(conference, secretary, grid_leader).case.grid == town.grid


def test_bad_resolutions_leave_nothing_half_done(
    invited, conference, secretary, worker_at_desk, other_cadre, branch_secretary
):
    stranger = register_unit(name="县气象局", kind=UnitKind.OFFICE)
    for wrong, field, words in (
        ({"by_date": date(2026, 11, 23)}, "by_date", "最早是明天"),
        ({"by_date": date(2026, 11, 24)}, "by_date", "最早是明天"),
        ({"by_date": date(2028, 1, 1)}, "by_date", "一年以内"),
        ({"words": "  "}, "words", "决定做什么"),
        ({"unit": stranger}, "unit", "县气象局没有受邀"),
        ({"at": MONDAY}, "", "会议还没有开始"),
    ):
        with refused(field, words):
            resolved(conference, secretary, worker_at_desk, **wrong)
    with refused("post", "何军不在本街道"):
        resolved(conference, secretary, other_cadre)
    with refused("", "不在您的辖区"):
        resolved(conference, branch_secretary, worker_at_desk)
    Post.objects.filter(person=worker_at_desk).update(until_at=MONDAY)
    with refused("post", "已不在任"):
        resolved(conference, secretary, worker_at_desk)
    assert not Resolution.objects.exists()
    assert not Case.objects.exists()


def test_without_anybody_invited_nothing_is_resolved(conference, secretary, worker_at_desk):
    with refused("", "没有邀请任何人"):
        resolved(conference, secretary, worker_at_desk)
    conferences.call_off(conference=conference, reason="没有请人", by=secretary, at=DURING)
    assert not Case.objects.exists()


def test_the_minutes_wait_for_attendance_and_the_earlier_resolutions(
    invited, conference, secretary, worker_at_desk, town, unit, resident
):
    def publish(meeting, at=DURING, words="各单位同意分工。"):
        proceedings.close(conference=meeting, minutes=words, by=secretary, at=at)

    with refused("", "会议还没有开始"):
        publish(conference, at=MONDAY)
    with refused("", "还没有登记签到"):
        publish(conference)
    attended(conference, secretary)
    with refused("minutes", "请写几句会议情况"):
        publish(conference, words=" ")
    made = resolved(conference, secretary, worker_at_desk)
    publish(conference)
    assert heard("纪要发布了", resident)
    for act in (
        lambda: publish(conference),
        lambda: resolved(conference, secretary, worker_at_desk),
        lambda: attended(conference, secretary),
    ):
        with refused("", "纪要已经发布，不能再改"):
            act()
    second = the_next(secretary, town, unit)
    attended(second, secretary, at=NEXT)
    with refused("", "以前的决议还有 1 项没有回顾"):
        publish(second, at=NEXT)
    proceedings.review(conference=second, resolution=made, words="备了一半", by=secretary, at=NEXT)
    publish(second, at=NEXT)


def test_minutes_say_who_wrote_and_who_issued_them(invited, conference, secretary, worker_at_desk):
    attended(conference, secretary)
    for words in ("各单位", "各单位同意分工。"):
        proceedings.record(conference=conference, minutes=words, by=worker_at_desk, at=DURING)
    conference.refresh_from_db()
    assert (conference.minutes, conference.issued_by, conference.closed_at) == ("各单位同意分工。", None, None)
    assert len(heard("请看过后签发", secretary)) == 1
    assert not heard("纪要发布了")
    proceedings.close(conference=conference, minutes="各单位同意分工。", by=secretary, at=DURING)
    conference.refresh_from_db()
    assert (conference.recorded_by, conference.issued_by) == (worker_at_desk, secretary)
    with refused("", "纪要已经发布，不能再改"):
        proceedings.record(conference=conference, minutes="改", by=worker_at_desk, at=DURING)


# --- followed to the end --------------------------------------------------------------------------------------------


def test_a_resolution_is_followed_to_its_end_at_the_next_conference(
    invited, conference, secretary, worker_at_desk, grid_leader, town, unit
):
    sandbags = resolved(conference, secretary, worker_at_desk)
    drill = resolved(conference, secretary, grid_leader, words="组建应急转移分队并演练", by_date=date(2026, 12, 30))
    assert (sandbags.number, drill.number) == (1, 2)
    assert list(proceedings.coming_up(conference)) == []
    draw(sandbags.case, "sign", worker_at_desk, at=DURING)
    draw(sandbags.case, "finish", worker_at_desk, "沙袋 300 只、泵 4 台入库", at=DURING + timedelta(days=2))
    second = the_next(secretary, town, unit)
    rows = proceedings.progress_of(proceedings.coming_up(second), at=NEXT)
    assert [row.card.state_label for row in rows] == ["待确认", "已交办"]
    assert [row.last_words for row in rows] == ["沙袋 300 只、泵 4 台入库", ""]
    with refused("", "会议还没有开始"):
        proceedings.review(conference=second, resolution=sandbags, words="看过", by=secretary, at=DURING)
    sandbags.case.refresh_from_db()
    assert [arrow.verb for arrow in proceedings.may_draw(sandbags, secretary, NEXT)] == ["confirm", "redo"]
    proceedings.review(
        conference=second, resolution=sandbags, words="现场看过，够用", verb="confirm", by=secretary, at=NEXT
    )
    drill.case.refresh_from_db()
    proceedings.review(conference=second, resolution=drill, words="抓紧排演练", verb="urge", by=secretary, at=NEXT)
    sandbags.case.refresh_from_db()
    assert (sandbags.case.state, sandbags.case.outcome) == ("archived", "confirmed")
    assert heard("抓紧排演练", grid_leader)
    attended(second, secretary, at=NEXT)
    proceedings.close(conference=second, minutes="都回顾了", by=secretary, at=NEXT)
    third = a_conference(secretary, town.community, at=NEXT, from_at=NEXT + timedelta(days=30), title="第三次")
    assert list(proceedings.coming_up(third)) == [sandbags, drill]  # closed since the last one: heard once more
    fourth = a_conference(secretary, town.community, at=NEXT, from_at=NEXT + timedelta(days=60), title="第四次")
    assert list(proceedings.coming_up(fourth)) == [drill]
    assert [row.reviews[0].words for row in proceedings.progress_of(proceedings.coming_up(second), at=NEXT)] == [
        "现场看过，够用",
        "抓紧排演练",
    ]


def test_redone_because_it_was_not_good_enough(invited, conference, secretary, worker_at_desk, town, unit):
    made = resolved(conference, secretary, worker_at_desk)
    draw(made.case, "sign", worker_at_desk, at=DURING)
    draw(made.case, "finish", worker_at_desk, at=NEXT - timedelta(days=1))
    second = the_next(secretary, town, unit)
    made.case.refresh_from_db()
    proceedings.review(conference=second, resolution=made, words="泵抽不动水", verb="redo", by=secretary, at=NEXT)
    made.case.refresh_from_db()
    assert made.case.state == "handling"
    assert not list(unsound_cases())


def test_what_is_said_again_before_the_minutes_stands(invited, conference, secretary, worker_at_desk, town, unit):
    made = resolved(conference, secretary, worker_at_desk, by_date=date(2026, 12, 30))
    second = the_next(secretary, town, unit)
    for words in ("备了一半", "备了八成"):
        proceedings.review(conference=second, resolution=made, words=words, by=secretary, at=NEXT)
    assert [review.words for review in Review.objects.all()] == ["备了八成"]


def test_a_review_whose_arrow_is_refused_says_nothing(invited, conference, secretary, worker_at_desk, town, unit):
    made = resolved(conference, secretary, worker_at_desk)
    second = the_next(secretary, town, unit)
    common = {"conference": second, "resolution": made, "words": "办好了", "at": NEXT}
    with pytest.raises(ArrowRefused, match="现在是“已交办”"):
        proceedings.review(**common, verb="confirm", by=secretary)
    with refused("verb", "请选确认完成"):
        proceedings.review(**common, verb="drop", by=secretary)
    draw(made.case, "sign", worker_at_desk, at=DURING)
    draw(made.case, "finish", worker_at_desk, at=DURING)
    made.case.refresh_from_db()
    with pytest.raises(ArrowRefused, match="来做"):
        proceedings.review(**common, verb="confirm", by=worker_at_desk)  # did it; neither host nor above
    with pytest.raises(CaseMovedOn):
        proceedings.review(**common, verb="confirm", by=secretary, version=0)
    with refused("words", "写几句进展"):
        proceedings.review(**{**common, "words": " "}, by=secretary)
    assert not Review.objects.exists()


def test_resolutions_of_another_community_do_not_come_up(
    invited, conference, secretary, worker_at_desk, county_admin, town
):
    made = resolved(conference, secretary, worker_at_desk)
    there = a_conference(county_admin, town.other_community, at=DURING, from_at=NEXT)
    conferences.invite_resident(conference=there, person=secretary, by=county_admin, at=DURING)
    assert not proceedings.coming_up(there).exists()
    with refused("", "不用在这次会上回顾"):
        proceedings.review(conference=there, resolution=made, words="看看", by=county_admin, at=NEXT)


def test_a_late_resolution_climbs_by_itself(invited, conference, secretary, worker_at_desk, street_cadre):
    """The engine follows it up: reminded, reported late, taken over by the level above."""
    made = resolved(conference, secretary, worker_at_desk)
    draw(made.case, "sign", worker_at_desk, at=DURING)
    for days in range(1, 14):
        sweep(at=DURING + timedelta(days=days))
    made.case.refresh_from_db()
    assert made.case.was_late
    assert made.case.holder.person in {secretary, street_cadre}
    assert not list(unsound_cases())
