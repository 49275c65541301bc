"""A dispute referred to the police: what it is about, not what was said and agreed in mediation."""

import pytest

from cases.engine.turns import ArrowRefused
from tests.disputes.conftest import meet, take_on
from tests.support.cast import draw, signed_in
from tests.support.heard import heard

WHY = "一方放话要带人来"


@pytest.fixture
def mediated(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader, record="双方都说了难处，底线是三百元。")
    return dispute


def test_they_read_what_it_is_about_and_why(mediated, group_leader, police):
    draw(mediated, "refer_police", group_leader, WHY)
    page = signed_in(police).get(f"/cases/{mediated.number}/").content.decode()
    told = str(signed_in(police).get(f"/api/v1/cases/{mediated.number}/").json())
    assert WHY in page
    assert WHY in told
    assert "楼上空调滴水" in page
    for words in ("底线是三百元", "调解记录", "单独沟通"):
        assert words not in page
        assert words not in told
    for door in (f"/disputes/{mediated.number}/talk/", f"/disputes/{mediated.number}/papers/"):
        assert signed_in(police).get(door).status_code == 404


def test_parties_neither_refer_nor_read_it(mediated, group_leader, police, resident, neighbour):
    with pytest.raises(ArrowRefused):
        draw(mediated, "refer_police", resident, WHY)
    draw(mediated, "refer_police", group_leader, WHY)
    for party in (resident, neighbour):
        page = signed_in(party).get(f"/cases/{mediated.number}/").content.decode()
        assert WHY not in page
        assert "已转警格" not in page
        assert not heard("警", party)


def test_a_party_in_uniform_is_not_asked(dispute, group_leader, police, neighbour):
    dispute.dispute.parties.filter(person=neighbour).update(person=police)
    with pytest.raises(ArrowRefused, match="没有在岗的社区民警"):
        draw(dispute, "refer_police", group_leader, WHY)


def test_who_was_called_for_danger_keeps_that_seat(mediated, group_leader, police):
    draw(mediated, "report_police", group_leader, "扬言要动手")
    draw(mediated, "refer_police", group_leader, WHY)
    draw(mediated, "answer_police", police, "已约谈")
    assert signed_in(police).get(f"/cases/{mediated.number}/").status_code == 200
    with pytest.raises(ArrowRefused, match="没有等警格答复"):
        draw(mediated, "answer_police", police, "再答一次")
