"""The page of gaps names every vacant or doubled post and every door outside a grid, and nothing else, whatever was edited."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from grids.models import Building, Grid, Post, Territory, TerritoryPost
from grids.posts import services
from grids.territory import services as territory
from grids.territory import tree as territory_tree
from grids.tree import services as tree
from grids.tree.gaps import gaps
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import inside

LEADS = {0: "street_cadre", 1: "community_secretary", 2: "branch_secretary", 3: "group_leader", 4: "grid_leader"}
EDITS = [
    "appoint",
    "vacate",
    "appoint_to",
    "vacate_of",
    "add",
    "add_territory",
    "cover",
    "uncover",
    "place",
    "release",
    "retire",
    "merge",
    "leave",
    "come_back",
    "later",
]


def in_post(post, at) -> bool:
    return post.person.is_active and post.from_at <= at and (post.until_at is None or at < post.until_at)


def by_hand(at) -> set[tuple[str, str, int]]:
    """(kind, model, key), found by looking at every row."""
    faults = set()
    posts = list(Post.objects.select_related("person"))
    for node in Grid.objects.all():
        if node.retired_at is None:
            holders = [p for p in posts if p.grid_id == node.pk and p.role == LEADS[node.level] and in_post(p, at)]
            if not holders:
                faults.add(("vacant", "grid", node.pk))
            if len(holders) > 1 and node.level > 0:
                faults.add(("doubled", "grid", node.pk))
    posts_of_five = list(TerritoryPost.objects.select_related("person"))
    for node in Territory.objects.all():
        if node.retired_at is None:
            holders = [p for p in posts_of_five if p.node_id == node.pk and in_post(p, at)]
            if not holders:
                faults.add(("vacant", "territory", node.pk))
            if len(holders) > 1:
                faults.add(("doubled", "territory", node.pk))
    for door in Building.objects.select_related("grid", "territory"):
        if door.grid is None or door.grid.retired_at:
            faults.add(("no_grid", "building", door.pk))
        if door.territory is None or door.territory.retired_at:
            faults.add(("no_territory", "building", door.pk))
    return faults


def edit(what: str, first: int, other: int, number: int, at, people: list[User]) -> None:
    """One of the things staff do, to things picked by number; refused where it makes no sense."""

    def pick(model, index):
        rows = list(model.objects.order_by("pk"))
        return rows[index % len(rows)]

    person = people[other % len(people)]
    node, place = pick(Grid, first), pick(Territory, first)
    door = pick(Building, first)
    until = at + timedelta(hours=other % 5 + 1) if other % 2 else None
    if what == "appoint":
        services.appoint(person=person, role=LEADS[node.level], grid=node, from_at=at, until_at=until)
    elif what == "vacate":
        services.vacate(post=pick(Post, first), at=at)
    elif what == "appoint_to":
        territory.appoint_to(person=person, node=place, from_at=at, until_at=until)
    elif what == "vacate_of" and TerritoryPost.objects.exists():
        territory.vacate_of(post=pick(TerritoryPost, first), at=at)
    elif what == "add":
        tree.add(parent=node, name=f"新{number}")
    elif what == "add_territory":
        territory_tree.add(parent=place, name=f"新{number}")
    elif what == "cover":
        services.cover(grid=node, name=door.name if other % 2 else f"{number}幢", unit=door.unit if other % 2 else "")
    elif what == "uncover":
        services.uncover(building=door)
    elif what == "place":
        territory_tree.place_door(building=door, node=pick(Territory, other))
    elif what == "release":
        territory_tree.release_door(building=door)
    elif what == "retire":
        territory_tree.retire(node=place, at=at)
    elif what == "merge":
        tree.merge(source=node, into=pick(Grid, other), at=at)
    elif what in {"leave", "come_back"}:
        User.objects.filter(pk=person.pk).update(is_active=what == "come_back")


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 999), st.integers(0, 999)), min_size=5, max_size=30)
)
def test_the_gaps_are_exactly_those_found_by_hand(staff, five, five_people, resident, neighbour, edits):
    people = [resident, neighbour, staff["grid_leader"], five_people["block"]]
    point = transaction.savepoint()
    at = MONDAY
    for number, (what, first, other) in enumerate(edits):
        at += timedelta(hours=1 + 3 * (what == "later"))
        try:
            with transaction.atomic():
                edit(what, first, other, number, at, people)
        except ValidationError:
            continue
    shown = [(gap.kind, gap.model, gap.key) for gap in gaps(nodes=Grid.objects.all(), at=at)]
    assert len(shown) == len(set(shown))
    assert set(shown) == by_hand(at)
    transaction.savepoint_rollback(point)


def test_the_page_says_what_is_missing_and_leads_to_where_it_is_mended(five, staff, town):
    secretary = signed_in(staff["community_secretary"])
    page = secretary.get("/grids/gaps/").content.decode()
    assert "3幢楼栋长" in page
    assert "宜和第一片区 宜和巷 宜和里" in page
    assert "东平" not in page  # another street's
    link = f"/admin/grids/territorypost/add/?node={five.block.pk}"
    assert link in page
    form = secretary.get(link).content.decode()
    assert f'value="{five.block.pk}" selected' in form
    posted = {"phone": "13900007777", "name": "新楼长", "node": five.block.pk, "from_date": "", "until_date": ""}
    assert secretary.post("/admin/grids/territorypost/add/", posted).status_code == 302
    assert "3幢楼栋长" not in secretary.get("/grids/gaps/").content.decode()


def test_doors_and_doubles_have_tabs_of_their_own(five, five_people, staff, town, neighbour):
    services.uncover(building=town.building)
    services.appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY)
    cadre = signed_in(staff["street_cadre"])
    assert "3幢1单元" in cadre.get("/grids/gaps/?tab=no_grid").content.decode()
    assert "赵建国" in inside(cadre.get("/grids/gaps/?tab=doubled"), "//*[@class='case-card']")
    assert cadre.get("/grids/gaps/?tab=else").status_code == 404
