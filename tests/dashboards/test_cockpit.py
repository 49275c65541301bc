"""The wall screen: live, without a word about anybody; and what staff see first in the admin."""

import time_machine

from dashboards.figures.counting import count
from tests.dashboards.test_board import figures_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import words


def test_it_names_no_person_and_no_matter(request_case, staff, town, resident):
    count(at=MONDAY)
    page = signed_in(staff["street_cadre"]).get(f"/cockpit/{town.street.pk}/").content.decode()
    assert "宜和社区 · 诉求 · 已派单" in page
    for secret in ("楼道灯", resident.name, staff["grid_leader"].name, request_case.number, request_case.place):
        assert secret not in page


def test_what_is_private_is_not_in_the_stream(request_case, staff, town):
    request_case.is_private = True
    request_case.save()
    page = signed_in(staff["street_cadre"]).get(f"/cockpit/{town.street.pk}/").content.decode()
    assert "已派单" not in page


def test_what_is_between_offices_is_not_in_the_stream(request_case, staff, town, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "ask_extension", grid_leader, "等配件", amount=2)
    page = signed_in(staff["street_cadre"]).get(f"/cockpit/{town.street.pk}/").content.decode()
    assert "宜和社区 · 诉求 · 已签收" in page
    assert "已申请延期" not in page


def test_the_live_part_alone_is_asked_for_again(request_case, staff, town):
    client = signed_in(staff["street_cadre"])
    live = client.get(f"/cockpit/{town.street.pk}/?part=live").content.decode()
    assert "<html" not in live
    assert 'class="clock"' in live
    before = dict.fromkeys(path for _, path in figures_on(live))
    count(at=MONDAY)
    after = client.get(f"/cockpit/{town.street.pk}/?part=live").content.decode()
    assert (1, next(path for path in before if "open/" in path)) in figures_on(after)


def test_figures_of_the_wall_open_their_lists(request_case, staff, town):
    count(at=MONDAY)
    client = signed_in(staff["county_admin"])
    figures = figures_on(client.get("/cockpit/").content.decode())
    assert len(figures) > 15
    for number, path in figures:
        page = client.get(path).content.decode()
        assert f'data-total="{number}"' in page, path
        assert page.count("data-line") == min(number, 25), path


def test_a_foreign_screen_is_closed(staff, town):
    client = signed_in(staff["community_secretary"])
    assert client.get("/cockpit/").status_code == 403
    assert client.get(f"/cockpit/{town.street.pk}/").status_code == 403


def test_staff_see_their_own_figures_first_in_the_admin(request_case, staff, town):
    count(at=MONDAY)
    client = signed_in(staff["community_secretary"])
    page = client.get("/admin/").content.decode()
    assert "宜和社区，本月" in page
    for number, path in figures_on(page):
        assert f'data-total="{number}"' in client.get(path).content.decode(), path


def test_no_share_stands_large_that_one_case_made(request_case, staff, town, resident):
    """One request, answered late: neither "0.00 %" on the wall nor "100.00 %", but both numbers."""
    draw(request_case, "sign", staff["grid_leader"])
    draw(request_case, "finish", staff["grid_leader"])
    draw(request_case, "rate", resident, score=1, is_solved=False)
    count(at=MONDAY)
    with time_machine.travel(MONDAY, tick=False):
        page = signed_in(staff["street_cadre"]).get(f"/cockpit/{town.street.pk}/?part=live")
    shares = dict(
        zip(
            words(page, "//section[@aria-label='本月']//dt"),
            words(page, "//section[@aria-label='本月']//dd"),
            strict=True,
        )
    )
    assert shares["满意率"] == "— 0 / 1 样本少"
    assert not [share for share in shares.values() if "%" in share]
