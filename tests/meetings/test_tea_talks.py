"""一杯茶: written down with its tasks at once, or not at all; public without names."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.engine.checks import unsound_cases
from cases.models import Case
from grids.models import Grid
from grids.tree import services as tree
from meetings.models import Agreed, TeaTalk
from meetings.privacy import KEEPINGS
from meetings.tea_talks.services import Agreement, own_grids, tea_tables
from tests.meetings.conftest import a_centre
from tests.meetings.council import FRIDAY, a_talk, refused, tea_table
from tests.support.cast import MONDAY, draw, post_of, whole_database
from tests.support.heard import heard

__all__ = ["tea_table"]  # a fixture


def agreed(person, what="清理楼道，装充电桩", by_date=FRIDAY) -> Agreement:
    return Agreement(what, post_of(person), by_date)


def test_what_is_agreed_is_a_task_each(defaults, staff, town, tea_table):
    leader = staff["grid_leader"]
    talk = a_talk(leader, town.grid, tea_table, agreed=[agreed(leader), agreed(staff["group_leader"], "联系物业")])
    first, second = talk.agreed.order_by("number")
    assert (first.case.kind, first.case.title, first.case.holder.person) == ("task", "清理楼道，装充电桩", leader)
    assert (second.case.holder.person, second.case.grid) == (staff["group_leader"], town.grid)
    assert second.case.seats.get(role="asker").person == leader
    assert "一杯茶“楼道堆放电动车”" in first.case.events.get(number=1).remark.words
    assert heard("联系物业", staff["group_leader"])
    assert not list(unsound_cases())


def test_what_is_handed_up_is_a_task_at_the_desk_above(defaults, staff, town, tea_table):
    talk = a_talk(staff["grid_leader"], town.grid, tea_table, outcome="handed_up", discussion="要换水管，得街道出钱")
    assert talk.handed_up.grid == town.group
    assert talk.handed_up.holder.person == staff["community_worker"]
    assert "要换水管" in talk.handed_up.events.get(number=1).remark.words
    above = a_talk(staff["community_worker"], town.community, tea_table, outcome="handed_up")
    assert above.handed_up.holder.person == staff["street_cadre"]


@pytest.mark.parametrize("outcome", ["agreed", "continued", "topic"])
def test_nothing_to_do_is_no_task(defaults, staff, town, tea_table, outcome):
    assert a_talk(staff["grid_leader"], town.grid, tea_table, outcome=outcome).handed_up is None
    assert not Case.objects.exists()


WRONG = {
    "to come": ({"held_at": MONDAY + timedelta(minutes=1)}, "held_at", "还没有谈过的不能记"),
    "long ago": ({"held_at": MONDAY - timedelta(days=31)}, "held_at", "30 天以内"),
    "alone": ({"people_count": 1}, "people_count", "2 到 500"),
    "a crowd": ({"people_count": 501}, "people_count", "2 到 500"),
    "no subject": ({"subject": " "}, "subject", "谈的什么事"),
    "no outcome": ({"outcome": ""}, "outcome", "谈得怎么样"),
    "nowhere": ({"place": None}, "where", "选议事点"),
}


@pytest.mark.parametrize(("wrong", "field", "words"), WRONG.values(), ids=WRONG)
def test_bad_records_are_refused_at_the_field(defaults, staff, town, tea_table, wrong, field, words):
    leader = staff["grid_leader"]
    with refused(field, words):
        a_talk(leader, town.grid, **{"place": tea_table, "agreed": [agreed(leader)], **wrong})
    assert not TeaTalk.objects.exists()
    assert not Case.objects.exists()


def test_one_bad_thing_agreed_undoes_them_all(defaults, staff, town, tea_table, other_cadre):
    leader = staff["grid_leader"]
    for wrong, field, words in (
        (agreed(leader, by_date=date(2026, 11, 23)), "by_date_2", "最早是明天"),
        (agreed(leader, what=" "), "what_2", "写明要做什么"),
        (agreed(staff["next_grid_leader"]), "post_2", "不负责宜和佳苑1号网格"),
        (agreed(other_cadre), "post_2", "不在本街道"),
    ):
        with refused(field, words):
            a_talk(leader, town.grid, tea_table, agreed=[agreed(leader), wrong])
    with refused("", "一次最多记 3 件"):
        a_talk(leader, town.grid, tea_table, agreed=[agreed(leader)] * 4)
    assert [model.objects.count() for model in (TeaTalk, Agreed, Case)] == [0, 0, 0]
    assert not heard("充电桩")


def test_whoever_answers_for_a_place_records_there(defaults, staff, town, tea_table, resident, other_cadre):
    for role in ("grid_leader", "group_leader", "branch_secretary", "community_worker", "street_cadre"):
        assert a_talk(staff[role], town.grid, tea_table).host == staff[role]
    for person in (resident, other_cadre, staff["next_grid_leader"]):
        with refused("grid", "您不负责宜和佳苑1号网格"):
            a_talk(person, town.grid, tea_table)
    with refused("grid", "社区、小区或网格"):
        a_talk(staff["street_cadre"], town.street, tea_table)
    with refused("host", "王秀英不负责"):
        a_talk(staff["grid_leader"], town.grid, tea_table, host=resident)


def test_only_at_a_tea_table_of_the_community(defaults, staff, town, tea_table):
    hall = a_centre(town.community)
    with refused("place", "不是宜和佳苑1号网格所在社区的议事点"):
        a_talk(staff["grid_leader"], town.grid, hall)
    with refused("place", "不是东平1号网格所在社区的议事点"):
        a_talk(staff["county_admin"], town.other_grid, tea_table)
    assert a_talk(staff["grid_leader"], town.grid, None, where="3 幢楼下").where_words == "3 幢楼下"


def test_the_same_form_twice_is_one_talk(defaults, staff, town, tea_table):
    key, leader = uuid.uuid4(), staff["grid_leader"]
    talks = [a_talk(leader, town.grid, tea_table, key=key, agreed=[agreed(leader)]) for _ in range(2)]
    assert talks[0] == talks[1]
    assert Case.objects.count() == 1


def test_what_is_public_has_no_numbers_and_a_dump_no_names(defaults, staff, town, tea_table):
    leader = staff["grid_leader"]
    talk = a_talk(
        leader,
        town.grid,
        tea_table,
        subject="找13800138000说的事",
        present="欧阳修远、司马相如",
        discussion="欧阳修远先让一步",
        agreed=[agreed(leader, "给13800138000回话")],
    )
    point = talk.agreed.get()
    assert (talk.subject, point.what) == ("找138****8000说的事", "给138****8000回话")
    assert point.case.title == point.what
    stolen = whole_database()
    assert "欧阳修远" not in stolen
    assert "司马相如" not in stolen
    assert TeaTalk.objects.get().present == "欧阳修远、司马相如"


def test_who_was_there_is_forgotten_and_how_many_stays(defaults, staff, town, tea_table):
    talk = a_talk(staff["grid_leader"], town.grid, tea_table, present="两户人家", discussion="各让一步")
    keepings = {keeping.code: keeping for keeping in KEEPINGS}
    assert keepings["tea_talk_present"].clear(talk.held_at, MONDAY) == 0
    after = talk.held_at + timedelta(days=1)
    assert [keepings[code].clear(after, MONDAY) for code in ("tea_talk_present", "tea_talk_said")] == [1, 1]
    talk.refresh_from_db()
    assert (talk.present, talk.discussion, talk.people_count, talk.subject) == ("", "", 5, "楼道堆放电动车")
    assert keepings["tea_talk_present"].clear(after, MONDAY) == 0


def test_a_talk_follows_when_grids_merge(defaults, staff, town, tea_table):
    talk = a_talk(staff["grid_leader"], town.grid, tea_table)
    tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    talk.refresh_from_db()
    assert talk.grid == town.next_grid


def test_ones_own_places_to_choose_from(staff, town, tea_table, county_admin):
    def names(role: str) -> list[str]:
        return [node.name for node in own_grids(staff[role]).order_by("tree_id", "lft")]

    assert names("grid_leader") == ["宜和佳苑1号网格"]
    assert names("branch_secretary") == ["宜和佳苑", "宜和佳苑第一党小组"]
    assert names("community_worker") == ["宜和社区", "宜和佳苑"]
    assert names("street_cadre") == ["宜和社区"]
    assert names("county_admin") == ["宜和社区", "东平社区"]
    assert list(tea_tables(own_grids(staff["grid_leader"]), on=MONDAY.date())) == [tea_table]
    assert not tea_tables(Grid.objects.filter(pk=town.other_grid.pk), on=MONDAY.date()).exists()


def test_the_tasks_go_the_way_of_the_engine(defaults, staff, town, tea_table):
    leader = staff["grid_leader"]
    talk = a_talk(staff["group_leader"], town.grid, tea_table, agreed=[agreed(leader)])
    case = talk.agreed.get().case
    draw(case, "sign", leader)
    draw(case, "finish", leader, "桩装好了")
    draw(case, "confirm", staff["group_leader"])
    assert case.closed_at is not None


def test_a_merged_away_grid_is_refused(defaults, staff, town, tea_table):
    tree.merge(source=town.next_grid, into=town.grid, at=MONDAY)
    town.next_grid.refresh_from_db()
    with pytest.raises(ValidationError, match="您不负责"):
        a_talk(staff["group_leader"], town.next_grid, tea_table)
