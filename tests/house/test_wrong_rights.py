"""Wrong rights planted in the code that runs, one after the other: the walk finds each at the door it opens or closes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import resolve

from accounts.entry import CLOSED, SIGNED_IN, Rights
from cases.api.views import CaseViewSet
from cases.engine.access import access_case
from cases.models import Case
from grids.models import Grid
from grids.rights.entry import area
from grids.rights.jurisdiction import area_of
from residents.models import Draft
from tests.house.test_permissions import case, walk
from tests.support.addresses import address_of
from tests.support.asking import Walk
from zhenghe.rights_check import every_door_is_declared

__all__ = ["case", "walk"]
Patch = pytest.MonkeyPatch


def declare(patch: Patch, rights: Rights, **rules: Any) -> None:
    """As if it were declared so. Rights are frozen: nothing else may change them."""
    for name, rule in rules.items():
        patch.setitem(vars(rights), name, rule)


def a_page_widened(patch: Patch, walk: Walk) -> None:
    view = resolve(address_of("volunteers:plans", walk.args)).func
    declare(patch, view.rights, opens=SIGNED_IN, posts=SIGNED_IN)


def the_api_narrowed(patch: Patch, walk: Walk) -> None:
    declare(patch, CaseViewSet.list.rights, opens=CLOSED)


def a_post_widened(patch: Patch, walk: Walk) -> None:
    """Who is on duty there plans the duty of others."""
    patch.setattr("grids.desk.views._community_to_plan", lambda request, grid_id: Grid.objects.get(pk=grid_id))


def an_act_of_the_admin_widened(patch: Patch, walk: Walk) -> None:
    """Who sees a node writes it."""
    patch.setattr("grids.admin._own_node", lambda request, pk: get_object_or_404(area_of(request.user), pk=pk))


def a_verb_swapped(patch: Patch, walk: Walk) -> None:
    patch.setattr("meetings.activities.desk.area_of", lambda user, verb: area_of(user, "figures"))


def everybodys_own(patch: Patch, walk: Walk) -> None:
    patch.setattr("residents.drafts.own_draft", lambda *, person, key: Draft.objects.get(key=key))


def the_node_beside(patch: Patch, walk: Walk) -> None:
    """Whoever answers for one community answers for all of its street."""
    patch.setattr(
        "grids.rights.jurisdiction.covers", lambda post, node: node is None or post.grid.tree_id == node.tree_id
    )


def no_desk_asked_for(patch: Patch, walk: Walk) -> None:
    patch.setattr(admin.site, "has_permission", lambda request: request.user.is_authenticated)


def an_object_not_looked_at(patch: Patch, walk: Walk) -> None:
    """Whoever may see the case has its whole file."""
    patch.setattr("disputes.views.papers._handled", lambda request, number: access_case(request.user, number))


def always_true(patch: Patch, walk: Walk) -> None:
    table = admin.site._registry[Case]
    patch.setattr(table, "has_view_permission", lambda request, obj=None: True)


def a_rule_that_asks_nothing(patch: Patch, walk: Walk) -> None:
    patch.setattr("grids.rights.entry.Anywhere.admits", lambda rule, request: True)


def a_link_for_those_signed_in(patch: Patch, walk: Walk) -> None:
    declare(patch, resolve(address_of("cases:track", walk.args)).func.rights, opens=SIGNED_IN)


PLANTED: dict[Callable[[Patch, Walk], None], str] = {
    a_page_widened: "volunteers:plans",
    the_api_narrowed: "api:case-list",
    a_post_widened: "grids:duty",
    an_act_of_the_admin_widened: "admin:grids_grid_rename",
    a_verb_swapped: "meetings:activity-desk",
    everybodys_own: "residents:request-words",
    the_node_beside: "dashboards:board",
    no_desk_asked_for: "admin:grids_unit_changelist",
    an_object_not_looked_at: "disputes:file",
    always_true: "admin:cases_case_changelist",
    a_rule_that_asks_nothing: "imports:mine",
    a_link_for_those_signed_in: "cases:track",
}
"""What is wrong → the door at which it shows."""


@contextmanager
def planted(wrong: Callable[[Patch, Walk], None], walk: Walk) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        wrong(patch, walk)
        yield


def test_the_walk_finds_what_is_wrong(walk):
    for wrong, door in PLANTED.items():
        assert walk.wrong_at(door) == []
        with planted(wrong, walk):
            assert walk.wrong_at(door) != [], f"{wrong.__name__} is not found at {door}"
        assert walk.wrong_at(door) == [], f"{wrong.__name__} was not taken back"


def test_a_door_that_declares_nothing_does_not_start(monkeypatch):
    assert every_door_is_declared(None) == []
    monkeypatch.delattr(resolve("/notices/").func, "rights")
    assert [fault.msg for fault in every_door_is_declared(None)] == [
        "notices:list：没有写明对谁开放，请加上 opens_to 或 rights。"
    ]


def test_a_page_that_names_nothing_to_guard_it_does_not_start(monkeypatch):
    declare(monkeypatch, resolve("/callouts/0a0b0c0d-0000-4000-8000-000000000000/").func.rights, opens=area("see"))
    assert [fault.msg for fault in every_door_is_declared(None)] == [
        "volunteers:board：规则“area:see”没有写明由哪个函数把关。"
    ]


def test_a_page_that_does_not_call_what_guards_it_does_not_start(monkeypatch):
    rights = resolve("/cases/ZH-2222-2222/").func.rights
    monkeypatch.setitem(vars(rights), "view", lambda request, number: None)
    assert [fault.msg for fault in every_door_is_declared(None)] == [
        "cases:case：页面没有调用 access_case，它的规则却由它把关。"
    ]
