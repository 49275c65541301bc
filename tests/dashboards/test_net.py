"""政和一张网: what everybody may see, each figure with what is behind it, nobody recognisable."""

from hypothesis import given
from hypothesis import strategies as st

from dashboards.figures.counting import count
from dashboards.figures.public import LEAST, merged
from tests.dashboards.test_board import figures_on
from tests.support.cast import MONDAY


def test_every_figure_opens_what_is_behind_it(client, request_case, town):
    count(at=MONDAY)
    page = client.get("/net/").content.decode()
    figures = figures_on(page)
    assert (2, "/net/communities/") in figures
    assert (3, "/net/grids/") in figures
    for number, path in figures:
        behind = client.get(path).content.decode()
        assert f'data-total="{number}"' in behind, path
        assert "data-line" in behind or "data-count" in behind or number == 0, path
    assert '调解成功率 <strong class="score">—</strong>' in page


def test_posts_are_listed_by_title_and_not_by_name(client, staff, town):
    count(at=MONDAY)
    page = client.get("/net/grid_leaders/").content.decode()
    assert "宜和佳苑1号网格长" in page
    assert staff["grid_leader"].name not in page


def test_what_is_not_there(client, db):
    assert client.get("/net/opened/").status_code == 404


@given(st.lists(st.integers(0, 30), max_size=15))
def test_no_small_group_is_left_or_can_be_told_apart(counts):
    rows = [(f"社区{number}", count) for number, count in enumerate(counts)]
    shown = merged(rows)
    assert sum(count for _, count in shown) == sum(counts)
    assert all(count >= LEAST for name, count in shown if name != "其他")
    hidden = len(rows) - sum(name != "其他" for name, _ in shown)
    assert hidden != 1 or len(rows) == 1
    rest = [count for name, count in shown if name == "其他"]
    assert not rest or rest[0] >= LEAST or len(shown) == 1
