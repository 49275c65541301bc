"""The tree's writer: what it allows, what it refuses, and that no sequence of writes ever breaks lft/rght."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from grids.models import Building, Grid, Level, Post
from grids.posts.services import appoint, cover
from grids.tree import nested
from grids.tree import services as tree
from locks import Lock
from tests.support.cast import MONDAY, draw, post_of, submit


def fresh(node: Grid) -> Grid:
    return Grid.objects.get(pk=node.pk)


def test_five_levels_and_no_sixth(town):
    assert [fresh(node).level for node in (town.street, town.community, town.estate, town.group, town.grid)] == [
        0,
        1,
        2,
        3,
        4,
    ]
    with pytest.raises(ValidationError, match="最低一级"):
        tree.add(parent=town.grid, name="再下一级")


def test_the_database_too_refuses_a_sixth_level(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Grid.objects.filter(pk=town.grid.pk).update(level=5)


def test_grids_get_the_next_code_of_their_community(town):
    assert town.grid.code == "350725001008001"
    assert town.next_grid.code == "350725001008002"
    tree.merge(source=town.next_grid, into=town.grid, at=MONDAY)
    assert tree.add(parent=town.group, name="新网格").code == "350725001008003"  # a code is never used twice


@pytest.mark.parametrize(
    ("parent", "name", "code", "words"),
    [
        ("group", "宜和佳苑1号网格", "", "下面已有"),
        ("group", " ", "", "1 到 60 个字"),
        ("group", "长" * 61, "", "1 到 60 个字"),
        ("group", "新", "123", "15 位数字"),
        ("community", "新", "123", "应为留空"),
        ("street", "新", "350725001008", "已被使用"),
        ("street", "新", "35072500100x", "12 位数字"),
    ],
)
def test_bad_names_and_codes_are_refused(town, parent, name, code, words):
    with pytest.raises(ValidationError, match=words):
        tree.add(parent=getattr(town, parent), name=name, code=code)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        (" ", "", "1 到 60 个字"),
        ("长" * 61, "", "1 到 60 个字"),
        ("新街道", "12", "9 位数字"),
        ("新街道", "350725001", "已被使用"),
    ],
)
def test_bad_names_and_codes_of_a_street_are_refused(town, name, code, words):
    with pytest.raises(ValidationError, match=words):
        tree.add_street(name=name, code=code)


def test_a_street_twice_is_refused(town):
    with pytest.raises(ValidationError, match="已有名为"):
        tree.add_street(name="熊山街道", code="")


def test_renaming(town):
    tree.rename(node=town.grid, name="春风网格")
    assert fresh(town.grid).name == "春风网格"
    with pytest.raises(ValidationError, match="下面已有"):
        tree.rename(node=town.next_grid, name="春风网格")


def test_moving_takes_all_below_along(town):
    other = tree.add(parent=town.community, name="胜地心苑")
    tree.move(node=town.group, to=other, at=MONDAY)
    assert fresh(town.grid).path_words() == "熊山街道 宜和社区 胜地心苑 宜和佳苑第一党小组 宜和佳苑1号网格"
    assert tree.problems() == []


def test_moving_to_another_street(town):
    tree.move(node=town.estate, to=town.other_community, at=MONDAY)
    assert fresh(town.grid).tree_id == fresh(town.other_street).tree_id
    assert tree.problems() == []


@pytest.mark.parametrize(
    ("node", "to", "words"),
    [
        ("street", "other_street", "街道不能移动"),
        ("grid", "estate", "只能移到另一个党小组"),
        ("estate", "estate", "只能移到另一个社区"),
        ("estate", "community", "已经在宜和社区下面"),
        ("grid", "group", "已经在"),
    ],
)
def test_moves_that_make_no_sense_are_refused(town, node, to, words):
    with pytest.raises(ValidationError, match=words):
        tree.move(node=getattr(town, node), to=getattr(town, to), at=MONDAY)
    assert tree.problems() == []


def test_a_name_taken_at_the_target_is_refused(town):
    other = tree.add(parent=town.estate, name="第二党小组")
    tree.add(parent=other, name="宜和佳苑1号网格")
    with pytest.raises(ValidationError, match="下面已有"):
        tree.move(node=town.grid, to=other, at=MONDAY)


def test_merging_hands_over_children_doors_and_posts(town, grid_leader):
    tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    gone = fresh(town.grid)
    assert (gone.retired_at, gone.successor) == (MONDAY, town.next_grid)
    assert Building.objects.get().grid == town.next_grid
    assert Post.objects.get(person=grid_leader).until_at == MONDAY
    assert tree.problems() == []


def test_merging_estates_brings_groups_and_doors_together(town):
    other = tree.add(parent=town.community, name="胜地心苑")
    group = tree.add(parent=other, name="胜地心苑第一党小组")
    cover(name="9幢", unit="", grid=tree.add(parent=group, name="胜地1号网格"))
    tree.merge(source=other, into=town.estate, at=MONDAY)
    assert fresh(group).parent == town.estate
    assert set(Building.objects.values_list("estate", flat=True)) == {town.estate.pk}
    assert tree.problems() == []


def test_what_was_merged_away_before_stays_when_its_parent_is_merged(town):
    old = tree.add(parent=town.group, name="3号网格")
    tree.merge(source=old, into=town.grid, at=MONDAY)
    other = tree.add(parent=town.estate, name="第二党小组")
    tree.add(parent=other, name="3号网格")  # a name that stands nowhere else any more
    tree.merge(source=town.group, into=other, at=MONDAY)
    assert fresh(old).parent_id == town.group.pk
    assert {fresh(node).parent_id for node in (town.grid, town.next_grid)} == {other.pk}
    assert tree.problems() == []


def test_what_was_merged_away_is_no_part_of_a_split(town):
    old = tree.add(parent=town.group, name="3号网格")
    tree.merge(source=old, into=town.grid, at=MONDAY)
    with pytest.raises(ValidationError, match="已不在这个网格里"):
        tree.split(node=town.group, parts=[tree.Part("第二党小组", children=(old.pk,))], at=MONDAY)


def test_merging_is_refused_where_names_or_doors_clash(town):
    other = tree.add(parent=town.community, name="胜地心苑")
    tree.add(parent=other, name="宜和佳苑第一党小组")
    with pytest.raises(ValidationError, match="下面已有：宜和佳苑第一党小组"):
        tree.merge(source=other, into=town.estate, at=MONDAY)
    third = tree.add(parent=town.community, name="锦绣小区")
    cover(
        name="3幢",
        unit="1单元",
        grid=tree.add(parent=tree.add(parent=third, name="锦绣第一党小组"), name="锦绣1号网格"),
    )
    with pytest.raises(ValidationError, match="两个小区都有 3幢1单元"):
        tree.merge(source=third, into=town.estate, at=MONDAY)


@pytest.mark.parametrize(
    ("source", "into", "words"),
    [
        ("grid", "grid", "另一个同级"),
        ("grid", "group", "另一个同级"),
        ("street", "other_street", "区划调整"),
    ],
)
def test_merges_that_make_no_sense_are_refused(town, source, into, words):
    with pytest.raises(ValidationError, match=words):
        tree.merge(source=getattr(town, source), into=getattr(town, into), at=MONDAY)


def test_what_was_merged_away_takes_nothing_more(town):
    tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    with pytest.raises(ValidationError, match="已撤并，并入宜和佳苑2号网格"):
        tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    with pytest.raises(ValidationError, match="已撤并"):
        tree.move(node=town.grid, to=tree.add(parent=town.estate, name="第二党小组"), at=MONDAY)


def test_splitting_off_a_building(town):
    (new,) = tree.split(node=town.grid, parts=[tree.Part("3号网格", buildings=(town.building.pk,))], at=MONDAY)
    assert Building.objects.get().grid == new
    assert (new.level, new.parent) == (Level.HOUSEHOLD, town.group)
    assert tree.problems() == []


def test_splitting_off_children(town):
    (new,) = tree.split(node=town.group, parts=[tree.Part("第二党小组", children=(town.next_grid.pk,))], at=MONDAY)
    assert fresh(town.next_grid).parent == new
    assert fresh(town.grid).parent == town.group
    assert tree.problems() == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "至少列出一个"),
        ([tree.Part("空的")], "至少要有一个下级或楼栋"),
        ([tree.Part("新", buildings=(999999,))], "已不在这个网格里"),
        ([tree.Part("新", children=(999999,))], "已不在这个网格里"),
    ],
)
def test_splits_that_make_no_sense_are_refused(town, parts, words):
    with pytest.raises(ValidationError, match=words):
        tree.split(node=town.grid, parts=parts, at=MONDAY)
    assert Grid.objects.filter(parent=town.group).count() == 2


def test_a_door_in_two_parts_is_refused(town):
    parts = [tree.Part("甲", buildings=(town.building.pk,)), tree.Part("乙", buildings=(town.building.pk,))]
    with pytest.raises(ValidationError, match="只能分到一个部分"):
        tree.split(node=town.grid, parts=parts, at=MONDAY)


def test_the_preview_says_what_moves_along(request_case, town):
    lines = tree.preview([fresh(town.group)]).lines
    assert lines == ("下级网格 2 个", "楼栋 1 个", "在任职务 3 个，涉及 3 人", "未办结事项 1 件")


def test_open_cases_follow_a_merge_and_closed_ones_keep_their_place(request_case, town, resident, next_grid_leader):
    closed = submit(resident, town, key="closed")
    draw(closed, "withdraw", resident, "")
    tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    request_case.refresh_from_db()
    closed.refresh_from_db()
    assert request_case.grid == town.next_grid
    assert request_case.holder == post_of(next_grid_leader)
    assert request_case.events.filter(verb="resettle").exists()
    assert (closed.grid, closed.place) == (town.grid, "宜和佳苑 3幢1单元")


def test_a_move_is_written_into_the_story_of_open_cases(request_case, town):
    other = tree.add(parent=town.community, name="胜地心苑")
    tree.move(node=town.group, to=other, at=MONDAY)
    assert request_case.events.filter(verb="resettle").count() == 1


def test_a_merge_into_a_grid_without_a_leader_gives_open_cases_to_the_level_above_it(
    request_case, town, branch_secretary
):
    group = tree.add(parent=town.estate, name="宜和佳苑第二党小组")
    empty = tree.add(parent=group, name="宜和佳苑3号网格")
    tree.merge(source=town.grid, into=empty, at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder == post_of(branch_secretary)  # not the leader of the group it came from


def test_merging_groups_gives_what_their_leader_held_to_the_other_leader(
    request_case, town, grid_leader, group_leader, neighbour
):
    draw(request_case, "send_up", grid_leader)
    other = tree.add(parent=town.estate, name="宜和佳苑第二党小组")
    appoint(person=neighbour, role="group_leader", grid=other, from_at=MONDAY)
    tree.merge(source=town.group, into=other, at=MONDAY + timedelta(hours=1))
    request_case.refresh_from_db()
    assert request_case.grid == town.grid
    assert request_case.holder == post_of(neighbour)
    assert request_case.events.filter(verb="resettle").count() == 1


def test_a_move_gives_open_cases_to_who_answers_there_now(request_case, town, worker_at_desk, secretary, neighbour):
    draw(request_case, "transfer", worker_at_desk, post=post_of(secretary))
    appoint(person=neighbour, role="community_secretary", grid=town.other_community, from_at=MONDAY)
    tree.move(node=town.estate, to=town.other_community, at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder == post_of(neighbour)


def test_a_move_leaves_open_cases_with_a_holder_who_moved_along(request_case, town, grid_leader):
    tree.move(node=town.estate, to=town.other_community, at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder == post_of(grid_leader)
    assert not request_case.events.filter(verb="succeed").exists()


def test_a_split_gives_what_moved_to_who_answers_there_now(request_case, town, grid_leader, branch_secretary):
    draw(request_case, "send_up", grid_leader)
    tree.split(node=town.group, parts=[tree.Part("第二党小组", children=(town.grid.pk,))], at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder == post_of(branch_secretary)


@pytest.mark.django_db(transaction=True)
def test_locks_are_taken_in_one_order_whatever_moves_meanwhile(town, monkeypatch):
    """The node moved from the larger street to the smaller while we waited: the larger lock is let go first."""
    smaller, larger = town.street.pk, town.other_street.pk
    answers = iter([{town.other_street.tree_id: larger}, {town.street.tree_id: smaller}])
    monkeypatch.setattr(nested, "roots_of", lambda model, nodes: next(answers))
    held = []
    take = nested.take_lock

    def watch(model, key):
        held.append((key, _held()))
        take(model, key)

    monkeypatch.setattr(nested, "take_lock", watch)
    with transaction.atomic():
        nested.lock(town.grid)
        assert held == [(larger, set()), (smaller, set())]
        assert _held() == {smaller}


def _held() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND pid = pg_backend_pid()",
            [Lock.GRID_TREE],
        )
        return {row[0] for row in cursor.fetchall()}


def test_planting_whole_branches(town):
    estates = [
        tree.Branch("甲小区", (tree.Branch("甲第一党小组", (tree.Branch("甲1号"), tree.Branch("甲2号"))),)),
        tree.Branch("乙小区"),
    ]
    tree.plant(parent=town.community, branches=estates)
    assert tree.problems() == []
    second = Grid.objects.get(name="甲2号")
    assert second.path_words() == "熊山街道 宜和社区 甲小区 甲第一党小组 甲2号"
    assert second.code == "350725001008004"
    with pytest.raises(ValidationError, match="下面已有"):
        tree.plant(parent=town.community, branches=estates)
    with pytest.raises(ValidationError, match="最低一级"):
        tree.plant(parent=town.group, branches=[tree.Branch("丙", (tree.Branch("丁"),))])
    assert tree.problems() == []


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(st.tuples(st.sampled_from("apmgs"), st.integers(0, 999), st.integers(0, 999)), max_size=25))
def test_no_sequence_of_writes_breaks_the_trees(town, writes):
    for number, (write, first, other) in enumerate(writes):
        nodes = list(Grid.objects.order_by("pk"))
        node, target = nodes[first % len(nodes)], nodes[other % len(nodes)]
        try:
            if write == "a":
                tree.add(parent=node, name=f"新{number}")
            elif write == "p":
                tree.plant(parent=node, branches=[tree.Branch(f"枝{number}", (tree.Branch(f"叶{number}"),))])
            elif write == "m":
                tree.move(node=node, to=target, at=MONDAY)
            elif write == "g":
                tree.merge(source=node, into=target, at=MONDAY)
            else:
                children = tuple(node.get_children().filter(retired_at=None).values_list("pk", flat=True)[:1])
                tree.split(node=node, parts=[tree.Part(f"分{number}", children)], at=MONDAY)
        except ValidationError:
            continue
        assert tree.problems() == []


def test_problems_sees_broken_numbers(town):
    Grid.objects.filter(pk=town.grid.pk).update(lft=1)
    assert any("重复或缺号" in problem for problem in tree.problems())
    Grid.objects.filter(pk=town.grid.pk).update(level=2)
    assert any(f"网格 {town.grid.pk}" in problem for problem in tree.problems())
