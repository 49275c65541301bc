"""The permission walk for a dispute: both parties, whoever holds it, every other role at its own place, the neighbour
community and a foreign street, at every door."""

import pytest

from cases.models import Case
from disputes.models import Dispute
from grids.models import Post
from tests.cast import post_of, signed_in
from tests.disputes.conftest import draft, meet, take_on

DOORS = ["/cases/{}/", "/cases/{}/note/", "/api/cases/{}/", "/disputes/{}/talk/"]


@pytest.fixture
def under_way(dispute, staff, neighbour) -> Case:
    """Taken on, met once, the party group's leader mediates."""
    leader = staff["group_leader"]
    take_on(dispute, leader, neighbour)
    meet(dispute, leader)
    return dispute


def sits(somebody, case: Case, resident, neighbour) -> bool:
    """The parties, and whoever leads the node that holds it."""
    return somebody.person in (resident, neighbour) or (
        somebody.role == "group_leader" and somebody.node == case.holder.grid
    )


def test_nobody_but_who_sits_on_it_finds_it(under_way, everybody, resident, neighbour):
    wrong = []
    for somebody in everybody:
        for door in DOORS:
            answer = somebody.client.get(door.format(under_way.number))
            opens = answer.status_code == 200
            if opens != (somebody.person is not None and sits(somebody, under_way, resident, neighbour)):
                wrong.append(f"{door} answers {somebody.name} with {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_pages_of_the_mediator_open_to_the_mediator_alone(under_way, everybody, staff, resident, neighbour):
    leader = staff["group_leader"]
    for door in ("/disputes/{}/plan-session/", "/disputes/{}/agreement/"):
        assert signed_in(leader).get(door.format(under_way.number)).status_code == 200
    for somebody in everybody:
        if somebody.role == "group_leader" and somebody.node == under_way.holder.grid:
            continue  # stands in for the holder
        for door in ("/disputes/{}/plan-session/", "/disputes/{}/agreement/", "/disputes/{}/parties/"):
            assert somebody.client.get(door.format(under_way.number)).status_code in {302, 404}, (door, somebody.name)


def test_only_a_level_above_may_pull_it_up_and_still_reads_nothing(under_way, everybody):
    for somebody in everybody:
        opens = somebody.client.get(f"/disputes/{under_way.number}/pull-up/").status_code == 200
        above = somebody.node is None or somebody.node.level < under_way.holder.grid.level
        assert opens == (somebody.may("supervise", under_way.grid) and above), somebody.name


def test_lists_searches_and_exports_do_not_show_it(under_way, everybody, resident, neighbour):
    for somebody in everybody:
        if somebody.person is None or sits(somebody, under_way, resident, neighbour):
            continue
        for path in ("/cases/?tab=area", "/cases/?tab=mine", "/api/cases/?list=area", "/api/cases/?list=mine"):
            assert under_way.number not in somebody.client.get(path).content.decode(), (path, somebody.name)


def test_the_desk_counts_it_and_reads_no_word_or_name(under_way, staff, resident, neighbour):
    draft(under_way, staff["group_leader"])
    page = signed_in(staff["street_cadre"]).get("/admin/disputes/dispute/").content.decode()
    assert under_way.number in page
    for secret in (resident.name, neighbour.name, resident.masked_name, "空调", "难处"):
        assert secret not in page
    assert (
        signed_in(staff["street_cadre"])
        .get("/admin/cases/case/?q=" + under_way.number)
        .content.decode()
        .count(f"/admin/cases/case/{under_way.pk}/")
        == 0
    )
    foreign = signed_in(staff["other_cadre"]).get("/admin/disputes/dispute/").content.decode()
    assert under_way.number not in foreign


def test_one_side_never_reads_what_the_other_said_alone(under_way, staff, resident, neighbour):
    signed_in(resident).post(f"/disputes/{under_way.number}/talk/", {"words": "我可以让一步，别告诉他"})
    theirs = [
        signed_in(neighbour).get(path.format(under_way.number)).content.decode()
        for path in ("/cases/{}/", "/disputes/{}/talk/", "/api/cases/{}/")
    ]
    assert not any("让一步" in page for page in theirs)
    leader = signed_in(staff["group_leader"])
    assert "让一步" in leader.get(f"/disputes/{under_way.number}/talk/").content.decode()


def test_a_post_that_ends_closes_the_dispute_at_once(under_way, staff):
    leader = staff["group_leader"]
    Post.objects.filter(pk=post_of(leader).pk).update(until_at=Dispute.objects.get().case.opened_at)
    for door in DOORS:
        assert signed_in(leader).get(door.format(under_way.number)).status_code == 404
